import { Fragment } from 'react';
import type { TranscriptLine } from '../../api/types';
import { millis } from '../../ui/time';
import classes from './Transcript.module.css';

const speakers: Record<TranscriptLine['direction'], { sign: string; word: string }> = {
  client: { sign: '→', word: 'Agent' },
  server: { sign: '←', word: 'Server' },
  note: { sign: '·', word: 'Note' },
};

/** From here on, a silence is worth a line of its own. */
const longMillis = 1_000;

/** What was said, by whom and when. Credentials were removed before it left the agent. */
export function Transcript({ lines, discardedBytes }: { lines: TranscriptLine[]; discardedBytes?: number }) {
  return (
    <div className={classes.frame}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label="Transcript">
        <table className={classes.transcript}>
          <thead>
            <tr>
              <th scope="col" className={classes.time} title="Milliseconds since the run began">
                ms
              </th>
              <th scope="col">Who</th>
              <th scope="col">Said</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines are never reordered and may repeat
              <Fragment key={index}>
                <Silence millis={line.atMillis - (lines[index - 1]?.atMillis ?? line.atMillis)} />
                <tr data-direction={line.direction}>
                  <td className={classes.time}>{line.atMillis.toFixed(1)}</td>
                  <td className={classes.speaker}>
                    <span aria-hidden>{speakers[line.direction].sign}</span> {speakers[line.direction].word}
                  </td>
                  <td className={classes.text}>{line.text}</td>
                </tr>
              </Fragment>
            ))}
          </tbody>
        </table>
      </section>
      {discardedBytes ? (
        <p className={classes.more}>{discardedBytes} bytes more were read and left out of the transcript.</p>
      ) : null}
    </div>
  );
}

function Silence({ millis: silent }: { millis: number }) {
  return silent < longMillis ? null : (
    <tr data-direction="silence">
      <td />
      <td />
      <td className={classes.text}>{millis(silent)} of silence</td>
    </tr>
  );
}
