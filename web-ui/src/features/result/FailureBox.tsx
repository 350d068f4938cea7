import type { Failure } from '../../api/types';
import classes from './FailureBox.module.css';
import { faultWords, nextStep } from './nextStep';
import { phaseWord } from './phases';

/** A failure in a sentence, whose it is, what the server said and what to do next. */
export function FailureBox({ failure, warning }: { failure: Failure; warning?: boolean }) {
  return (
    <div className={classes.failure} data-warning={warning || undefined}>
      <p className={classes.message}>{failure.message}</p>
      {failure.serverReply && (
        <p>
          The server said: <q className={classes.reply}>{failure.serverReply}</q>
        </p>
      )}
      <p>{nextStep(failure)}</p>
      <dl className={classes.facts}>
        <div>
          <dt>Code</dt>
          <dd className="pw-mono">{failure.code}</dd>
        </div>
        {failure.phase && (
          <div>
            <dt>Phase</dt>
            <dd>{phaseWord(failure.phase)}</dd>
          </div>
        )}
        <div>
          <dt>Lies with</dt>
          <dd>{faultWords[failure.fault]}</dd>
        </div>
      </dl>
    </div>
  );
}
