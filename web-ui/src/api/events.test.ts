import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createInvalidator, listenToEvents, type News, staleAfter } from './events';

describe('What a change makes stale', () => {
  it.each([
    ['monitor', ['monitors', 'components', 'monitor']],
    ['result', ['monitors', 'monitor']],
    ['location', ['locations', 'agents', 'enrolment-tokens', 'monitors', 'monitor']],
    ['agent', ['locations', 'agents', 'enrolment-tokens', 'monitors', 'monitor']],
    ['domain-proof', ['domain-proofs', 'monitors', 'monitor']],
    ['component', ['components']],
    ['monitor-test', ['monitor-test']],
  ])('%s: %j', (type, roots) => {
    expect(staleAfter({ type, id: 'x' }).map(([root]) => root)).toEqual(roots);
  });

  it('is everything when the type is unknown', () => {
    expect(staleAfter({ type: 'incident', id: 'x' })).toEqual([[]]);
  });

  it('is only the one monitor among the pages of monitors', () => {
    expect(staleAfter({ type: 'result', id: 'm1' })).toContainEqual(['monitor', 'm1']);
  });
});

describe('A burst of events', () => {
  beforeEach(() => void vi.useFakeTimers());

  it('becomes one refetch of each thing, and never of the session', () => {
    const queryClient = new QueryClient();
    queryClient.setQueryData(['monitors', 'list'], 1);
    queryClient.setQueryData(['session'], 1);
    const invalidate = vi.spyOn(queryClient, 'invalidateQueries');
    const invalidator = createInvalidator(queryClient, 500);
    for (let number = 0; number < 100; number++) {
      invalidator.stale([['monitors'], []]);
    }
    vi.advanceTimersByTime(600);
    expect(invalidate).toHaveBeenCalledTimes(2);
    expect(queryClient.getQueryState(['monitors', 'list'])?.isInvalidated).toBe(true);
    expect(queryClient.getQueryState(['session'])?.isInvalidated).toBe(false);
  });

  it('waits for a fetch that is under way instead of beginning it anew', async () => {
    const queryClient = new QueryClient();
    let finish = () => {};
    const fetching = queryClient.fetchQuery({
      queryKey: ['monitors'],
      queryFn: () => new Promise<number>((resolve) => (finish = () => resolve(1))),
    });
    const invalidate = vi.spyOn(queryClient, 'invalidateQueries');
    const invalidator = createInvalidator(queryClient, 500);
    invalidator.stale([['monitors']]);
    vi.advanceTimersByTime(1_600);
    expect(invalidate).not.toHaveBeenCalled();
    finish();
    await fetching;
    vi.advanceTimersByTime(600);
    expect(invalidate).toHaveBeenCalledTimes(1);
  });
});

class FakeEventSource extends EventTarget {
  static all: FakeEventSource[] = [];
  onopen = () => {};
  onmessage = (_: { data: string }) => {};
  onerror = () => {};
  closed = false;

  constructor(readonly url: string) {
    super();
    FakeEventSource.all.push(this);
  }

  close() {
    this.closed = true;
  }
}

describe('The live connection', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    FakeEventSource.all = [];
    vi.stubGlobal('EventSource', FakeEventSource);
    vi.stubGlobal('BroadcastChannel', undefined);
  });
  afterEach(() => void vi.unstubAllGlobals());

  it('tells changes, and comes back by itself after a cut', () => {
    const heard: News[] = [];
    const stop = listenToEvents('http://localhost/events', (news) => heard.push(news));
    const [first] = FakeEventSource.all;
    first?.onopen();
    first?.onmessage({ data: '{"type":"result","id":"m1","revision":4}' });
    first?.onmessage({ data: 'not an event' });
    first?.onerror();
    vi.advanceTimersByTime(2_000);
    const second = FakeEventSource.all[1];
    second?.onopen();
    stop();
    expect(first?.closed).toBe(true);
    expect(second?.closed).toBe(true);
    expect(heard).toEqual([
      { kind: 'connection', connection: 'connecting' },
      { kind: 'connection', connection: 'live' },
      { kind: 'changed', event: { type: 'result', id: 'm1', revision: 4 } },
      { kind: 'connection', connection: 'broken' },
      { kind: 'connection', connection: 'connecting' },
      { kind: 'connection', connection: 'live' },
    ]);
  });
});
