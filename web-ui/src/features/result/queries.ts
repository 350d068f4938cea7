import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Api } from '../../api/client';
import { answerOf } from '../../api/problem';
import type { Status } from '../../api/types';
import type { RunFamily } from './families';

export const ranges = {
  '1h': { word: '1 h', seconds: 3_600, everySeconds: 0 },
  '6h': { word: '6 h', seconds: 6 * 3_600, everySeconds: 0 },
  '24h': { word: '24 h', seconds: 24 * 3_600, everySeconds: 60 },
  '7d': { word: '7 d', seconds: 7 * 24 * 3_600, everySeconds: 300 },
} as const;

export type Range = keyof typeof ranges;

/**
 * Timings for the charts. Short ranges follow every run through events; long ones, in which one run is a fraction
 * of a pixel and the answer is large, are fetched anew now and then.
 */
export function seriesQuery(api: Api, monitorId: string, range: Range) {
  const { seconds, everySeconds } = ranges[range];
  const live = everySeconds === 0;
  return queryOptions({
    queryKey: live ? (['monitor', monitorId, 'series', range] as const) : (['series', monitorId, range] as const),
    queryFn: () => {
      const to = new Date();
      const from = new Date(to.getTime() - seconds * 1_000);
      return answerOf(
        api.GET('/api/v1/monitors/{id}/series', {
          params: { path: { id: monitorId }, query: { from: from.toISOString(), to: to.toISOString() } },
        }),
      );
    },
    refetchInterval: live ? false : everySeconds * 1_000,
  });
}

export interface RunFilter {
  locationId?: string;
  addressFamily?: RunFamily;
  status?: Status;
}

const runsPerPage = 25;

export function resultsQuery(api: Api, monitorId: string, filter: RunFilter) {
  return infiniteQueryOptions({
    queryKey: ['monitor', monitorId, 'results', filter] as const,
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/api/v1/monitors/{id}/results', {
          params: { path: { id: monitorId }, query: { ...filter, limit: runsPerPage, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  });
}

/** One run with transcript and chain. A run never changes, so it is fetched once. */
export function resultQuery(api: Api, monitorId: string, resultId: string) {
  return queryOptions({
    queryKey: ['result', monitorId, resultId] as const,
    queryFn: () =>
      answerOf(api.GET('/api/v1/monitors/{id}/results/{resultId}', { params: { path: { id: monitorId, resultId } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
