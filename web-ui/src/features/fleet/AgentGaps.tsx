import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api/client';
import type { Agent, AgentGap } from '../../api/types';
import { IconAlertTriangleFilled } from '../../ui/icons';
import { Moment } from '../../ui/Moment';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { exactSpan } from '../../ui/time';
import classes from './AgentCard.module.css';
import { gapsQuery } from './queries';

/** Results that the agent had and lost: nobody will ever see them, so at least that is said. */
export function AgentGaps({ agent }: { agent: Agent }) {
  const [listed, setListed] = useState(false);
  const { lastGap, gaps } = agent;
  if (!lastGap) {
    return null;
  }
  return (
    <div className={classes.sync} data-sync="gap">
      <p>
        <IconAlertTriangleFilled className="pw-icon" role="img" aria-label="Warning:" /> <Gap gap={lastGap} />{' '}
        {gaps > 1 && (
          <Button size="compact-xs" variant="default" aria-expanded={listed} onClick={() => setListed(!listed)}>
            {listed ? 'Show the last only' : `Show all ${countOf(gaps)} gaps`}
          </Button>
        )}
      </p>
      {listed && <AllGaps agentId={agent.id} />}
    </div>
  );
}

/** They are counted no further. */
const MOST_COUNTED = 1000;

function countOf(gaps: number): string {
  return gaps < MOST_COUNTED ? `${gaps}` : `${MOST_COUNTED} or more`;
}

function AllGaps({ agentId }: { agentId: string }) {
  const all = useQuery(gapsQuery(useApi(), agentId));
  return (
    <>
      <ProblemAlert error={all.error} onRetry={() => void all.refetch()} />
      <ul>
        {all.data?.map((gap) => (
          <li key={`${gap.toldAt} ${gap.from} ${gap.reason}`}>
            <Gap gap={gap} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Gap({ gap }: { gap: AgentGap }) {
  return (
    <>
      {gap.message} They were due {exactSpan(gap.from, gap.to)}; it said so <Moment at={gap.toldAt} />.
    </>
  );
}
