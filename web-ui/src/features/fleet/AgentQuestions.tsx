import { Button, Group, Modal, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Agent } from '../../api/types';
import { AskFirst } from '../../ui/AskFirst';
import { errorAt, otherErrors } from '../../ui/fieldErrors';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { count } from '../../ui/words';
import { useDeleteAgent, type useMaintainAgent, useRenameAgent, useRevokeAgent } from './queries';
import { SilencedMonitors } from './SilencedMonitors';

interface QuestionProps {
  agent: Agent;
  onClose: () => void;
}

interface LeavingProps extends QuestionProps {
  /** How many other agents of the location are connected and not in maintenance. */
  others: number;
}

type Maintain = ReturnType<typeof useMaintainAgent>;

/** What becomes of an agent's checks when it goes: it has none at work, others take them over, or they stop. */
function leaving({ state, maintenanceSince }: Agent, others: number): 'nothing' | 'moves' | 'stops' {
  if (state !== 'online' || maintenanceSince) {
    return 'nothing';
  }
  return others > 0 ? 'moves' : 'stops';
}

export function MaintainAgent({ agent, others, maintain, onClose }: LeavingProps & { maintain: Maintain }) {
  const place = agent.locationName;
  const words: Record<ReturnType<typeof leaving>, ReactNode> = {
    nothing: (
      <>
        It is not connected, so nothing that runs now stops. When it connects, it is given nothing to run until you take
        it back.
      </>
    ),
    moves: <>{moved(agent, others)} It stays connected and runs nothing until you take it back.</>,
    stops: (
      <>
        <p className="pw-alert-text">
          <strong>No other agent of {place} is at work.</strong> It stays connected, but nothing is checked from {place}{' '}
          until you take it back or another agent connects.
        </p>
        <SilencedMonitors locationId={agent.locationId} />
      </>
    ),
  };
  const consequence = leaving(agent, others);
  return (
    <AskFirst
      opened
      question={`Put ${agent.name} into maintenance?`}
      act="Put it into maintenance"
      keep={consequence === 'nothing' ? 'Leave it as it is' : 'Leave it at work'}
      calm={consequence !== 'stops'}
      pending={maintain.isPending}
      error={maintain.error}
      onConfirm={() => maintain.mutate(true, { onSuccess: onClose })}
      onClose={onClose}
    >
      {words[consequence]}
    </AskFirst>
  );
}

function moved({ assignments, locationName }: Agent, others: number): string {
  const who = others === 1 ? 'the other agent' : `the ${others} other agents`;
  return (
    `The ${count(assignments, 'check')} it runs ${assignments === 1 ? 'moves' : 'move'} to ${who} of ${locationName} ` +
    'at once, but for those that no other is able to run.'
  );
}

export function TakeBackAgent({ agent, maintain, onClose }: QuestionProps & { maintain: Maintain }) {
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

export function RenameAgent({ agent, onClose }: QuestionProps) {
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

export function RevokeAgent({ agent, others, onClose }: LeavingProps) {
  const revoke = useRevokeAgent(agent.id);
  const place = agent.locationName;
  const words: Record<ReturnType<typeof leaving>, ReactNode> = {
    nothing: <>It runs nothing now, so no check stops.</>,
    moves: <>{moved(agent, others)}</>,
    stops: (
      <>
        <strong>No other agent of {place} is at work:</strong> nothing is checked from {place} until another one
        connects.
      </>
    ),
  };
  const consequence = leaving(agent, others);
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
      <p className="pw-alert-text">
        {agent.state === 'online'
          ? 'Its session ends within seconds, and it is never let in again'
          : 'It is never let in again'}
        : its host needs a new token to come back. This can't be undone. {words[consequence]}
      </p>
      {consequence === 'stops' && <SilencedMonitors locationId={agent.locationId} />}
    </AskFirst>
  );
}

export function DeleteAgent({ agent, onClose }: QuestionProps) {
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
      It vanishes from this list, and what it told of lost results with it. The results it measured stay. This can't be
      undone.
    </AskFirst>
  );
}
