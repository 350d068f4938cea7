import { describe, expect, it } from 'vitest';
import { aMonitor, aPlace } from '../../test/aController';
import { overviewSentence } from './overview';
import { firstRunSentence, type Plan, planSentences, syncSentence } from './sentences';
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
  const monitor = aMonitor('New', { updatedAt: '2026-11-22T05:00:00Z', periodSeconds: 60 });
  const now = new Date('2026-11-22T05:00:48Z');

  it('says when it will be', () => {
    expect(firstRunSentence(monitor, aPlace('Oslo'), now)).toBe('No data yet: first run in 12 s.');
  });

  it('says that it is under way once it is due', () => {
    const late = new Date('2026-11-22T05:01:30Z');
    expect(firstRunSentence(monitor, aPlace('Oslo'), late)).toContain('under way');
  });

  it.each([
    ['no-agent', 'No agent is connected here.'],
    ['pending', 'On its way to the agent'],
    ['rejected', 'The agent refused this monitor: no port 25.'],
  ] as const)('says what stands in the way: %s', (sync, words) => {
    expect(firstRunSentence(monitor, aPlace('Oslo', { sync, syncMessage: 'no port 25' }), now)).toContain(words);
  });

  it('says that it is paused', () => {
    expect(firstRunSentence({ ...monitor, paused: true }, aPlace('Oslo'), now)).toContain('Paused');
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

describe('The overview', () => {
  const none = { count: 0, more: false };

  it('says that all is well only when nothing is wrong', () => {
    expect(overviewSentence({ error: none, warning: none, noData: none, silentLocations: [] })).toBe(
      'Every monitor is OK.',
    );
  });

  it('counts what is wrong, the worst first', () => {
    expect(
      overviewSentence({
        error: { count: 2, more: false },
        warning: { count: 1, more: false },
        noData: { count: 100, more: true },
        silentLocations: ['Paris'],
      }),
    ).toBe('2 monitors in error, 1 with a warning, 100+ without data. Paris is silent.');
  });

  it('does not list many silent places by name', () => {
    expect(
      overviewSentence({ error: none, warning: none, noData: none, silentLocations: ['A', 'B', 'C', 'D'] }),
    ).toContain('4 locations are silent.');
  });
});

describe('The progress of a test', () => {
  const place = (state: 'waiting' | 'done' | 'failed') => ({ locationId: state, locationName: state, state });

  it('tells how many places have answered', () => {
    expect(progressOf([])).toBe('Starting …');
    expect(progressOf([place('waiting'), place('failed')])).toBe('1 of 2 places has answered …');
    expect(progressOf([place('failed')])).toBe('Good from 0 of 1 place.');
  });
});
