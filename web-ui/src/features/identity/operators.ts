import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { type Api, useApi } from '../../api/client';
import { everyPage } from '../../api/paging';
import { answerOf, doneOf } from '../../api/problem';

const operatorsKey = ['operators'] as const;

export function operatorsQuery(api: Api) {
  return queryOptions({
    queryKey: operatorsKey,
    queryFn: () =>
      everyPage((cursor) => answerOf(api.GET('/api/v1/operators', { params: { query: { cursor, limit: 500 } } }))),
  });
}

function useRefetchOperators() {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: operatorsKey });
}

export function useAppointOperator() {
  const api = useApi();
  const refetch = useRefetchOperators();
  return useMutation({
    mutationFn: (email: string) => answerOf(api.POST('/api/v1/operators', { body: { email } })),
    onSuccess: refetch,
  });
}

export function useDismissOperator(id: string) {
  const api = useApi();
  const refetch = useRefetchOperators();
  return useMutation({
    mutationFn: () => doneOf(api.DELETE('/api/v1/operators/{id}', { params: { path: { id } } })),
    onSuccess: refetch,
  });
}
