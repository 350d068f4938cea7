import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** One server-sent event: what changed, never how. */
export interface ChangeEvent {
  type: string;
  id?: string;
  revision?: number;
}

/** Which cached answers a change makes stale. An unknown type makes everything stale: newer controllers say more. */
export function staleAfter(event: ChangeEvent): QueryKey[] {
  switch (event.type) {
    case 'monitor':
      return [['monitors'], ['components'], event.id ? ['monitor', event.id] : ['monitor']];
    // The id of a result's event is that of its monitor.
    case 'result':
      return [['monitors'], event.id ? ['monitor', event.id] : ['monitor']];
    case 'monitor-test':
      return [event.id ? ['monitor-test', event.id] : ['monitor-test']];
    case 'agent':
    case 'location':
    case 'enrolment-token':
      return [['locations'], ['agents'], ['enrolment-tokens'], ['monitors'], ['monitor']];
    case 'domain-proof':
      return [['domain-proofs'], ['monitors'], ['monitor']];
    case 'component':
      return [['components']];
    default:
      return [[]];
  }
}

export type Connection = 'connecting' | 'live' | 'broken';

/** The least time between two refetches of the same thing, however many events there are. */
const calmMillis = 700;

/** What took long to fetch rests this many times as long before it is fetched again. */
const restFactor = 4;

/**
 * Gathers stale keys for a moment, so that a burst of events becomes one refetch of each key. What is being fetched
 * just then waits for its turn: a refetch that is always begun anew would never end. What is large is fetched less
 * often, so that a browser with a thousand monitors has time for its person too.
 */
export function createInvalidator(queryClient: QueryClient, calm = calmMillis) {
  const waiting = new Map<string, QueryKey>();
  const restingUntil = new Map<string, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const refetch = async (name: string, queryKey: QueryKey) => {
    const began = performance.now();
    await queryClient.invalidateQueries({ queryKey, predicate: (query) => query.queryKey[0] !== 'session' });
    const ended = performance.now();
    restingUntil.set(name, ended + restFactor * (ended - began));
  };
  const flush = () => {
    timer = undefined;
    for (const [name, queryKey] of waiting) {
      const resting = performance.now() < (restingUntil.get(name) ?? 0);
      if (!resting && queryClient.isFetching({ queryKey }) === 0) {
        waiting.delete(name);
        void refetch(name, queryKey);
      }
    }
    schedule();
  };
  const schedule = () => {
    if (waiting.size > 0) {
      timer ??= setTimeout(flush, calm);
    }
  };
  return {
    stale(keys: QueryKey[]) {
      for (const key of keys) {
        waiting.set(JSON.stringify(key), key);
      }
      schedule();
    },
    stop() {
      clearTimeout(timer);
      waiting.clear();
    },
  };
}

/** What a listener hears: a change, or that the connection is new, so that anything may have been missed. */
export type News = { kind: 'changed'; event: ChangeEvent } | { kind: 'connection'; connection: Connection };

/**
 * Listens to the tenant's changes with one connection per browser: the tab that holds the lock has the connection
 * and passes on what it hears. Without locks (plain http on another machine) each tab has its own.
 */
export function listenToEvents(url: string, tell: (news: News) => void): () => void {
  const stopping = new AbortController();
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`postwatch ${url}`);
  let leading = false;
  let last: Connection = 'connecting';

  const announce = (news: News) => {
    if (news.kind === 'connection') {
      last = news.connection;
    }
    tell(news);
    channel?.postMessage(news);
  };
  if (channel) {
    channel.onmessage = (message: MessageEvent<News | 'who leads'>) => {
      if (message.data === 'who leads') {
        if (leading) {
          channel.postMessage({ kind: 'connection', connection: last } satisfies News);
        }
      } else if (!leading) {
        tell(message.data);
      }
    };
    channel.postMessage('who leads');
  }

  const lead = () =>
    new Promise<void>((resolve) => {
      leading = true;
      const close = openEventSource(url, announce);
      const end = () => {
        close();
        resolve();
      };
      if (stopping.signal.aborted) {
        end();
      } else {
        stopping.signal.addEventListener('abort', end, { once: true });
      }
    });

  if (channel && typeof navigator !== 'undefined' && navigator.locks) {
    navigator.locks.request(`postwatch ${url}`, { signal: stopping.signal }, lead).catch((reason: unknown) => {
      // Stopped while still waiting for the lock: nothing was opened, nothing is to be closed.
      if (!stopping.signal.aborted) {
        throw reason;
      }
    });
  } else {
    void lead();
  }
  return () => {
    stopping.abort();
    channel?.close();
  };
}

const firstPauseMillis = 1_000;
const longestPauseMillis = 20_000;

function openEventSource(url: string, announce: (news: News) => void): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = firstPauseMillis;

  const open = () => {
    announce({ kind: 'connection', connection: 'connecting' });
    const opened = new EventSource(url);
    source = opened;
    opened.onopen = () => {
      pause = firstPauseMillis;
      announce({ kind: 'connection', connection: 'live' });
    };
    const changed = (message: MessageEvent<string>) => {
      const event = changeOf(message.data);
      if (event) {
        announce({ kind: 'changed', event });
      }
    };
    opened.onmessage = changed;
    opened.addEventListener('change', changed);
    opened.onerror = () => {
      // The browser itself only retries after a cut, never after a refusal; one rule for both is easier to follow.
      opened.close();
      announce({ kind: 'connection', connection: 'broken' });
      clearTimeout(timer);
      timer = setTimeout(open, pause * (0.5 + Math.random()));
      pause = Math.min(pause * 2, longestPauseMillis);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

function changeOf(data: string): ChangeEvent | null {
  try {
    const parsed: unknown = JSON.parse(data);
    if (typeof parsed === 'object' && parsed !== null && 'type' in parsed && typeof parsed.type === 'string') {
      return parsed as ChangeEvent;
    }
  } catch {
    // Comments and keep-alives of proxies are not events.
  }
  return null;
}
