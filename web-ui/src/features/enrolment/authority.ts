import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { type Api, useApi } from '../../api/client';
import { answerOf } from '../../api/problem';
import type { Authority, Root } from '../../api/types';

const authorityKey = ['authority'] as const;

export function authorityQuery(api: Api) {
  return queryOptions({
    queryKey: authorityKey,
    queryFn: () => answerOf(api.GET('/api/v1/authority')),
    // What becomes of it is told by nobody: agents come, and times pass.
    refetchInterval: 10_000,
  });
}

/** Makes the next root. */
export function usePrepareRoot() {
  const api = useApi();
  return useAuthorityStep(() => answerOf(api.POST('/api/v1/authority/rotation')));
}

/** Lets the next root take over. */
export function useChangeRoot() {
  const api = useApi();
  return useAuthorityStep(() => answerOf(api.POST('/api/v1/authority/change')));
}

function useAuthorityStep(step: () => Promise<Authority>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: step,
    onSuccess: (authority) => queryClient.setQueryData(authorityKey, authority),
  });
}

/** The one that is made and doesn't issue yet. */
export function nextRoot(authority: Authority): Root | undefined {
  return authority.roots.find((root) => root.state === 'next');
}
