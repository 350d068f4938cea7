import { queryOptions } from '@tanstack/react-query';
import type { Api } from '../../api/client';
import { everyPage } from '../../api/paging';
import { answerOf } from '../../api/problem';

export function locationsQuery(api: Api) {
  return queryOptions({
    queryKey: ['locations', 'list'] as const,
    queryFn: () =>
      everyPage((cursor) => answerOf(api.GET('/api/v1/locations', { params: { query: { cursor, limit: 500 } } }))),
  });
}

export function locationQuery(api: Api, id: string) {
  return queryOptions({
    queryKey: ['locations', id] as const,
    queryFn: () => answerOf(api.GET('/api/v1/locations/{id}', { params: { path: { id } } })),
  });
}

export function agentsQuery(api: Api, locationId: string) {
  return queryOptions({
    queryKey: ['agents', locationId] as const,
    queryFn: () =>
      everyPage((cursor) =>
        answerOf(api.GET('/api/v1/agents', { params: { query: { locationId, cursor, limit: 500 } } })),
      ),
  });
}

export function enrolmentTokensQuery(api: Api, locationId: string) {
  return queryOptions({
    queryKey: ['enrolment-tokens', locationId] as const,
    queryFn: () =>
      everyPage((cursor) =>
        answerOf(api.GET('/api/v1/enrolment-tokens', { params: { query: { locationId, cursor, limit: 500 } } })),
      ),
  });
}
