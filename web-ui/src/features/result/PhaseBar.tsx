import type { PhaseTiming } from '../../api/types';
import { millis } from '../../ui/time';
import classes from './PhaseBar.module.css';
import { inPhaseOrder, phaseColour, phaseWord } from './phases';

/** Where the time of one run went, as one bar. */
export function PhaseBar({ phases, longest, legend }: { phases: PhaseTiming[]; longest?: number; legend?: boolean }) {
  const total = phases.reduce((sum, phase) => sum + phase.durationMillis, 0);
  if (total === 0) {
    return null;
  }
  const width = longest ? Math.min(100, (100 * total) / longest) : 100;
  const words = phases.map((phase) => `${phaseWord(phase.name)} ${millis(phase.durationMillis)}`).join(', ');
  return (
    <div>
      <div className={classes.track} role="img" aria-label={words} title={words}>
        <div className={classes.bar} style={{ width: `${width}%` }}>
          {phases.map((phase) => (
            <span
              key={`${phase.name} ${phase.startMillis}`}
              style={{ flexGrow: phase.durationMillis, background: phaseColour(phase.name) }}
            />
          ))}
        </div>
      </div>
      {legend && <PhaseLegend names={phases.map(({ name }) => name)} />}
    </div>
  );
}

export function PhaseLegend({ names }: { names: Iterable<string> }) {
  return (
    <ul className={classes.legend} aria-label="Phases">
      {inPhaseOrder(names).map((name) => (
        <li key={name}>
          <span className={classes.swatch} style={{ background: phaseColour(name) }} aria-hidden />
          {phaseWord(name)}
        </li>
      ))}
    </ul>
  );
}
