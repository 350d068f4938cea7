import type { Agent } from '../../api/types';
import { IconAlertTriangleFilled, IconHourglass } from '../../ui/icons';
import { Moment } from '../../ui/Moment';
import { exactTime } from '../../ui/time';
import classes from './AgentCard.module.css';
import { cloneSignWords } from './words';

/** What keeps an agent from being let in, and what its administrator does about it. */
export function AgentIdentity({ agent }: { agent: Agent }) {
  const { fingerprint, copies, replacedAt } = agent.identity;
  if (agent.state === 'awaiting-approval') {
    return (
      <p className={classes.sync}>
        <IconHourglass className="pw-icon" aria-hidden /> It has enrolled and waits for your approval. Compare the
        fingerprint of its key with the one on its log: <span className="pw-mono">{fingerprint}</span>
      </p>
    );
  }
  if (copies) {
    return (
      <p className={classes.sync} data-sync="gap">
        <IconAlertTriangleFilled className="pw-icon" aria-hidden /> There are two copies of this agent's state folder,
        and neither has been let in since <Moment at={copies.since}>{exactTime(new Date(copies.since))}</Moment>:{' '}
        {cloneSignWords[copies.sign]}. They came from {copies.addresses.join(' and ')}. Stop both, empty their state
        folders, and replace the agent.
      </p>
    );
  }
  return replacedAt ? (
    <p className={classes.sync}>
      Its host was replaced <Moment at={replacedAt} />.
    </p>
  ) : null;
}
