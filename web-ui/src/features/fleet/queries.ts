import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { type Api, ifMatch, useApi } from '../../api/client';
import { everyPage } from '../../api/paging';
import { answerOf, doneOf } from '../../api/problem';
import type { Agent, Location, LocationRequest } from '../../api/types';

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

export function gapsQuery(api: Api, agentId: string) {
  return queryOptions({
    queryKey: ['agents', 'gaps', agentId] as const,
    queryFn: () =>
      everyPage((cursor) =>
        answerOf(
          api.GET('/api/v1/agents/{id}/gaps', { params: { path: { id: agentId }, query: { cursor, limit: 500 } } }),
        ),
      ),
  });
}

/** Every monitor that is to run at a location. Under a root of its own: a question is not asked anew with each result. */
export function monitorsAtQuery(api: Api, locationId: string) {
  return queryOptions({
    queryKey: ['monitors-at', locationId] as const,
    queryFn: () =>
      everyPage((cursor) =>
        answerOf(api.GET('/api/v1/monitors', { params: { query: { locationId, sort: 'name', cursor, limit: 500 } } })),
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

/** After any change to the fleet everything about it is asked for again: the lists are short. */
function useRefetchFleet() {
  const queryClient = useQueryClient();
  return () => {
    for (const root of ['agents', 'enrolment-tokens', 'monitors', 'monitor']) {
      void queryClient.invalidateQueries({ queryKey: [root] });
    }
    return queryClient.invalidateQueries({ queryKey: ['locations'] });
  };
}

export function useSaveLocation(location: Location | null) {
  const api = useApi();
  const refetch = useRefetchFleet();
  return useMutation({
    mutationFn: (body: LocationRequest) =>
      location
        ? answerOf(
            api.PUT('/api/v1/locations/{id}', {
              body,
              params: { path: { id: location.id }, header: ifMatch(location.revision) },
            }),
          )
        : answerOf(api.POST('/api/v1/locations', { body })),
    onSuccess: refetch,
  });
}

/** From then on the monitors of all tenants may run there. */
export function useOpenLocation(id: string) {
  const api = useApi();
  const refetch = useRefetchFleet();
  return useMutation({
    mutationFn: () => answerOf(api.POST('/api/v1/locations/{id}/open', { params: { path: { id } } })),
    onSuccess: refetch,
  });
}

export function useDeleteLocation(id: string) {
  const api = useApi();
  const refetch = useRefetchFleet();
  return useMutation({
    mutationFn: () => doneOf(api.DELETE('/api/v1/locations/{id}', { params: { path: { id } } })),
    onSuccess: refetch,
  });
}

export function useRenameAgent(agent: Agent) {
  const api = useApi();
  const refetch = useRefetchFleet();
  return useMutation({
    mutationFn: (name: string) =>
      answerOf(
        api.PUT('/api/v1/agents/{id}', {
          body: { name },
          params: { path: { id: agent.id }, header: ifMatch(agent.revision) },
        }),
      ),
    onSuccess: refetch,
  });
}

export function useRevokeAgent(id: string) {
  const api = useApi();
  const refetch = useRefetchFleet();
  return useMutation({
    mutationFn: () => answerOf(api.POST('/api/v1/agents/{id}/revoke', { params: { path: { id } } })),
    onSuccess: refetch,
  });
}

/** Lets in an agent that waits for it, or never lets it in. */
export function useDecideOnAgent(id: string) {
  const api = useApi();
  const refetch = useRefetchFleet();
  return useMutation({
    mutationFn: (approved: boolean) => {
      const params = { params: { path: { id } } };
      return answerOf(
        approved ? api.POST('/api/v1/agents/{id}/approve', params) : api.POST('/api/v1/agents/{id}/refuse', params),
      );
    },
    onSuccess: refetch,
  });
}

/** Makes the token by which another host takes the agent's place. */
export function useReplaceAgent(id: string) {
  const api = useApi();
  const refetch = useRefetchFleet();
  return useMutation({
    mutationFn: () => answerOf(api.POST('/api/v1/agents/{id}/replacement', { params: { path: { id } } })),
    onSuccess: refetch,
  });
}

/** Puts an agent into maintenance, or takes it back. The answer says what became of its checks. */
export function useMaintainAgent(id: string) {
  const api = useApi();
  const refetch = useRefetchFleet();
  return useMutation({
    mutationFn: (maintained: boolean) => {
      const params = { params: { path: { id } } };
      return answerOf(
        maintained ? api.POST('/api/v1/agents/{id}/drain', params) : api.POST('/api/v1/agents/{id}/resume', params),
      );
    },
    onSuccess: refetch,
  });
}

export function useDeleteAgent(id: string) {
  const api = useApi();
  const refetch = useRefetchFleet();
  return useMutation({
    mutationFn: () => doneOf(api.DELETE('/api/v1/agents/{id}', { params: { path: { id } } })),
    onSuccess: refetch,
  });
}

export function useCreateEnrolmentToken(locationId: string) {
  const api = useApi();
  const refetch = useRefetchFleet();
  return useMutation({
    mutationFn: (needsApproval: boolean) =>
      answerOf(api.POST('/api/v1/enrolment-tokens', { body: { locationId, needsApproval } })),
    onSuccess: refetch,
  });
}

export function useRevokeEnrolmentToken() {
  const api = useApi();
  const refetch = useRefetchFleet();
  return useMutation({
    mutationFn: (id: string) => doneOf(api.DELETE('/api/v1/enrolment-tokens/{id}', { params: { path: { id } } })),
    onSuccess: refetch,
  });
}
