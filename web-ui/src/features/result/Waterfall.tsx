import type { PhaseTiming } from '../../api/types';
import { millis } from '../../ui/time';
import { phaseColour, phaseWord } from './phases';
import classes from './Waterfall.module.css';

interface WaterfallProps {
  phases: PhaseTiming[];
  totalMillis: number;
  /** The phase the run ended in, if it failed. */
  failedPhase?: string;
}

/** The phases of one run, one below the other, each where it began. */
export function Waterfall({ phases, totalMillis, failedPhase }: WaterfallProps) {
  if (phases.length === 0) {
    return <p className="pw-dimmed">No phase was reached.</p>;
  }
  const end = Math.max(totalMillis, ...phases.map((phase) => phase.startMillis + phase.durationMillis), 0.001);
  const last = phases.at(-1);
  return (
    <table className={classes.waterfall}>
      <caption className="pw-hidden">Phases of the run</caption>
      <thead>
        <tr>
          <th scope="col">Phase</th>
          <th scope="col">
            <span className="pw-hidden">Time line</span>
          </th>
          <th scope="col" className={`${classes.number} ${classes.from}`}>
            From
          </th>
          <th scope="col" className={classes.number}>
            Took
          </th>
        </tr>
      </thead>
      <tbody>
        {phases.map((phase) => {
          const failed = phase === last && phase.name === failedPhase;
          return (
            <tr key={`${phase.name} ${phase.startMillis}`} data-failed={failed || undefined}>
              <th scope="row">
                {phaseWord(phase.name)}
                {failed && ' – failed here'}
              </th>
              <td className={classes.line} aria-hidden>
                <div className={classes.track}>
                  <span
                    className={classes.bar}
                    style={{
                      left: `${(100 * phase.startMillis) / end}%`,
                      width: `${(100 * phase.durationMillis) / end}%`,
                      background: phaseColour(phase.name),
                    }}
                  />
                </div>
              </td>
              <td className={`${classes.number} ${classes.from}`}>{millis(phase.startMillis)}</td>
              <td className={classes.number}>{millis(phase.durationMillis)}</td>
            </tr>
          );
        })}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Whole run</th>
          <td aria-hidden />
          <td className={classes.from} />
          <td className={classes.number}>{millis(totalMillis)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
