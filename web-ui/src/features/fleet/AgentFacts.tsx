import type { ReactNode } from 'react';
import type { Agent } from '../../api/types';
import { IconAlertTriangleFilled } from '../../ui/icons';
import { Moment } from '../../ui/Moment';
import { millis } from '../../ui/time';
import classes from './AgentCard.module.css';

/** Where an agent runs, how it does, what it knows: what is not known is left out. */
export function AgentFacts({ agent }: { agent: Agent }) {
  return (
    <dl className={classes.facts}>
      {factsOf(agent).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const worryingLagMillis = 1_000;
const worryingOffsetMillis = 2_000;

function factsOf(agent: Agent): [string, ReactNode][] {
  const facts: [string, ReactNode][] = [];
  const add = (name: string, value: ReactNode | undefined | null) => {
    if (value !== undefined && value !== null && value !== '') {
      facts.push([name, value]);
    }
  };
  add('Host', agent.hostname);
  add('System', agent.os);
  add('Version', agent.version);
  // Of a lost one its presence says it.
  add('Last seen', agent.state !== 'offline' && agent.lastSeenAt && <Moment at={agent.lastSeenAt} />);
  add('Checks', agent.assignments);
  if (agent.state === 'online') {
    addLoad(agent, add);
  }
  add(
    'Clock off by',
    agent.clockOffsetMillis != null && (
      <Measured value={Math.abs(agent.clockOffsetMillis)} worrying={worryingOffsetMillis} />
    ),
  );
  add('Results not sent yet', agent.spoolRows);
  add('Addresses', familiesOf(agent));
  add('Way out', agent.blockedPorts.length > 0 && <Worrying>{blockedOf(agent.blockedPorts)}</Worrying>);
  add('Knows', agent.checkTypes.join(', '));
  add('Secrets of its host', agent.localSecrets.join(', '));
  add('Its certificate ends', agent.certificateNotAfter && <Moment at={agent.certificateNotAfter} />);
  add('Expired certificates renewed', agent.identity.expiredRenewals > 0 && agent.identity.expiredRenewals);
  return facts.filter(([, value]) => value !== false);
}

/** What the last minute was like: of an agent that was lost nobody knows. */
function addLoad(agent: Agent, add: (name: string, value: ReactNode | undefined) => void) {
  const { runsPerMinute, scheduleLagMillis } = agent;
  add('Runs per minute', runsPerMinute?.toFixed(1));
  add(
    'Runs begin late by',
    scheduleLagMillis != null && runsPerMinute !== 0 && (
      <Measured value={scheduleLagMillis} worrying={worryingLagMillis}>
        {' '}
        at most
      </Measured>
    ),
  );
  add('Skipped runs', skippedOf(agent));
}

function Measured({ value, worrying, children }: { value: number; worrying: number; children?: ReactNode }) {
  const told = (
    <>
      {millis(value)}
      {children}
    </>
  );
  return value < worrying ? <span>{told}</span> : <Worrying>{told}</Worrying>;
}

/** Runs that were due and did not begin: the one before still went on, or the agent had no room. */
function skippedOf(agent: Agent): ReactNode {
  const { skippedRuns, skippedRunsLastMinute } = agent;
  if (skippedRuns == null || skippedRunsLastMinute == null) {
    return null;
  }
  if (skippedRunsLastMinute > 0) {
    return (
      <Worrying>
        {skippedRunsLastMinute} in the last minute, {skippedRuns} since it connected
      </Worrying>
    );
  }
  return skippedRuns > 0 ? `${skippedRuns} since it connected, none in the last minute` : 'none';
}

function Worrying({ children }: { children: ReactNode }) {
  return (
    <span className={classes.worrying}>
      <IconAlertTriangleFilled className="pw-icon" role="img" aria-label="Warning:" /> {children}
    </span>
  );
}

/** No server is blamed for failures to connect there: such runs are told as no-egress. */
function blockedOf(ports: number[]): string {
  return `${ports.map((port) => `port ${port}`).join(', ')} blocked`;
}

function familiesOf(agent: Agent): string | null {
  if (agent.ipv4 == null && agent.ipv6 == null) {
    return null;
  }
  if (agent.ipv4 && agent.ipv6) {
    return 'IPv4 and IPv6';
  }
  if (agent.ipv4) {
    return 'IPv4, no IPv6';
  }
  return agent.ipv6 ? 'IPv6, no IPv4' : 'none';
}
