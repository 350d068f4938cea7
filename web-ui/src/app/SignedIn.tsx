import { useQuery } from '@tanstack/react-query';
import { Navigate, useLocation } from '@tanstack/react-router';
import { useApi } from '../api/client';
import { sessionQuery } from '../features/identity/session';
import { Shell } from './Shell';

/** The console while somebody is signed in; the sign-in page as soon as nobody is any more. */
export function SignedIn() {
  const session = useQuery(sessionQuery(useApi())).data;
  const back = useLocation({ select: (location) => location.href });
  return session ? <Shell /> : <Navigate to="/sign-in" search={{ back }} replace />;
}
