import { type ReactNode, useId, useState } from 'react';
import classes from './Disclosure.module.css';
import { IconChevronDown, IconChevronRight } from './icons';

interface DisclosureProps {
  title: string;
  /** What is inside, in a few words. */
  summary?: ReactNode;
  startsOpen?: boolean;
  /** What is wrong inside, if anything: each time that changes, it opens by itself. */
  wrong?: unknown;
  /** Without a frame, inside of a panel. */
  inner?: boolean;
  children: ReactNode;
}

/** A part of a page that is mostly not needed: made when it is first opened, and kept when it is closed again. */
export function Disclosure({ title, summary, startsOpen = false, wrong = null, inner, children }: DisclosureProps) {
  const bodyId = useId();
  const [open, setOpen] = useState(startsOpen);
  const [made, setMade] = useState(startsOpen);
  const [seen, setSeen] = useState<unknown>(null);
  if (open && !made) {
    setMade(true);
  }
  if (wrong !== seen) {
    setSeen(wrong);
    if (wrong) {
      setOpen(true);
    }
  }
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <section className={inner ? classes.inner : classes.framed}>
      <h2 className={classes.head}>
        <button
          type="button"
          className={classes.toggle}
          aria-expanded={open}
          aria-controls={bodyId}
          onClick={() => setOpen(!open)}
        >
          <Chevron className="pw-icon" aria-hidden />
          <span>{title}</span>
          {summary && <span className={classes.summary}>{summary}</span>}
        </button>
      </h2>
      <div id={bodyId} hidden={!open} className={classes.body}>
        {made && children}
      </div>
    </section>
  );
}
