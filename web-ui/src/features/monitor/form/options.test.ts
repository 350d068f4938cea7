import { describe, expect, it } from 'vitest';
import { aMonitor } from '../../../test/aController';
import { draftOf, type MonitorDraft, newDraft, requestOf, withSecurity, withType } from './draft';
import { mechanismsFor, withSecret } from './login';
import { stopsOf, withLifetime } from './options';
import { certificateWords, expectationWords, optionSentences, reachWords } from './optionWords';

const smtp: MonitorDraft = { ...newDraft('smtp'), host: 'mail.example.com' };
const imap: MonitorDraft = { ...newDraft('imap'), host: 'mail.example.com' };
const told = (draft: MonitorDraft) => JSON.parse(JSON.stringify(requestOf(draft)));

describe('What the API is told of the options', () => {
  it('is nothing where nobody asked for anything', () => {
    const request = told(imap);
    for (const name of ['expectations', 'stopAfter', 'recipient', 'folder', 'credentials']) {
      expect(request).not.toHaveProperty(name);
    }
    expect(request.thresholds).toEqual({});
    expect(request.certificate).toEqual({ reportOnly: false });
  });

  it('of a saved monitor is what was saved', () => {
    const saved = aMonitor('All of it', {
      type: 'smtp',
      port: 465,
      credentials: {
        username: 'probe',
        passwordSet: false,
        accessTokenSet: true,
        mechanism: 'XOAUTH2',
        allowPlaintext: false,
      },
      thresholds: { warningSeconds: 8, errorSeconds: 20, phases: [{ phase: 'rcpt', warningSeconds: 2 }] },
      certificate: {
        warningPercent: 30,
        errorPercent: 10,
        reportOnly: false,
        expectedName: 'mx.example.com',
        serverName: 'sni.example.com',
        trustAnchors: '-----BEGIN CERTIFICATE-----',
        pin: 'ab'.repeat(32),
      },
      expectations: { greetingContains: 'ESMTP', capabilities: ['DSN'], minimumTls: '1.3' },
      stopAfter: 'rcpt',
      recipient: 'postmaster@example.com',
    });
    const request = told(draftOf(saved));
    for (const name of ['certificate', 'expectations', 'stopAfter', 'recipient'] as const) {
      expect(request[name]).toEqual(saved[name]);
    }
    expect(request.thresholds).toEqual({ phases: saved.thresholds.phases });
    expect(request.credentials).toEqual({ username: 'probe', mechanism: 'XOAUTH2', allowPlaintext: false });
  });

  it('never has days beside percent', () => {
    const percent = withLifetime({ ...imap, warningDays: 30 }, 'percent');
    expect(told(percent).certificate).toEqual({ warningPercent: 25, errorPercent: 10, reportOnly: false });
    expect(told(withLifetime(percent, 'days')).certificate).toEqual({ warningDays: 30, reportOnly: false });
  });

  it('leaves out what does not go with type, encryption and login, and keeps it for when it does again', () => {
    const asked = { ...smtp, recipient: 'a@example.com', folder: 'INBOX', minimumTls: '1.3', pin: 'ab' } as const;
    expect(told(asked)).toMatchObject({ recipient: 'a@example.com', expectations: { minimumTls: '1.3' } });
    expect(told(asked)).not.toHaveProperty('folder');
    const open = told(withSecurity(asked, 'none'));
    expect(open).not.toHaveProperty('expectations');
    expect(open.certificate).not.toHaveProperty('pin');
    const other = withType(asked, 'imap');
    expect(told(other)).not.toHaveProperty('recipient');
    expect(told({ ...other, signsIn: true }).folder).toBe('INBOX');
    expect(told(withType(other, 'smtp')).recipient).toBe('a@example.com');
  });

  it('has a limit only for phases with a number that can occur', () => {
    const limit = (phase: 'connect' | 'rcpt' | 'greeting', warningSeconds?: number) => ({
      phase,
      warningSeconds,
      errorSeconds: undefined,
    });
    const phaseLimits = [limit('connect'), limit('rcpt', 2), limit('greeting', 6)];
    expect(told({ ...smtp, phaseLimits }).thresholds.phases).toEqual([{ phase: 'greeting', warningSeconds: 6 }]);
    expect(told({ ...smtp, phaseLimits, recipient: 'a@example.com' }).thresholds.phases).toHaveLength(2);
  });
});

describe('Where a run may end', () => {
  it.each([
    [imap, ['greeting', 'capability']],
    [withSecurity(imap, 'starttls'), ['greeting', 'capability', 'starttls']],
    [{ ...imap, capabilities: ['IDLE'] }, ['capability']],
    [{ ...withSecurity(imap, 'starttls'), minimumTls: '1.2' as const }, ['starttls']],
    [{ ...withSecurity(imap, 'starttls'), expectedName: 'mail.example.com' }, ['starttls']],
    [{ ...withSecurity(imap, 'starttls'), capabilities: ['IDLE'] }, ['capability', 'starttls']],
    [{ ...imap, expectedName: 'mail.example.com' }, ['greeting', 'capability']],
    [{ ...imap, minimumTls: '1.2' as const }, ['greeting', 'capability']],
    [{ ...imap, signsIn: true }, ['auth']],
    [{ ...imap, signsIn: true, folder: 'INBOX' }, ['select']],
    [{ ...smtp, signsIn: true, recipient: 'a@example.com' }, ['rcpt']],
  ])('contradicts nothing else that is asked for: %#', (draft, stops) => {
    expect(stopsOf(draft)).toEqual(stops);
  });

  it('is forgotten where it would contradict', () => {
    expect(told({ ...imap, stopAfter: 'greeting' }).stopAfter).toBe('greeting');
    expect(told({ ...imap, stopAfter: 'greeting', signsIn: true })).not.toHaveProperty('stopAfter');
  });
});

describe('The mechanisms', () => {
  it('are those that go with the secret', () => {
    expect(mechanismsFor('accessToken')).toEqual(['auto', 'OAUTHBEARER', 'XOAUTH2']);
    const token = { ...imap, signsIn: true, mechanism: 'XOAUTH2', accessToken: ' t ', password: 'p' } as const;
    expect(told(withSecret(token, 'accessToken')).credentials).toMatchObject({
      mechanism: 'XOAUTH2',
      accessToken: 't',
    });
    expect(told(withSecret(token, 'accessToken')).credentials).not.toHaveProperty('password');
    const password = told(withSecret(token, 'password')).credentials;
    expect(password).toMatchObject({ mechanism: 'auto', password: 'p' });
    expect(password).not.toHaveProperty('accessToken');
  });
});

describe('The options in words', () => {
  it('say what holds where nothing is asked for', () => {
    expect(certificateWords(imap)).toBe('21 and 7 days before its end');
    expect(expectationWords(imap)).toBe('nothing beyond the protocol');
    expect(reachWords(imap)).toBe('to the capabilities');
    expect(optionSentences(imap)).toEqual([]);
  });

  it('say what is asked for', () => {
    const asked: MonitorDraft = {
      ...withLifetime(imap, 'percent'),
      signsIn: true,
      folder: 'INBOX',
      pin: 'ab',
      capabilities: ['IDLE', 'UIDPLUS'],
      minimumTls: '1.3',
      phaseLimits: [{ phase: 'auth', warningSeconds: 3, errorSeconds: 6 }],
    };
    expect(certificateWords(asked)).toBe('25 % and 10 % of its lifetime, pinned');
    expect(expectationWords(asked)).toBe('IDLE, UIDPLUS, TLS 1.3');
    expect(reachWords(asked)).toBe('opens INBOX');
    expect(optionSentences(asked)).toEqual([
      'Sign in is a warning from 3 s and an error from 6 s.',
      'Only the pinned certificate is right, whoever signed it.',
      'It is an error unless IDLE and UIDPLUS are offered and TLS 1.3 or newer is spoken.',
      'It opens the folder INBOX to read.',
    ]);
  });
});
