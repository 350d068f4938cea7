import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { type Api, useApi } from '../../api/client';
import { answerOf, doneOf, isSignedOut } from '../../api/problem';
import type { Session, SetupRequest, SignInRequest, TenantMembership } from '../../api/types';

export const sessionKey = ['session'] as const;

/** Who is signed in; null when nobody is. */
export function sessionQuery(api: Api) {
  return queryOptions({
    queryKey: sessionKey,
    queryFn: async (): Promise<Session | null> => {
      try {
        return await answerOf(api.GET('/api/v1/session'));
      } catch (problem) {
        if (isSignedOut(problem)) {
          return null;
        }
        throw problem;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
}

export function setupStateQuery(api: Api) {
  return queryOptions({
    queryKey: ['setup'] as const,
    queryFn: () => answerOf(api.GET('/api/v1/setup')),
    staleTime: 0,
  });
}

const chosenTenantKey = 'postwatch.tenant';

/** The platform, for those who run it. */
export function platformOf(session: Session): TenantMembership | undefined {
  return session.tenants.find(({ role }) => role === 'OPERATOR');
}

/** The tenant the console works for: the one last chosen in this browser, else the first. The platform is the last. */
export function currentTenant(session: Session | null | undefined): TenantMembership | undefined {
  const chosen = readChosenTenant();
  return session?.tenants.find((tenant) => tenant.id === chosen) ?? session?.tenants[0];
}

function readChosenTenant(): string | null {
  try {
    return localStorage.getItem(chosenTenantKey);
  } catch {
    return null;
  }
}

/** Everything cached belongs to the tenant left behind, so the console starts anew. */
export function chooseTenant(tenantId: string): void {
  localStorage.setItem(chosenTenantKey, tenantId);
  startAnew();
}

/** As after a reload: with what the session is now. */
export function startAnew(): void {
  location.assign(document.baseURI);
}

const SessionContext = createContext<Session | null>(null);

/** Gives the pages the session. They never see it end: they are gone before. */
export const SessionProvider = SessionContext.Provider;

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) {
    throw new Error('useSession is used where nobody is signed in');
  }
  return session;
}

const editing: ReadonlySet<string> = new Set(['OWNER', 'ADMIN', 'EDITOR']);
const administering: ReadonlySet<string> = new Set(['OWNER', 'ADMIN', 'OPERATOR']);

/** What the signed-in person's role allows. The controller decides; this only keeps useless buttons away. */
export function useMay(): { edit: boolean; administer: boolean; operate: boolean } {
  const role = currentTenant(useSession())?.role ?? 'VIEWER';
  return { edit: editing.has(role), administer: administering.has(role), operate: role === 'OPERATOR' };
}

export function useSignIn() {
  const api = useApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: SignInRequest) => answerOf(api.POST('/api/v1/session', { body })),
    onSuccess: (session) => queryClient.setQueryData(sessionKey, session),
  });
}

export function useSetUp() {
  const api = useApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: SetupRequest) => answerOf(api.POST('/api/v1/setup', { body })),
    onSuccess: (session) => queryClient.setQueryData(sessionKey, session),
  });
}

/** What is cached of the tenant goes with the session; see createConsole. */
export function useSignOut() {
  const api = useApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => doneOf(api.DELETE('/api/v1/session')),
    onSuccess: () => queryClient.setQueryData(sessionKey, null),
  });
}
