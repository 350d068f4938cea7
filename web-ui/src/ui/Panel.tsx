import { type ReactNode, useId } from 'react';
import classes from './Panel.module.css';

interface PanelProps {
  title?: string;
  hint?: ReactNode;
  actions?: ReactNode;
  /** Content to the edges, for tables. */
  flush?: boolean;
  children: ReactNode;
}

/** A bordered part of a page with its own heading. */
export function Panel({ title, hint, actions, flush, children }: PanelProps) {
  const headingId = useId();
  return (
    <section className={classes.panel} aria-labelledby={title ? headingId : undefined}>
      {(title || actions) && (
        <div className={classes.head}>
          <div className={classes.words}>
            {title && (
              <h2 className={classes.title} id={headingId}>
                {title}
              </h2>
            )}
            {hint && <div className={classes.hint}>{hint}</div>}
          </div>
          {actions && <div className={classes.actions}>{actions}</div>}
        </div>
      )}
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  );
}
