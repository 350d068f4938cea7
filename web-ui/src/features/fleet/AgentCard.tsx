import { Button, Group, Modal, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Agent } from '../../api/types';
import { AskFirst } from '../../ui/AskFirst';
import { errorAt, otherErrors } from '../../ui/fieldErrors';
import { IconAlertTriangleFilled, IconCheck, IconHourglass, IconPlugConnectedX, IconTool } from '../../ui/icons';
import { Moment } from '../../ui/Moment';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { exactTime, millis } from '../../ui/time';
import { count } from '../../ui/words';
import classes from './AgentCard.module.css';
import { AgentGaps } from './AgentGaps';
import { useDeleteAgent, useMaintainAgent, useRenameAgent, useRevokeAgent } from './queries';
import { AgentStateMark, MaintenanceMark } from './StateMark';

interface AgentCardProps {
  agent: Agent;
  /** How many other agents of the location are connected and not in maintenance. */
  others: number;
  editable: boolean;
}

/** One agent: is it there, is it well, does it run what it should. */
export function AgentCard({ agent, others, editable }: AgentCardProps) {
  const [open, setOpen] = useState<'rename' | 'maintain' | 'return' | 'revoke' | 'delete' | null>(null);
  const close = () => setOpen(null);
  const maintain = useMaintainAgent(agent.id);
  const maintained = agent.maintenanceSince != null;
  const deletable = agent.state === 'revoked' || agent.state === 'never-connected';
  return (
    <article className={classes.agent} aria-label={agent.name}>
      <div className={classes.head}>
        <h3 className={classes.name}>{agent.name}</h3>
        <AgentStateMark state={agent.state} />
        {maintained && agent.state !== 'revoked' && <MaintenanceMark />}
        <span className="pw-dimmed">{presence(agent)}</span>
        {editable && (
          <Group gap={6} className={classes.actions}>
            <Button size="compact-xs" variant="default" onClick={() => setOpen('rename')}>
              Rename
            </Button>
            {agent.state !== 'revoked' && (
              <Button size="compact-xs" variant="default" onClick={() => setOpen(maintained ? 'return' : 'maintain')}>
                {maintained ? 'Take back' : 'Put into maintenance'}
              </Button>
            )}
            {agent.state !== 'revoked' && (
              <Button size="compact-xs" variant="default" onClick={() => setOpen('revoke')}>
                Revoke
              </Button>
            )}
            {deletable && (
              <Button size="compact-xs" variant="default" onClick={() => setOpen('delete')}>
                Delete
              </Button>
            )}
          </Group>
        )}
      </div>
      <dl className={classes.facts}>
        {factsOf(agent).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {agent.state !== 'revoked' && agent.maintenanceSince != null && (
        <p className={classes.sync}>
          <IconTool className="pw-icon" aria-hidden /> It is given nothing to run since{' '}
          <Moment at={agent.maintenanceSince}>{exactTime(new Date(agent.maintenanceSince))}</Moment>.
        </p>
      )}
      {showsSync(agent) && <Sync agent={agent} />}
      <AgentGaps agent={agent} />
      <p role="status" className={classes.answer}>
        {maintain.data?.message}
      </p>
      {open === 'rename' && <RenameAgent agent={agent} onClose={close} />}
      {open === 'maintain' && <MaintainAgent agent={agent} others={others} maintain={maintain} onClose={close} />}
      {open === 'return' && <TakeBackAgent agent={agent} maintain={maintain} onClose={close} />}
      {open === 'revoke' && <RevokeAgent agent={agent} onClose={close} />}
      {open === 'delete' && <DeleteAgent agent={agent} onClose={close} />}
    </article>
  );
}

/** Of an agent in maintenance, only what still has to reach it. */
function showsSync({ state, sync, maintenanceSince }: Agent): boolean {
  return (
    state !== 'revoked' &&
    state !== 'never-connected' &&
    !(maintenanceSince && (sync.state === 'in-sync' || sync.state === 'unknown'))
  );
}

function presence(agent: Agent): ReactNode {
  switch (agent.state) {
    case 'online':
      return agent.connectedAt ? (
        <>
          connected <Moment at={agent.connectedAt} />
        </>
      ) : null;
    case 'offline':
      return agent.lastSeenAt ? (
        <>
          last seen <Moment at={agent.lastSeenAt} />
        </>
      ) : null;
    case 'never-connected':
      return (
        <>
          enrolled <Moment at={agent.createdAt} />, no session since
        </>
      );
    case 'revoked':
      return 'is not let in any more';
  }
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
  add('Last seen', agent.lastSeenAt && <Moment at={agent.lastSeenAt} />);
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
  add('Results kept back', agent.spoolRows);
  add('Addresses', familiesOf(agent));
  add('Way out', agent.blockedPorts.length > 0 && <Worrying>{blockedOf(agent.blockedPorts)}</Worrying>);
  add('Knows', agent.checkTypes.join(', '));
  add('Its certificate ends', agent.certificateNotAfter && <Moment at={agent.certificateNotAfter} />);
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

type Maintain = ReturnType<typeof useMaintainAgent>;

interface MaintainProps {
  agent: Agent;
  maintain: Maintain;
  onClose: () => void;
}

function MaintainAgent({ agent, others, maintain, onClose }: MaintainProps & { others: number }) {
  return (
    <AskFirst
      opened
      question={`Put ${agent.name} into maintenance?`}
      act="Put it into maintenance"
      keep="Leave it at work"
      calm={others > 0}
      pending={maintain.isPending}
      error={maintain.error}
      onConfirm={() => maintain.mutate(true, { onSuccess: onClose })}
      onClose={onClose}
    >
      {others > 0 ? (
        <>
          The {count(agent.assignments, 'check')} it runs move to{' '}
          {others === 1 ? 'the other agent' : `${others} other agents`} of {agent.locationName} at once. It stays
          connected and runs nothing until you take it back.
        </>
      ) : (
        <>
          <strong>No other agent of {agent.locationName} is at work.</strong> The {count(agent.assignments, 'check')} it
          runs stop: nothing is checked from {agent.locationName} until you take it back or another agent connects.
        </>
      )}
    </AskFirst>
  );
}

function TakeBackAgent({ agent, maintain, onClose }: MaintainProps) {
  return (
    <AskFirst
      opened
      question={`Take ${agent.name} back from maintenance?`}
      act="Take it back"
      keep="Leave it in maintenance"
      calm
      pending={maintain.isPending}
      error={maintain.error}
      onConfirm={() => maintain.mutate(false, { onSuccess: onClose })}
      onClose={onClose}
    >
      {agent.state === 'online'
        ? `It gets its share of the checks of ${agent.locationName} at once.`
        : `It gets its share of the checks of ${agent.locationName} as soon as it connects.`}
    </AskFirst>
  );
}

function RenameAgent({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const rename = useRenameAgent(agent);
  const [name, setName] = useState(agent.name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate(name.trim(), { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={`Rename ${agent.name}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} className="pw-stack">
        <ProblemAlert error={otherErrors(rename.error, ['name'])} title="Not renamed" />
        <TextInput
          label="Name"
          required
          withAsterisk={false}
          data-autofocus
          maxLength={100}
          error={errorAt(rename.error, 'name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={rename.isPending}>
            Save
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function RevokeAgent({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const revoke = useRevokeAgent(agent.id);
  return (
    <AskFirst
      opened
      question={`Revoke ${agent.name}?`}
      act="Revoke the agent"
      pending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      Its session ends within seconds and its certificate is never let in again. The {count(agent.assignments, 'check')}{' '}
      it runs move to other agents of {agent.locationName}, if there are any. The host needs a new token to come back.
    </AskFirst>
  );
}

function DeleteAgent({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const remove = useDeleteAgent(agent.id);
  return (
    <AskFirst
      opened
      question={`Delete ${agent.name}?`}
      act="Delete the agent"
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      It vanishes from this list. The results it measured stay.
    </AskFirst>
  );
}
