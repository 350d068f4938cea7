import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { type Api, ifMatch, useApi } from '../../api/client';
import { everyPage } from '../../api/paging';
import { answerOf, doneOf } from '../../api/problem';
import type { Component, ComponentRequest } from '../../api/types';

export function componentsQuery(api: Api) {
  return queryOptions({
    queryKey: ['components', 'list'] as const,
    queryFn: () =>
      everyPage((cursor) => answerOf(api.GET('/api/v1/components', { params: { query: { cursor, limit: 500 } } }))),
  });
}

function useRefetchComponents() {
  const queryClient = useQueryClient();
  return () => {
    void queryClient.invalidateQueries({ queryKey: ['monitors'] });
    return queryClient.invalidateQueries({ queryKey: ['components'] });
  };
}

export function useSaveComponent(component: Component | null) {
  const api = useApi();
  const refetch = useRefetchComponents();
  return useMutation({
    mutationFn: (body: ComponentRequest) =>
      component
        ? answerOf(
            api.PUT('/api/v1/components/{id}', {
              body,
              params: { path: { id: component.id }, header: ifMatch(component.revision) },
            }),
          )
        : answerOf(api.POST('/api/v1/components', { body })),
    onSuccess: refetch,
  });
}

export function useDeleteComponent(id: string) {
  const api = useApi();
  const refetch = useRefetchComponents();
  return useMutation({
    mutationFn: () => doneOf(api.DELETE('/api/v1/components/{id}', { params: { path: { id } } })),
    onSuccess: refetch,
  });
}
