import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../api/client';
import type { EnrolmentToken } from '../../api/types';
import { AskFirst } from '../../ui/AskFirst';
import { Moment } from '../../ui/Moment';
import { Panel } from '../../ui/Panel';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { enrolmentTokensQuery, useRevokeEnrolmentToken } from './queries';
import { tokenStateWords } from './words';

export function EnrolmentTokens({ locationId }: { locationId: string }) {
  const tokens = useQuery(enrolmentTokensQuery(useApi(), locationId));
  const revoke = useRevokeEnrolmentToken();
  const [revoking, setRevoking] = useState<EnrolmentToken | null>(null);
  if (!tokens.data?.length && !tokens.error) {
    return null;
  }
  return (
    <Panel title="Enrolment tokens" hint="What lets a new agent in. The tokens themselves are not stored." flush>
      <ProblemAlert error={tokens.error} onRetry={() => void tokens.refetch()} />
      <div className="pw-table-scroll">
        <table className="pw-table">
          <thead>
            <tr>
              <th scope="col">Begins with</th>
              <th scope="col">State</th>
              <th scope="col" className="pw-end">
                Uses left
              </th>
              <th scope="col">Made</th>
              <th scope="col">Ends</th>
              <th scope="col">
                <span className="pw-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.data?.map((token) => (
              <tr key={token.id}>
                <td>
                  <span className="pw-mono">{token.prefix}…</span>
                  {token.needsApproval && ' asks for approval'}
                  {token.replacesAgentId && ' replaces an agent'}
                </td>
                <td>{tokenStateWords[token.state]}</td>
                <td className="pw-end pw-number">{token.usesLeft}</td>
                <td>
                  <Moment at={token.createdAt} />
                </td>
                <td>
                  <Moment at={token.expiresAt} />
                </td>
                <td className="pw-end">
                  {token.state === 'usable' && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={`Revoke the token ${token.prefix}`}
                      onClick={() => setRevoking(token)}
                    >
                      Revoke
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {revoking && (
        <AskFirst
          opened
          question={`Revoke the token ${revoking.prefix}…?`}
          act="Revoke the token"
          pending={revoke.isPending}
          error={revoke.error}
          onConfirm={() => revoke.mutate(revoking.id, { onSuccess: () => setRevoking(null) })}
          onClose={() => setRevoking(null)}
        >
          No agent can enrol with it any more. Agents that already did stay.
        </AskFirst>
      )}
    </Panel>
  );
}
