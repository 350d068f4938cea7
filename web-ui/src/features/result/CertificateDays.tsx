import type { Monitor } from '../../api/types';
import { IconAlertOctagonFilled, IconAlertTriangleFilled } from '../../ui/icons';
import classes from './CertificateDays.module.css';

type Level = 'fine' | 'warning' | 'error';

/** The days a certificate has left, with a sign once they are fewer than the monitor accepts. */
export function CertificateDays({
  daysLeft,
  settings,
}: {
  daysLeft: number | undefined;
  settings: Monitor['certificate'];
}) {
  if (daysLeft === undefined || daysLeft === null) {
    return <span className="pw-dimmed">–</span>;
  }
  const level = levelOf(daysLeft, settings);
  return (
    <span className={classes.days} data-level={level}>
      {level === 'error' && <IconAlertOctagonFilled className="pw-icon" role="img" aria-label="Error:" />}
      {level === 'warning' && <IconAlertTriangleFilled className="pw-icon" role="img" aria-label="Warning:" />}
      {daysLeft < 0 ? 'expired' : `${daysLeft} ${daysLeft === 1 ? 'day' : 'days'}`}
    </span>
  );
}

// Of a lifetime that isn't known here, percent can't be told in days; the status says it then.
function levelOf(daysLeft: number, settings: Monitor['certificate']): Level {
  if (daysLeft >= 0 && (settings.warningPercent || settings.errorPercent)) {
    return 'fine';
  }
  if (daysLeft < 0 || daysLeft <= (settings.errorDays ?? 7)) {
    return 'error';
  }
  return daysLeft <= (settings.warningDays ?? 21) ? 'warning' : 'fine';
}
