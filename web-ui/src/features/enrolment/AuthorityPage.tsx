import { Button, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api/client';
import type { Authority, Root } from '../../api/types';
import { NotFoundPage } from '../../app/NotFoundPage';
import { AskFirst } from '../../ui/AskFirst';
import { Moment } from '../../ui/Moment';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { useMay } from '../identity/session';
import { authorityQuery, nextRoot, useChangeRoot, usePrepareRoot } from './authority';

/** By which root agents and controllers know each other. Nobody but operators is shown that there is such a page. */
export function AuthorityPage() {
  return useMay().operate ? <Roots /> : <NotFoundPage />;
}

function Roots() {
  const authority = useQuery(authorityQuery(useApi()));
  return (
    <>
      <PageHead title="Authority" actions={authority.data && <NextStep authority={authority.data} />}>
        By its certificates agents and controllers know each other. Its root is replaced by itself in good time; agents
        that are away follow when they come back.
      </PageHead>
      <ProblemAlert error={authority.error} onRetry={() => void authority.refetch()} />
      {authority.isPending && <Loader aria-label="Loading the authority" />}
      {authority.data && (
        <Panel flush>
          <div className="pw-table-scroll">
            <table className="pw-table">
              <thead>
                <tr>
                  <th scope="col">Root</th>
                  <th scope="col">Fingerprint</th>
                  <th scope="col">Good until</th>
                  <th scope="col">Agents that trust it</th>
                </tr>
              </thead>
              <tbody>
                {authority.data.roots.map((root) => (
                  <RootRow key={root.fingerprint} root={root} agents={authority.data.agents} />
                ))}
              </tbody>
            </table>
          </div>
        </Panel>
      )}
    </>
  );
}

function RootRow({ root, agents }: { root: Root; agents: number }) {
  return (
    <tr>
      <th scope="row">
        <State root={root} />
      </th>
      <td title={root.fingerprint}>
        <code>{root.fingerprint.slice(0, 16)}…</code>
      </td>
      <td>
        <Moment at={root.validUntil} />
      </td>
      <td>
        {root.agents} of {agents}
      </td>
    </tr>
  );
}

function State({ root }: { root: Root }) {
  switch (root.state) {
    case 'issuing':
      return 'Issues';
    case 'next':
      return root.issuesFrom ? (
        <>
          Takes over <Moment at={root.issuesFrom} />
        </>
      ) : (
        'Next, issues nothing yet'
      );
    default:
      return root.trustedUntil ? (
        <>
          Former, retired <Moment at={root.trustedUntil} />
        </>
      ) : (
        'Former'
      );
  }
}

function NextStep({ authority }: { authority: Authority }) {
  const [asking, setAsking] = useState(false);
  const next = nextRoot(authority);
  if (next?.issuesFrom) {
    return null;
  }
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {next ? 'Change to the next root' : 'Make the next root'}
      </Button>
      {asking && next && <ChangeRoot agents={authority.agents} next={next} onClose={() => setAsking(false)} />}
      {asking && !next && <PrepareRoot onClose={() => setAsking(false)} />}
    </>
  );
}

function PrepareRoot({ onClose }: { onClose: () => void }) {
  const prepare = usePrepareRoot();
  return (
    <AskFirst
      opened
      calm
      question="Make the next root?"
      act="Make the next root"
      keep="Not now"
      pending={prepare.isPending}
      error={prepare.error}
      onConfirm={() => prepare.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      It issues nothing until you change to it. Agents hear of it when they connect or renew, within some four days.
    </AskFirst>
  );
}

interface ChangeRootProps {
  agents: number;
  next: Root;
  onClose: () => void;
}

function ChangeRoot({ agents, next, onClose }: ChangeRootProps) {
  const change = useChangeRoot();
  const unaware = agents - next.agents;
  return (
    <AskFirst
      opened
      calm
      question="Change to the next root?"
      act="Change to the next root"
      keep="Not now"
      pending={change.isPending}
      error={change.error}
      onConfirm={() => change.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      {unaware > 0
        ? `${unaware} of ${agents} agents have not said that they know it. They find their way by the former root, which is trusted for a week more. `
        : 'All agents know it. The former root is trusted for a week more. '}
      There is no way back but to another new root.
    </AskFirst>
  );
}
