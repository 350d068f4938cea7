import { ActionIcon, Input, Select } from '@mantine/core';
import { IconX } from '../../../ui/icons';
import { phaseWord } from '../../result/phases';
import classes from './MonitorForm.module.css';
import { NumberField } from './NumberField';
import { limitsOf, type PhaseLimit, phasesOf, shownLimits } from './options';
import rows from './PhaseLimits.module.css';
import type { PartProps } from './parts';

/** From how many seconds a single phase is slow. */
export function PhaseLimits({ draft, change, at }: PartProps) {
  const shown = shownLimits(draft);
  const told = limitsOf(draft);
  const free = phasesOf(draft).filter((phase) => !shown.some((limit) => limit.phase === phase));
  const put = (limit: PhaseLimit) =>
    change({ phaseLimits: draft.phaseLimits.map((each) => (each.phase === limit.phase ? limit : each)) });
  // A row without a number is not told, so it has no place in the controller's list.
  const fieldOf = (limit: PhaseLimit) => `thresholds.phases[${told.indexOf(limit)}]`;
  const rowFields = shown.flatMap((limit) => partsOf(fieldOf(limit)));
  const error = at('thresholds.phases', rowFields);
  return (
    <div className={classes.whole}>
      {shown.length > 0 && (
        <ul className={rows.list} aria-label="Slow phases">
          {shown.map((limit) => {
            const [row, phaseField, warningField, errorField] = partsOf(fieldOf(limit));
            const word = phaseWord(limit.phase);
            const wrong = at(row) ?? at(phaseField);
            const seconds = { className: rows.seconds, suffix: ' s', min: 1, max: 299, holds: 0 };
            return (
              <li key={limit.phase} className={rows.row}>
                <div className={rows.phase}>
                  {word}
                  {wrong && <Input.Error role="alert">{wrong}</Input.Error>}
                </div>
                <NumberField
                  {...seconds}
                  label="Warning from"
                  aria-label={`${word}: warning from`}
                  error={at(warningField)}
                  said={limit.warningSeconds}
                  onSay={(warningSeconds) => put({ ...limit, warningSeconds })}
                />
                <NumberField
                  {...seconds}
                  label="Error from"
                  aria-label={`${word}: error from`}
                  error={at(errorField)}
                  said={limit.errorSeconds}
                  onSay={(errorSeconds) => put({ ...limit, errorSeconds })}
                />
                <ActionIcon
                  className={rows.remove}
                  variant="subtle"
                  color="gray"
                  aria-label={`No limit for: ${word}`}
                  onClick={() => change({ phaseLimits: draft.phaseLimits.filter((each) => each !== limit) })}
                >
                  <IconX className="pw-icon" aria-hidden />
                </ActionIcon>
              </li>
            );
          })}
        </ul>
      )}
      {free.length > 0 && (
        <Select
          className={rows.add}
          aria-label="Limit a single phase"
          placeholder="Limit a single phase …"
          data={free.map((phase) => ({ value: phase, label: phaseWord(phase) }))}
          value={null}
          error={error}
          onChange={(chosen) => {
            const phase = free.find((each) => each === chosen);
            if (phase) {
              const limit = { phase, warningSeconds: undefined, errorSeconds: undefined };
              change({ phaseLimits: [...draft.phaseLimits, limit] });
            }
          }}
        />
      )}
    </div>
  );
}

function partsOf(row: string): [string, string, string, string] {
  return [row, `${row}.phase`, `${row}.warningSeconds`, `${row}.errorSeconds`];
}
