import type { TranscriptLine } from '../../api/types';
import classes from './Transcript.module.css';

const speakers: Record<TranscriptLine['direction'], { sign: string; word: string }> = {
  client: { sign: '→', word: 'Agent' },
  server: { sign: '←', word: 'Server' },
  note: { sign: '·', word: 'Note' },
};

/** What was said, by whom and when. Credentials were removed before it left the agent. */
export function Transcript({ lines, discardedBytes }: { lines: TranscriptLine[]; discardedBytes?: number }) {
  return (
    <div className={classes.frame}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label="Transcript">
        <table className={classes.transcript}>
          <thead className="pw-hidden">
            <tr>
              <th scope="col">Milliseconds since the start</th>
              <th scope="col">Who</th>
              <th scope="col">Text</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines are never reordered and may repeat
              <tr key={index} data-direction={line.direction}>
                <td className={classes.time}>{line.atMillis.toFixed(1)}</td>
                <td className={classes.sign}>
                  <span aria-hidden title={speakers[line.direction].word}>
                    {speakers[line.direction].sign}
                  </span>
                  <span className="pw-hidden">{speakers[line.direction].word}</span>
                </td>
                <td className={classes.text}>{line.text}</td>
              </tr>
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
