import { Link } from '@tanstack/react-router';
import type { Agent } from '../../api/types';
import { IconAlertTriangleFilled, IconCheck, IconHourglass, IconPlugConnectedX } from '../../ui/icons';
import { Moment } from '../../ui/Moment';
import { exactTime } from '../../ui/time';
import { count } from '../../ui/words';
import classes from './AgentCard.module.css';

/** Whether an agent runs what it should. Of one in maintenance, only what still has to reach it. */
export function AgentSync({ agent }: { agent: Agent }) {
  const { state, sync, maintenanceSince } = agent;
  const atRest = maintenanceSince && (sync.state === 'in-sync' || sync.state === 'unknown');
  return state === 'revoked' || state === 'never-connected' || atRest ? null : <Sync agent={agent} />;
}

function Sync({ agent }: { agent: Agent }) {
  const { sync } = agent;
  switch (sync.state) {
    case 'in-sync':
      return (
        <p className={classes.sync} data-sync="in-sync">
          <IconCheck className="pw-icon" aria-hidden /> In sync: it runs what it should.
        </p>
      );
    case 'unknown':
      return (
        <p className={classes.sync} data-sync="unknown">
          <IconPlugConnectedX className="pw-icon" aria-hidden /> Not known
          {agent.lastSeenAt && (
            <>
              {' '}
              since <Moment at={agent.lastSeenAt}>{exactTime(new Date(agent.lastSeenAt))}</Moment>
            </>
          )}
          : when it was last heard, it ran what it should.
        </p>
      );
    case 'pending':
      return (
        <p className={classes.sync} data-sync="pending">
          <IconHourglass className="pw-icon" aria-hidden /> Pending: {pendingOf(agent)}
        </p>
      );
    case 'rejected':
      return (
        <div className={classes.sync} data-sync="rejected">
          <p>
            <IconAlertTriangleFilled className="pw-icon" aria-hidden /> It refused{' '}
            {count(sync.rejected.length, 'monitor')}:
          </p>
          <ul>
            {sync.rejected.map(({ monitorId, monitorName, reason, message }) => (
              <li key={monitorId}>
                <Link to="/monitors/$monitorId" params={{ monitorId }} className="pw-link pw-underlined">
                  {monitorName}
                </Link>{' '}
                – {message} <span className="pw-mono pw-dimmed">{reason}</span>
              </li>
            ))}
          </ul>
        </div>
      );
  }
}

function pendingOf({ state, sync, assignments }: Agent): string {
  const what =
    sync.pending > 0 ? `${sync.pending} of its ${count(assignments, 'check')}` : 'the end of checks that it ran before';
  return state === 'online' ? `${what} on the way to it.` : `${what} will be told when it connects.`;
}
