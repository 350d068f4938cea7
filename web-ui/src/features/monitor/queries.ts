import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { type Api, ifMatch, useApi } from '../../api/client';
import { answerOf, doneOf } from '../../api/problem';
import type { Monitor, MonitorRequest, MonitorTestRequest } from '../../api/types';
import { listQuery, type MonitorListSearch } from './listSearch';

export const pageSize = 100;

export function monitorsQuery(api: Api, search: MonitorListSearch) {
  return infiniteQueryOptions({
    queryKey: ['monitors', 'list', search] as const,
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/api/v1/monitors', {
          params: { query: { ...listQuery(search), limit: pageSize, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  });
}

export function countsQuery(api: Api) {
  return queryOptions({
    queryKey: ['monitors', 'counts'] as const,
    queryFn: () => answerOf(api.GET('/api/v1/monitors/counts')),
  });
}

export function monitorQuery(api: Api, id: string) {
  return queryOptions({
    queryKey: ['monitor', id] as const,
    queryFn: () => answerOf(api.GET('/api/v1/monitors/{id}', { params: { path: { id } } })),
  });
}

/** What is known about the monitor after a change is put where the pages look for it. */
function useKeepMonitor() {
  const queryClient = useQueryClient();
  return (monitor: Monitor) => {
    queryClient.setQueryData(['monitor', monitor.id], monitor);
    void queryClient.invalidateQueries({ queryKey: ['monitors'] });
    void queryClient.invalidateQueries({ queryKey: ['components'] });
  };
}

export function useCreateMonitor() {
  const api = useApi();
  const keep = useKeepMonitor();
  return useMutation({
    mutationFn: ({ body, idempotencyKey }: { body: MonitorRequest; idempotencyKey: string }) =>
      answerOf(api.POST('/api/v1/monitors', { body, params: { header: { 'Idempotency-Key': idempotencyKey } } })),
    onSuccess: keep,
  });
}

export function useUpdateMonitor(id: string) {
  const api = useApi();
  const keep = useKeepMonitor();
  return useMutation({
    mutationFn: ({ body, revision }: { body: MonitorRequest; revision: number }) =>
      answerOf(api.PUT('/api/v1/monitors/{id}', { body, params: { path: { id }, header: ifMatch(revision) } })),
    onSuccess: keep,
  });
}

export function usePauseMonitor(id: string) {
  const api = useApi();
  const keep = useKeepMonitor();
  return useMutation({
    mutationFn: (pause: boolean) =>
      pause
        ? answerOf(api.POST('/api/v1/monitors/{id}/pause', { params: { path: { id } } }))
        : answerOf(api.POST('/api/v1/monitors/{id}/resume', { params: { path: { id } } })),
    onSuccess: keep,
  });
}

export function useDeleteMonitor(id: string) {
  const api = useApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => doneOf(api.DELETE('/api/v1/monitors/{id}', { params: { path: { id } } })),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['monitors'] });
      void queryClient.invalidateQueries({ queryKey: ['components'] });
    },
  });
}

const testPollMillis = 700;

/** A test's outcomes: asked for again and again while it runs, besides what events say. */
export function monitorTestQuery(api: Api, id: string | undefined) {
  return queryOptions({
    queryKey: ['monitor-test', id] as const,
    queryFn: () => answerOf(api.GET('/api/v1/monitor-tests/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: id !== undefined,
    refetchInterval: (query) => (query.state.data?.state === 'done' || query.state.error ? false : testPollMillis),
  });
}

export function useStartMonitorTest() {
  const api = useApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: MonitorTestRequest) => answerOf(api.POST('/api/v1/monitor-tests', { body })),
    onSuccess: (test) => queryClient.setQueryData(['monitor-test', test.id], test),
  });
}
