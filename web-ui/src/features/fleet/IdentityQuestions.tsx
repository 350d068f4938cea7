import { Button, Group, Modal } from '@mantine/core';
import type { Agent } from '../../api/types';
import { AskFirst } from '../../ui/AskFirst';
import { Install } from './EnrolAgent';
import { useDecideOnAgent, useReplaceAgent } from './queries';

interface QuestionProps {
  agent: Agent;
  onClose: () => void;
}

export function ApproveAgent({ agent, onClose }: QuestionProps) {
  const decide = useDecideOnAgent(agent.id);
  return (
    <AskFirst
      opened
      question={`Approve ${agent.name}?`}
      act="Approve the agent"
      keep="Let it wait"
      calm
      pending={decide.isPending}
      error={decide.error}
      onConfirm={() => decide.mutate(true, { onSuccess: onClose })}
      onClose={onClose}
    >
      The log of its host shows this fingerprint, and no other:{' '}
      <span className="pw-mono">{agent.identity.fingerprint}</span>
    </AskFirst>
  );
}

export function RefuseAgent({ agent, onClose }: QuestionProps) {
  const decide = useDecideOnAgent(agent.id);
  return (
    <AskFirst
      opened
      question={`Refuse ${agent.name}?`}
      act="Refuse the agent"
      keep="Let it wait"
      pending={decide.isPending}
      error={decide.error}
      onConfirm={() => decide.mutate(false, { onSuccess: onClose })}
      onClose={onClose}
    >
      It is never let in: its host needs a new token and an empty state folder to ask again. This can't be undone.
    </AskFirst>
  );
}

/** First the question, then the command for the new host. */
export function ReplaceAgent({ agent, onClose }: QuestionProps) {
  const replace = useReplaceAgent(agent.id);
  if (replace.data) {
    return (
      <Modal
        opened
        onClose={onClose}
        title={`A new host for ${agent.name}`}
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <div className="pw-stack">
          <p className="pw-alert-text">
            Run this on the new host. {agent.name} stays what it is until the command has been run there.
          </p>
          <Install token={replace.data} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
          </Group>
        </div>
      </Modal>
    );
  }
  return (
    <AskFirst
      opened
      question={`Replace the host of ${agent.name}?`}
      act="Make the command"
      keep="Leave it as it is"
      pending={replace.isPending}
      error={replace.error}
      onConfirm={() => replace.mutate()}
      onClose={onClose}
    >
      You get a command for another host. Once it is run there, that host is {agent.name}, with its name, its checks and
      its history, and the old one is never let in again; what it has not sent is lost.
    </AskFirst>
  );
}
