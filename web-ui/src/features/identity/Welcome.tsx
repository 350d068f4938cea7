import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Logo } from '../../ui/Logo';
import classes from './Welcome.module.css';

/** The frame of the pages before anybody is signed in. */
export function Welcome({ title, children, lead }: { title: string; lead?: ReactNode; children: ReactNode }) {
  useDocumentTitle(`${title} · Postwatch`);
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <Logo size={32} />
          <span>Postwatch</span>
        </div>
        <h1 className={classes.title} tabIndex={-1} data-page-title>
          {title}
        </h1>
        {lead && <p className={classes.lead}>{lead}</p>}
        {children}
      </div>
    </main>
  );
}
