import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './PageHead.module.css';

interface PageHeadProps {
  title: string;
  /** Beside the title: a status, a kind. */
  mark?: ReactNode;
  /** One line under it. */
  children?: ReactNode;
  actions?: ReactNode;
  above?: ReactNode;
}

/** A page's title, what it is about, and what can be done with it. Takes the focus when the page is navigated to. */
export function PageHead({ title, mark, children, actions, above }: PageHeadProps) {
  useDocumentTitle(`${title} · Postwatch`);
  return (
    <header className={classes.head}>
      <div className={classes.words}>
        {above}
        <div className={classes.line}>
          <h1 className={classes.title} tabIndex={-1} data-page-title>
            {title}
          </h1>
          {mark}
        </div>
        {children && <div className={classes.below}>{children}</div>}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}
