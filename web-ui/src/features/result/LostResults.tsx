import { Link } from '@tanstack/react-router';
import type { LocationGap } from '../../api/types';
import { IconAlertTriangleFilled } from '../../ui/icons';
import { exactSpan } from '../../ui/time';
import classes from './LostResults.module.css';

const mostTold = 3;

/** Why there are no runs, where an agent had them and lost them. */
export function LostResults({ gaps }: { gaps: readonly LocationGap[] }) {
  const told = gaps.slice(0, mostTold);
  const more = gaps.length - told.length;
  const [newest] = told;
  if (!newest) {
    return null;
  }
  return (
    <ul className={classes.losses}>
      {told.map(({ agentName, gap }) => (
        <li key={`${agentName} ${gap.toldAt} ${gap.from}`}>
          <IconAlertTriangleFilled className="pw-icon" role="img" aria-label="Warning:" />{' '}
          <strong>Results are missing</strong>, due {exactSpan(gap.from, gap.to)}. {gap.message}{' '}
          <span className="pw-dimmed">
            The agent is {agentName}
            {gap.rows != null && '; the number counts every monitor that it ran'}.
          </span>
        </li>
      ))}
      {more > 0 && (
        <li>
          {more} more {more === 1 ? 'gap' : 'gaps'} in this time:{' '}
          <Link
            to="/locations/$locationId"
            params={{ locationId: newest.locationId }}
            className="pw-link pw-underlined"
          >
            see its agents
          </Link>
          .
        </li>
      )}
    </ul>
  );
}
