import { MantineProvider } from '@mantine/core';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type RouterHistory, RouterProvider } from '@tanstack/react-router';
import { ApiProvider, createApi } from '../api/client';
import { isSignedOut, ProblemError } from '../api/problem';
import type { Session } from '../api/types';
import { currentTenant, sessionKey } from '../features/identity/session';
import { consoleRouteId, createConsoleRouter } from './router';
import { cssVariables, theme } from './theme';

/** Everything one running console consists of; a test makes one for itself. */
export function createConsole(history?: RouterHistory) {
  const followSession = (error: unknown) => {
    if (isSignedOut(error)) {
      queryClient.setQueryData(sessionKey, null);
    } else if (error instanceof ProblemError && error.code === 'csrf-token-invalid') {
      // Somebody signed in anew in another tab: with the new session's token the next attempt passes.
      void queryClient.invalidateQueries({ queryKey: sessionKey });
    }
  };
  const queryClient: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: followSession }),
    mutationCache: new MutationCache({ onError: followSession }),
    defaultOptions: {
      queries: {
        // Events say when something changed; this is for what they can't reach.
        staleTime: 60_000,
        retry: (failures, error) => failures < 2 && (!(error instanceof ProblemError) || error.status >= 500),
      },
      mutations: { retry: false },
    },
  });
  const session = () => queryClient.getQueryData<Session | null>(sessionKey);
  const api = createApi({ session, tenantId: () => currentTenant(session())?.id });
  const router = createConsoleRouter({ api, queryClient }, history);

  // However a session ends, its pages are left and what they had loaded is forgotten.
  queryClient.getQueryCache().subscribe(({ type, query }) => {
    const ended = type === 'updated' && query.queryKey[0] === sessionKey[0] && query.state.data === null;
    if (ended && router.state.matches.some(({ routeId }) => routeId === consoleRouteId)) {
      void router
        .invalidate()
        .then(() => queryClient.removeQueries({ predicate: (each) => each.queryKey[0] !== sessionKey[0] }));
    }
  });
  return { queryClient, api, router };
}

export function Console({ queryClient, api, router }: ReturnType<typeof createConsole>) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <ApiProvider value={api}>
          <RouterProvider router={router} />
        </ApiProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
