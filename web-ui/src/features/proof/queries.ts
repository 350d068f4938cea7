import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { type Api, useApi } from '../../api/client';
import { everyPage } from '../../api/paging';
import { answerOf, doneOf } from '../../api/problem';

const proofsKey = ['domain-proofs'] as const;
/** An event says when a look is over; this is for the one that was lost. */
const lookingMillis = 3_000;

export function domainProofsQuery(api: Api) {
  return queryOptions({
    queryKey: proofsKey,
    queryFn: () =>
      everyPage((cursor) => answerOf(api.GET('/api/v1/domain-proofs', { params: { query: { cursor, limit: 500 } } }))),
    refetchInterval: (query) => (query.state.data?.some(({ checking }) => checking) ? lookingMillis : false),
  });
}

function useRefetchProofs() {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: proofsKey });
}

export function useClaimDomain() {
  const api = useApi();
  const refetch = useRefetchProofs();
  return useMutation({
    mutationFn: (domain: string) => answerOf(api.POST('/api/v1/domain-proofs', { body: { domain } })),
    onSuccess: refetch,
  });
}

export function useCheckDomain(id: string) {
  const api = useApi();
  const refetch = useRefetchProofs();
  return useMutation({
    mutationFn: () => answerOf(api.POST('/api/v1/domain-proofs/{id}/check', { params: { path: { id } } })),
    onSuccess: refetch,
  });
}

export function useWithdrawDomain(id: string) {
  const api = useApi();
  const refetch = useRefetchProofs();
  return useMutation({
    mutationFn: () => doneOf(api.DELETE('/api/v1/domain-proofs/{id}', { params: { path: { id } } })),
    onSuccess: refetch,
  });
}
