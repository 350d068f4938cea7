import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
  redirect,
} from '@tanstack/react-router';
import type { Api } from '../api/client';
import { AuditPage } from '../features/audit/AuditPage';
import { readAuditSearch } from '../features/audit/auditSearch';
import { AuthorityPage } from '../features/enrolment/AuthorityPage';
import { LocationPage } from '../features/fleet/LocationPage';
import { LocationsPage } from '../features/fleet/LocationsPage';
import { OperatorsPage } from '../features/identity/OperatorsPage';
import { SetupPage } from '../features/identity/SetupPage';
import { SignInPage } from '../features/identity/SignInPage';
import { currentTenant, sessionQuery, setupStateQuery } from '../features/identity/session';
import { ComponentsPage } from '../features/inventory/ComponentsPage';
import { AddMonitorPage, EditMonitorPage } from '../features/monitor/form/MonitorFormPages';
import { readListSearch } from '../features/monitor/listSearch';
import { MonitorsPage } from '../features/monitor/MonitorsPage';
import { readMonitorSearch } from '../features/monitor/monitorSearch';
import { DomainsPage } from '../features/proof/DomainsPage';
import { BrokenConsole, BrokenPage } from './BrokenPage';
import { LonePage } from './LonePage';
import { NotFoundPage } from './NotFoundPage';
import { RootFrame } from './RootFrame';
import { SignedIn } from './SignedIn';

interface RouterContext {
  api: Api;
  queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<RouterContext>()({
  component: RootFrame,
  notFoundComponent: () => (
    <LonePage>
      <NotFoundPage />
    </LonePage>
  ),
  errorComponent: BrokenConsole,
});

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'setup',
  validateSearch: (search): { token?: string } => ({ token: textOf(search.token) }),
  component: () => <SetupPage token={setupRoute.useSearch().token} />,
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'sign-in',
  validateSearch: (search): { back?: string } => ({ back: textOf(search.back) }),
  beforeLoad: async ({ context }) => {
    if (await context.queryClient.ensureQueryData(sessionQuery(context.api))) {
      throw redirect({ to: '/' });
    }
    if ((await context.queryClient.fetchQuery(setupStateQuery(context.api))).needed) {
      throw redirect({ to: '/setup' });
    }
  },
  component: () => <SignInPage back={signInRoute.useSearch().back} />,
});

/** The route around all pages that need a session. */
export const consoleRouteId = '/console';

const consoleRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'console',
  beforeLoad: async ({ context, location }) => {
    if (!(await context.queryClient.ensureQueryData(sessionQuery(context.api)))) {
      throw redirect({ to: '/sign-in', search: { back: location.href } });
    }
  },
  component: SignedIn,
  errorComponent: BrokenConsole,
  notFoundComponent: NotFoundPage,
});

const homeRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: '/',
  beforeLoad: async ({ context }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery(context.api));
    const operates = currentTenant(session)?.role === 'OPERATOR';
    throw redirect({ to: operates ? '/locations' : '/monitors', replace: true });
  },
});

const monitorsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: 'monitors',
  validateSearch: readListSearch,
  component: function Monitors() {
    const navigate = monitorsRoute.useNavigate();
    return (
      <MonitorsPage
        search={monitorsRoute.useSearch()}
        onSearch={(search) => void navigate({ search, replace: true })}
      />
    );
  },
});

const addMonitorRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: 'monitors/new',
  component: AddMonitorPage,
});

const monitorRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: 'monitors/$monitorId',
  validateSearch: readMonitorSearch,
  component: lazyRouteComponent(() => import('./MonitorRoute'), 'MonitorRoute'),
});

const editMonitorRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: 'monitors/$monitorId/edit',
  component: function EditMonitor() {
    return <EditMonitorPage monitorId={editMonitorRoute.useParams().monitorId} />;
  },
});

const locationsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: 'locations',
  component: LocationsPage,
});

const locationRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: 'locations/$locationId',
  component: function OneLocation() {
    const { locationId } = locationRoute.useParams();
    return <LocationPage key={locationId} locationId={locationId} />;
  },
});

const componentsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: 'components',
  component: ComponentsPage,
});

const operatorsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: 'operators',
  component: OperatorsPage,
});

const domainsRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: 'domains',
  validateSearch: (search): { claim?: string } => ({ claim: textOf(search.claim) }),
  component: function Domains() {
    const navigate = domainsRoute.useNavigate();
    return (
      <DomainsPage
        claim={domainsRoute.useSearch().claim}
        onClaimed={() => void navigate({ search: {}, replace: true })}
      />
    );
  },
});

const authorityRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: 'authority',
  component: AuthorityPage,
});

const auditRoute = createRoute({
  getParentRoute: () => consoleRoute,
  path: 'audit',
  validateSearch: readAuditSearch,
  component: function Audit() {
    const navigate = auditRoute.useNavigate();
    return (
      <AuditPage search={auditRoute.useSearch()} onSearch={(search) => void navigate({ search, replace: true })} />
    );
  },
});

const routeTree = rootRoute.addChildren([
  setupRoute,
  signInRoute,
  consoleRoute.addChildren([
    homeRoute,
    monitorsRoute,
    addMonitorRoute,
    monitorRoute,
    editMonitorRoute,
    locationsRoute,
    locationRoute,
    componentsRoute,
    operatorsRoute,
    domainsRoute,
    authorityRoute,
    auditRoute,
  ]),
]);

export function createConsoleRouter(context: RouterContext, history?: RouterHistory) {
  return createRouter({
    routeTree,
    context,
    history,
    basepath: new URL('.', document.baseURI).pathname,
    scrollRestoration: true,
    defaultPreload: false,
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: NotFoundPage,
  });
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : String(value);
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
