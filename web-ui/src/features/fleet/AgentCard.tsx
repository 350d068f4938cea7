import { Button, Group, Modal, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Agent } from '../../api/types';
import { AskFirst } from '../../ui/AskFirst';
import { errorAt, otherErrors } from '../../ui/fieldErrors';
import { IconAlertTriangleFilled, IconCheck, IconHourglass } from '../../ui/icons';
import { Moment } from '../../ui/Moment';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { millis } from '../../ui/time';
import { count } from '../../ui/words';
import classes from './AgentCard.module.css';
import { useDeleteAgent, useRenameAgent, useRevokeAgent } from './queries';
import { AgentStateMark } from './StateMark';

/** One agent: is it there, is it well, does it run what it should. */
export function AgentCard({ agent, editable }: { agent: Agent; editable: boolean }) {
  const [open, setOpen] = useState<'rename' | 'revoke' | 'delete' | null>(null);
  const close = () => setOpen(null);
  const deletable = agent.state === 'revoked' || agent.state === 'never-connected';
  return (
    <article className={classes.agent} aria-label={agent.name}>
      <div className={classes.head}>
        <h3 className={classes.name}>{agent.name}</h3>
        <AgentStateMark state={agent.state} />
        <span className="pw-dimmed">{presence(agent)}</span>
        {editable && (
          <Group gap={6} className={classes.actions}>
            <Button size="compact-xs" variant="default" onClick={() => setOpen('rename')}>
              Rename
            </Button>
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
      {agent.state !== 'revoked' && agent.state !== 'never-connected' && <Sync agent={agent} />}
      {open === 'rename' && <RenameAgent agent={agent} onClose={close} />}
      {open === 'revoke' && <RevokeAgent agent={agent} onClose={close} />}
      {open === 'delete' && <DeleteAgent agent={agent} onClose={close} />}
    </article>
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
  add('Runs per minute', agent.runsPerMinute?.toFixed(1));
  add(
    'Lag',
    agent.scheduleLagMillis != null && <Measured value={agent.scheduleLagMillis} worrying={worryingLagMillis} />,
  );
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

function Measured({ value, worrying }: { value: number; worrying: number }) {
  return value < worrying ? <span>{millis(value)}</span> : <Worrying>{millis(value)}</Worrying>;
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
    case 'pending':
      return (
        <p className={classes.sync} data-sync="pending">
          <IconHourglass className="pw-icon" aria-hidden /> Pending: it has revision {sync.appliedRevision ?? 'none'} of{' '}
          {sync.wantedRevision}.
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
            {sync.rejected.map(({ monitorId, reason, message }) => (
              <li key={monitorId}>
                <Link to="/monitors/$monitorId" params={{ monitorId }} className="pw-link pw-underlined">
                  Monitor
                </Link>{' '}
                – {message} <span className="pw-mono pw-dimmed">{reason}</span>
              </li>
            ))}
          </ul>
        </div>
      );
  }
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
