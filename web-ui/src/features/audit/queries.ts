import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Api } from '../../api/client';
import { answerOf } from '../../api/problem';
import { type AuditSearch, auditQuery } from './auditSearch';

const entriesPerPage = 50;

export function entriesQuery(api: Api, search: AuditSearch) {
  return infiniteQueryOptions({
    queryKey: ['audit', 'list', search] as const,
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/api/v1/audit', {
          params: { query: { ...auditQuery(search), limit: entriesPerPage, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
    // Whoever comes back to the page wants to see what has just been done.
    staleTime: 0,
  });
}

export function actsQuery(api: Api) {
  return queryOptions({
    queryKey: ['audit', 'acts'] as const,
    queryFn: async () => (await answerOf(api.GET('/api/v1/audit/acts'))).items,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
