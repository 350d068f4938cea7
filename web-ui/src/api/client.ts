import createClient, { type Client, type Middleware } from 'openapi-fetch';
import { createContext, useContext } from 'react';
import type { paths } from './schema';
import type { Session } from './types';

// The client adds tenant and CSRF token to each call by itself, so no call site has to name a header.
type HeadersOptional<Operation> = Operation extends { parameters: infer Parameters }
  ? Omit<Operation, 'parameters'> & {
      parameters: Omit<Parameters, 'header'> & {
        header?: Parameters extends { header?: infer Headers } ? Partial<NonNullable<Headers>> : never;
      };
    }
  : Operation;
type Paths = {
  [Path in keyof paths]: {
    [Method in keyof paths[Path]]: Method extends 'parameters'
      ? paths[Path][Method]
      : HeadersOptional<paths[Path][Method]>;
  };
};

export type Api = Client<Paths>;

/** What a request says about who sends it, and for which tenant. */
export interface Caller {
  session(): Session | null | undefined;
  tenantId(): string | undefined;
}

const reading = new Set(['GET', 'HEAD']);

export function createApi(caller: Caller): Api {
  const api = createClient<Paths>({
    baseUrl: new URL('.', document.baseURI).href.replace(/\/$/, ''),
    credentials: 'same-origin',
    // Looked up at each call, so that a test may stand in for the network.
    fetch: (request) => globalThis.fetch(request),
  });
  const headers: Middleware = {
    onRequest({ request }) {
      const tenantId = caller.tenantId();
      if (tenantId) {
        request.headers.set('Postwatch-Tenant', tenantId);
      }
      const csrfToken = caller.session()?.csrfToken;
      if (csrfToken && !reading.has(request.method)) {
        request.headers.set('Postwatch-Csrf-Token', csrfToken);
      }
      return request;
    },
  };
  api.use(headers);
  return api;
}

/** The header that makes an update fail when somebody else has changed the thing in between. */
export function ifMatch(revision: number): { 'If-Match': string } {
  return { 'If-Match': `"${revision}"` };
}

const ApiContext = createContext<Api | null>(null);

export const ApiProvider = ApiContext.Provider;

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (!api) {
    throw new Error('useApi is used outside of ApiProvider');
  }
  return api;
}
