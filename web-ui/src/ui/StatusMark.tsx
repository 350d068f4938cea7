import type { Status } from '../api/types';
import { IconAlertOctagonFilled, IconAlertTriangleFilled, IconCircleCheckFilled, IconCircleDashed } from './icons';
import classes from './StatusMark.module.css';

export const statusWords: Record<Status, string> = {
  OK: 'OK',
  WARNING: 'Warning',
  ERROR: 'Error',
  NO_DATA: 'No data',
};

const icons = {
  OK: IconCircleCheckFilled,
  WARNING: IconAlertTriangleFilled,
  ERROR: IconAlertOctagonFilled,
  NO_DATA: IconCircleDashed,
} satisfies Record<Status, unknown>;

/** The status' sign: each differs in shape, not only in colour. */
export function StatusIcon({ status, label }: { status: Status; label?: string }) {
  const Icon = icons[status];
  return label ? (
    <Icon className={classes.icon} data-status={status} role="img" aria-label={label} />
  ) : (
    <Icon className={classes.icon} data-status={status} aria-hidden />
  );
}

/** Icon and word. */
export function StatusMark({ status, pill }: { status: Status; pill?: boolean }) {
  return (
    <span className={classes.mark} data-status={status} data-pill={pill || undefined}>
      <StatusIcon status={status} />
      {statusWords[status]}
    </span>
  );
}
