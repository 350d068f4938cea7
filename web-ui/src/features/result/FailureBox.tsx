import type { Failure } from '../../api/types';
import classes from './FailureBox.module.css';
import { FailureFacts } from './FailureFacts';

/** A failure in a sentence, whose it is, what the server said and what to do next. */
export function FailureBox({ failure, warning }: { failure: Failure; warning?: boolean }) {
  return (
    <div className={classes.failure} data-warning={warning || undefined}>
      <p className={classes.message}>{failure.message}</p>
      <FailureFacts failure={failure} />
    </div>
  );
}
