import { describe, expect, it } from 'vitest';
import type { LocationStatus } from '../../api/types';
import { aMonitor, aPlace, aResult } from '../../test/aController';
import { overviewSentence } from './overview';
import { firstRunSentence, type Plan, planSentences, stateSentence, syncSentence } from './sentences';
import { progressOf } from './TestPanel';

const plan: Plan = {
  periodSeconds: 60,
  timeoutSeconds: 30,
  warningSeconds: 8,
  errorSeconds: 20,
  checksCertificate: true,
  warningDays: 21,
  errorDays: 7,
  reportOnly: false,
  signsIn: false,
  bothFamilies: false,
  places: ['Oslo', 'Paris'],
  allPublic: false,
};

describe('What will happen', () => {
  it('names period, places, thresholds, certificate and what makes an error', () => {
    expect(planSentences(plan)).toEqual([
      'Runs every 60 s from 2 places (Oslo and Paris).',
      'A run that takes 8 s is a warning, one that takes 20 s an error.',
      'The certificate warns 21 days before it ends and is an error from 7 days.',
      'It is in error while at least half of the places, and at least two, find it failing.',
    ]);
  });

  it('does not speak of certificates without encryption', () => {
    expect(planSentences({ ...plan, checksCertificate: false }).join(' ')).not.toContain('ertificate');
  });

  it.each([
    [{ errorSeconds: 0 }, 'A run that takes 8 s is a warning, one that is not done after 30 s an error.'],
    [{ warningSeconds: 0 }, 'A run that takes 20 s is an error.'],
    [{ warningSeconds: 0, errorSeconds: 0 }, 'A run that is not done after 30 s is an error.'],
    [{ warningDays: 0 }, 'The certificate is an error from 7 days before it ends.'],
    [{ errorDays: 0 }, 'The certificate warns 21 days before it ends and is an error once it has ended.'],
    [{ warningDays: 0, errorDays: 0 }, 'The certificate is an error once it has ended.'],
  ])('leaves out what is no threshold: %j', (numbers, sentence) => {
    expect(planSentences({ ...plan, ...numbers })).toContain(sentence);
  });

  it('does not speak of half of the places where there is one', () => {
    expect(planSentences({ ...plan, places: ['Oslo'] })).toContain('It is in error while its last run failed.');
  });

  it.each([
    [{ allPublic: true, places: [] }, 'from all public places.'],
    [{ allPublic: true, places: ['Office'] }, 'from all public places and Office.'],
    [{ places: [] }, 'from nowhere yet.'],
    [{ places: ['A', 'B', 'C', 'D'] }, 'from 4 places.'],
    [{ places: ['A'], signsIn: true }, 'from 1 place (A), signing in.'],
    [{ places: ['A'], periodSeconds: 300 }, 'Runs every 5 min from'],
  ])('%j says %j', (part, words) => {
    expect(planSentences({ ...plan, ...part })[0]).toContain(words);
  });
});

describe('Before the first run', () => {
  const monitor = aMonitor('New');
  const now = new Date('2026-11-22T05:00:48Z');
  const awaited = aPlace('Oslo', { lastRunAt: undefined, nextRunAt: '2026-11-22T05:01:00Z' });

  it('says when it will be', () => {
    expect(firstRunSentence(monitor, awaited, now)).toBe('No data yet: first run in 12 s.');
  });

  it('says that it is under way once it is due', () => {
    const late = new Date('2026-11-22T05:01:30Z');
    expect(firstRunSentence(monitor, awaited, late)).toContain('under way');
  });

  it('is told of the monitor while no place has run it, by the place that is first', () => {
    const later = aPlace('Paris', { lastRunAt: undefined, nextRunAt: '2026-11-22T05:01:12Z' });
    const blocked = aPlace('Rome', { lastRunAt: undefined, sync: 'no-agent' });
    const status = { ...monitor.status, status: 'NO_DATA' as const, lastRunAt: undefined, sentence: 'As it was.' };
    const of = (locations: LocationStatus[]) => stateSentence({ ...monitor, status: { ...status, locations } }, now);
    expect(of([blocked, later, awaited])).toBe('No data yet: first run in 12 s.');
    expect(of([blocked])).toBe('As it was.');
    expect(stateSentence({ ...monitor, paused: true }, now)).toBe('Paused: nothing runs until it is resumed.');
    expect(stateSentence(monitor, now)).toBe(monitor.status.sentence);
  });

  it.each([
    ['no-agent', 'no port 25. The first run follows as soon as an agent runs it.'],
    ['pending', 'no port 25. The first run follows at once then.'],
    ['rejected', 'The agent refused this monitor: no port 25.'],
  ] as const)('says what stands in the way: %s', (sync, words) => {
    expect(firstRunSentence(monitor, aPlace('Oslo', { sync, syncMessage: 'no port 25' }), now)).toContain(words);
  });

  it('says of settings on their way what the controller says of them', () => {
    const waits = { sync: 'pending' as const, syncMessage: 'Waits until the agent connects again' };
    expect(firstRunSentence(monitor, aPlace('Oslo', waits), now)).toBe(
      'Waits until the agent connects again. The first run follows at once then.',
    );
    expect(syncSentence(aPlace('Oslo', waits))).toBe(
      'The last change does not run here yet: waits until the agent connects again.',
    );
    expect(syncSentence(aPlace('Oslo', { sync: 'pending' }))).toBe('The last change is on its way to the agent.');
  });

  it('says that the agent is lost and since when, and nothing that it cannot know', () => {
    const lost = aPlace('Oslo', { sync: 'unknown', agentLostSince: '2026-11-22T04:59:00Z' });
    expect(firstRunSentence(monitor, lost, now)).toBe(
      'The agent that is to run it is lost, last heard of 2026-11-22 04:59:00 UTC. The first result comes once it is back.',
    );
    expect(syncSentence(lost)).toBe(
      'Its agent is lost, last heard of 2026-11-22 04:59:00 UTC. Whether it still runs here is not known until it is back.',
    );
    const waits = { ...lost, sync: 'pending' as const, syncMessage: 'Waits until the agent connects again' };
    expect(syncSentence(waits)).toBe(
      'The last change does not run here yet: waits until the agent connects again. It was last heard of 2026-11-22 04:59:00 UTC.',
    );
  });

  it('gives no reason of its own when the controller told none', () => {
    const ipv6 = { ...aPlace('Oslo', { sync: 'no-agent' }), addressFamily: 'ipv6' as const };
    expect(firstRunSentence(monitor, ipv6, now)).toBe(
      'No agent here is able to run it. The first run follows as soon as one is.',
    );
    expect(syncSentence(ipv6)).toBe('No agent here is able to run it. Nothing runs.');
  });

  it('says that it is paused', () => {
    expect(firstRunSentence({ ...monitor, paused: true }, aPlace('Oslo'), now)).toContain('Paused');
  });
});

describe('What will happen over both address families', () => {
  const over = { ...plan, bothFamilies: true };

  it('is the worse of the two, each judged by the places that report it', () => {
    expect(planSentences(over)).toContain(
      'IPv4 and IPv6 are judged each by itself; the worse of the two is its status.',
    );
    expect(planSentences(over).at(-1)).toBe(
      'It is in error while at least half of the places that report a family, and at least two, find that family failing; the only place with a family is enough.',
    );
    expect(planSentences(over).join(' ')).not.toContain('either of the two fails there');
  });

  it('needs no half of the places where there is one', () => {
    const alone = planSentences({ ...over, places: ['Oslo'] });
    expect(alone[0]).toBe('Runs every 60 s from 1 place (Oslo) over IPv4, and as often over IPv6.');
    expect(alone).toContain('It is in error while the last run of either failed.');
  });
});

describe('The way of the settings to an agent', () => {
  it('is not worth a word when they have arrived', () => {
    expect(syncSentence(aPlace('Oslo'))).toBeNull();
  });

  it('is told with the reason when they were refused', () => {
    expect(syncSentence(aPlace('Oslo', { sync: 'rejected', syncMessage: 'address denied' }))).toBe(
      'The agent refused the last change: address denied',
    );
  });
});

describe('What keeps every agent of a place from running it', () => {
  it.each(['No agent of this location has IPv6', 'No agent of this location has IPv6.'])(
    'is told as it came: %s',
    (said) => {
      const place = { ...aPlace('Oslo', { sync: 'no-agent', syncMessage: said }), addressFamily: 'ipv4' as const };
      expect(syncSentence(place)).toBe('No agent of this location has IPv6. Nothing runs.');
    },
  );
});

describe('The overview', () => {
  const counts = { error: 0, warning: 0, noData: 0, ok: 0, paused: 0 };

  it.each([
    [{ ok: 48 }, 'Every monitor is OK.'],
    [{ ok: 48, paused: 1 }, 'Every monitor that runs is OK. 1 is paused.'],
    [{ paused: 3 }, 'Every monitor is paused.'],
    [{ error: 1 }, '1 of 1 monitor in error.'],
    [{ error: 2, warning: 1, ok: 45, paused: 3 }, '2 of 48 monitors in error, 1 with a warning. 3 are paused.'],
    [{ error: 2, warning: 1, noData: 130 }, '2 of 133 monitors in error, 1 with a warning, 130 without data.'],
    [{ noData: 1, ok: 9 }, '1 of 10 monitors without data.'],
  ])('counts what is wrong, the worst first: %j', (some, sentence) => {
    expect(overviewSentence({ ...counts, ...some }, [])).toBe(sentence);
  });

  it('names silent places while they are few', () => {
    expect(overviewSentence({ ...counts, ok: 1 }, ['Paris'])).toBe('Every monitor is OK. Paris is silent.');
    expect(overviewSentence({ ...counts, ok: 1 }, ['A', 'B', 'C', 'D'])).toContain('4 locations are silent.');
  });
});

describe('The progress of a test', () => {
  const place = (state: 'waiting' | 'done' | 'failed') => ({
    locationId: state,
    locationName: state,
    addressFamily: 'any' as const,
    state,
  });

  it('tells how many places have answered', () => {
    expect(progressOf([])).toBe('Starting …');
    expect(progressOf([place('waiting'), place('failed')])).toBe('1 of 2 places has answered …');
    expect(progressOf([place('failed')])).toBe('Good from 0 of 1 place.');
  });

  it('counts a place once, and as answered when both of its families are', () => {
    const of = (addressFamily: 'ipv4' | 'ipv6', status?: 'OK' | 'ERROR') => ({
      locationId: 'oslo',
      locationName: 'Oslo',
      addressFamily,
      state: status ? ('done' as const) : ('running' as const),
      result: status && aResult({ addressFamily, status }),
    });
    expect(progressOf([of('ipv4', 'OK'), of('ipv6')])).toBe('0 of 1 place have answered …');
    expect(progressOf([of('ipv4', 'OK'), of('ipv6', 'ERROR')])).toBe('Good from 0 of 1 place.');
    expect(progressOf([of('ipv4', 'OK'), of('ipv6', 'OK')])).toBe('Good from 1 place.');
  });
});
