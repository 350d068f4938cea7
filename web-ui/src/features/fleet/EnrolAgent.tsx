import { Button, Loader, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useApi } from '../../api/client';
import type { EnrolmentToken, Location } from '../../api/types';
import { CopyField } from '../../ui/CopyField';
import { IconCircleCheckFilled } from '../../ui/icons';
import { Panel } from '../../ui/Panel';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { clockTime } from '../../ui/time';
import classes from './EnrolAgent.module.css';
import { agentsQuery, useCreateEnrolmentToken } from './queries';

/** Makes a token and shows the command that brings an agent in, then waits for it before one's eyes. */
export function EnrolAgent({ location, onClose }: { location: Location; onClose: () => void }) {
  const create = useCreateEnrolmentToken(location.id);
  const asked = useRef(false);
  const { mutate } = create;
  useEffect(() => {
    // Strict mode runs effects twice; a token is made once.
    if (!asked.current) {
      asked.current = true;
      mutate(false);
    }
  }, [mutate]);

  return (
    <Panel
      title="Add an agent"
      hint="Run this on a host in that place. It needs to reach the controller, nothing needs to reach it."
      actions={
        <Button size="xs" variant="default" onClick={onClose}>
          Close
        </Button>
      }
    >
      <ProblemAlert error={create.error} title="No token was made" onRetry={() => mutate(false)} />
      {create.isPending && <Loader size="sm" aria-label="Making a token" />}
      {create.data && (
        <Stack gap="sm" align="stretch">
          <Install token={create.data} />
          {create.data.needsApproval ? (
            <p className={classes.once}>
              The agent then waits until you approve it here, by the fingerprint that its log shows.
            </p>
          ) : (
            <Button size="compact-xs" variant="default" className={classes.approval} onClick={() => mutate(true)}>
              Make one that asks for your approval
            </Button>
          )}
          <Arrival token={create.data} location={location} />
        </Stack>
      )}
    </Panel>
  );
}

/** The command that a new token is part of. */
export function Install({ token }: { token: EnrolmentToken }) {
  const command = token.installCommand ?? token.token ?? '';
  return (
    <div className="pw-stack">
      <CopyField value={command} label="Install command" />
      <p className={classes.once}>
        It runs in the folder with <span className="pw-mono">postwatch-agent.jar</span>,{' '}
        <span className="pw-mono">postwatch-agent.options</span> and the folder <span className="pw-mono">lib</span>. A
        build of Postwatch makes all three in <span className="pw-mono">agent/target</span>: copy them to the host,
        which needs Java 25. The same command starts the agent again.
      </p>
      <p className={classes.once}>
        The token in it is shown only now. It can be used {token.usesLeft === 1 ? 'once' : `${token.usesLeft} times`},
        until {clockTime(new Date(token.expiresAt), new Date())}.
        {token.controllerAddress && (
          <>
            {' '}
            The agent dials <span className="pw-mono">{token.controllerAddress}</span>.
          </>
        )}
      </p>
    </div>
  );
}

const pollMillis = 3_000;

/** "Waiting …" until an agent made after the token is online. */
function Arrival({ token, location }: { token: EnrolmentToken; location: Location }) {
  const agents = useQuery({ ...agentsQuery(useApi(), location.id), refetchInterval: pollMillis });
  const arrived = agents.data?.find(
    (agent) => agent.state === 'online' && Date.parse(agent.createdAt) >= Date.parse(token.createdAt),
  );
  return (
    <p className={classes.arrival} role="status" data-arrived={Boolean(arrived) || undefined}>
      {arrived ? (
        <>
          <IconCircleCheckFilled className="pw-icon" aria-hidden /> {arrived.name} is connected ✓
        </>
      ) : (
        <>
          <Loader size={14} aria-hidden /> Waiting for the agent …
        </>
      )}
    </p>
  );
}
