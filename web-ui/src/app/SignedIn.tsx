import { useQuery } from '@tanstack/react-query';
import { useApi } from '../api/client';
import { SessionProvider, sessionQuery } from '../features/identity/session';
import { Shell } from './Shell';

/** The console while somebody is signed in. Once nobody is, the router is already on its way to the sign-in page. */
export function SignedIn() {
  const session = useQuery(sessionQuery(useApi())).data;
  return session ? (
    <SessionProvider value={session}>
      <Shell />
    </SessionProvider>
  ) : null;
}
