import { Button, Group } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Agent } from '../../api/types';
import { IconHourglass, IconTool } from '../../ui/icons';
import { Moment } from '../../ui/Moment';
import { exactTime } from '../../ui/time';
import classes from './AgentCard.module.css';
import { AgentFacts } from './AgentFacts';
import { AgentGaps } from './AgentGaps';
import { AgentIdentity } from './AgentIdentity';
import { DeleteAgent, MaintainAgent, RenameAgent, RevokeAgent, TakeBackAgent } from './AgentQuestions';
import { AgentSync } from './AgentSync';
import { ApproveAgent, RefuseAgent, ReplaceAgent } from './IdentityQuestions';
import { useMaintainAgent } from './queries';
import { AgentStateMark, MaintenanceMark } from './StateMark';

type Question = 'rename' | 'maintain' | 'return' | 'approve' | 'refuse' | 'replace' | 'revoke' | 'delete';

interface AgentCardProps {
  agent: Agent;
  /** How many other agents of the location are connected and not in maintenance. */
  others: number;
  editable: boolean;
}

/** One agent: is it there, is it well, does it run what it should. */
export function AgentCard({ agent, others, editable }: AgentCardProps) {
  const [open, setOpen] = useState<Question | null>(null);
  const close = () => setOpen(null);
  const maintain = useMaintainAgent(agent.id);
  const maintained = agent.maintenanceSince != null;
  const revoked = agent.state === 'revoked' || agent.state === 'refused';
  const awaiting = agent.state === 'awaiting-approval';
  const known = !revoked && !awaiting;
  const deletable = revoked || agent.state === 'never-connected';
  return (
    <article className={classes.agent} aria-label={agent.name}>
      <div className={classes.head}>
        <h3 className={classes.name}>{agent.name}</h3>
        <AgentStateMark state={agent.state} />
        {maintained && !revoked && <MaintenanceMark />}
        <span className="pw-dimmed">{presence(agent)}</span>
        {editable && (
          <Group gap={6} className={classes.actions}>
            {awaiting && <Act of={agent} word="Approve" onClick={() => setOpen('approve')} />}
            {awaiting && <Act of={agent} word="Refuse" onClick={() => setOpen('refuse')} />}
            <Act of={agent} word="Rename" onClick={() => setOpen('rename')} />
            {known && (
              <Act
                of={agent}
                word={maintained ? 'Take back' : 'Put into maintenance'}
                onClick={() => setOpen(maintained ? 'return' : 'maintain')}
              />
            )}
            {known && <Act of={agent} word="Replace" onClick={() => setOpen('replace')} />}
            {known && <Act of={agent} word="Revoke" onClick={() => setOpen('revoke')} />}
            {deletable && <Act of={agent} word="Delete" onClick={() => setOpen('delete')} />}
          </Group>
        )}
      </div>
      <AgentFacts agent={agent} />
      {!revoked && agent.maintenanceSince != null && (
        <p className={classes.sync}>
          <IconTool className="pw-icon" aria-hidden /> It has been given nothing to run since{' '}
          <Moment at={agent.maintenanceSince}>{exactTime(new Date(agent.maintenanceSince))}</Moment>.
        </p>
      )}
      {agent.state === 'never-connected' && (
        <p className={classes.sync}>
          <IconHourglass className="pw-icon" aria-hidden /> It has enrolled and never connected. Start it on its host;
          its log says what keeps it from connecting.
        </p>
      )}
      <AgentIdentity agent={agent} />
      {!awaiting && <AgentSync agent={agent} />}
      <AgentGaps agent={agent} />
      <p role="status" className={classes.answer}>
        {maintain.data?.message}
      </p>
      {open === 'rename' && <RenameAgent agent={agent} onClose={close} />}
      {open === 'maintain' && <MaintainAgent agent={agent} others={others} maintain={maintain} onClose={close} />}
      {open === 'return' && <TakeBackAgent agent={agent} maintain={maintain} onClose={close} />}
      {open === 'revoke' && <RevokeAgent agent={agent} others={others} onClose={close} />}
      {open === 'approve' && <ApproveAgent agent={agent} onClose={close} />}
      {open === 'refuse' && <RefuseAgent agent={agent} onClose={close} />}
      {open === 'replace' && <ReplaceAgent agent={agent} onClose={close} />}
      {open === 'delete' && <DeleteAgent agent={agent} onClose={close} />}
    </article>
  );
}

/** There is a card of these for each agent, so their names say which one is meant. */
function Act({ of: agent, word, onClick }: { of: Agent; word: string; onClick: () => void }) {
  return (
    <Button size="compact-xs" variant="default" aria-label={`${word}: ${agent.name}`} onClick={onClick}>
      {word}
    </Button>
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
          enrolled <Moment at={agent.createdAt} />
        </>
      );
    case 'awaiting-approval':
      return agent.identity.awaitingApprovalSince ? (
        <>
          asked <Moment at={agent.identity.awaitingApprovalSince} />
        </>
      ) : null;
    case 'cloned':
      return 'is not let in until it is replaced';
    case 'refused':
      return 'was not let in';
    case 'revoked':
      return 'is not let in any more';
  }
}
