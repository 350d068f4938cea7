import type { Failure } from '../../api/types';
import classes from './FailureFacts.module.css';
import { faultWords, nextStep } from './nextStep';
import { phaseWord } from './phases';

/** What follows from a failure: the next step, the server's own words, whose it is, and its code. */
export function FailureFacts({ failure, from }: { failure: Failure; from?: string }) {
  return (
    <dl className={classes.facts}>
      <div>
        <dt>Next</dt>
        <dd>{nextStep(failure)}</dd>
      </div>
      {failure.serverReply && (
        <div>
          <dt>The server said</dt>
          <dd>
            <q className={classes.reply}>{failure.serverReply}</q>
          </dd>
        </div>
      )}
      <div>
        <dt>Lies with</dt>
        <dd>
          {faultWords[failure.fault]}
          <span className={classes.aside}>
            {failure.phase && <>phase: {phaseWord(failure.phase)}</>}
            <span>
              code: <code>{failure.code}</code>
            </span>
            {from && <span>seen from {from}</span>}
          </span>
        </dd>
      </div>
    </dl>
  );
}
