import type { ReactNode } from 'react';
import classes from './Shell.module.css';

/** The frame of a page without the console's navigation around it. */
export function LonePage({ children }: { children: ReactNode }) {
  return (
    <main className={classes.main}>
      <div className={classes.page}>{children}</div>
    </main>
  );
}
