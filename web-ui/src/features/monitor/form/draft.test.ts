import { describe, expect, it } from 'vitest';
import { aLocation, aMonitor, idOf } from '../../../test/aController';
import { defaultPlaces, draftOf, newDraft, requestOf, withPastedHost, withPort, withSecurity, withType } from './draft';
import { localSecretSentence, offeredSecrets } from './login';
import { settled } from './numbers';

describe('The port of a monitor', () => {
  it.each([
    ['smtp', 'tls', 465],
    ['smtp', 'starttls', 25],
    ['smtp', 'none', 25],
    ['imap', 'tls', 993],
    ['imap', 'starttls', 143],
    ['imap', 'none', 143],
  ] as const)('of %s with %s is %i', (type, security, port) => {
    expect(withSecurity(withType(newDraft(), type), security).port).toBe(port);
  });

  it('stays once it was set by hand', () => {
    const byHand = withPort(newDraft('imap'), 10_993);
    expect(withType(withSecurity(byHand, 'starttls'), 'smtp').port).toBe(10_993);
  });

  it('follows again once it is set back to what is usual', () => {
    const back = withPort(withPort(newDraft('imap'), 10_993), 993);
    expect(withSecurity(back, 'starttls').port).toBe(143);
  });

  it('of a saved monitor counts as set by hand only when it is unusual', () => {
    expect(withSecurity(draftOf(aMonitor('Usual')), 'none').port).toBe(143);
    expect(withSecurity(draftOf(aMonitor('Unusual', { port: 10_993 })), 'none').port).toBe(10_993);
  });
});

describe('A pasted host', () => {
  it.each([
    ['mail.example.com', 'mail.example.com', 993],
    ['  mail.example.com  ', 'mail.example.com', 993],
    ['mail.example.com:10993', 'mail.example.com', 10_993],
    ['imaps://mail.example.com/', 'mail.example.com', 993],
    ['[2001:db8::1]:1993', '2001:db8::1', 1993],
    ['[2001:db8::1]', '2001:db8::1', 993],
    ['2001:db8::1', '2001:db8::1', 993],
    ['192.0.2.1:1993', '192.0.2.1', 1993],
    ['two words', 'two words', 993],
  ])('%j becomes %s and port %i', (pasted, host, port) => {
    const draft = withPastedHost(newDraft('imap'), pasted);
    expect([draft.host, draft.port]).toEqual([host, port]);
  });
});

describe('What the API is told', () => {
  it('of a new monitor leaves name, component and places to the controller', () => {
    const request = requestOf({ ...newDraft('smtp'), host: ' mail.example.com ' });
    expect(request).toMatchObject({
      type: 'smtp',
      host: 'mail.example.com',
      port: 465,
      security: 'tls',
    });
    expect(JSON.parse(JSON.stringify(request))).not.toHaveProperty('credentials');
    expect(JSON.parse(JSON.stringify(request))).not.toHaveProperty('locations');
    expect(JSON.parse(JSON.stringify(request))).not.toHaveProperty('name');
  });

  it('is only those numbers that somebody has said', () => {
    const request = JSON.parse(JSON.stringify(requestOf({ ...newDraft(), host: 'h', timeoutSeconds: 20 })));
    expect(request).toMatchObject({ timeoutSeconds: 20, thresholds: {}, certificate: { reportOnly: false } });
    expect(request).not.toHaveProperty('periodSeconds');
  });

  it('of a saved monitor is what was said by hand; what follows from the defaults goes on following', () => {
    const usual = draftOf(aMonitor('Usual'));
    expect(JSON.parse(JSON.stringify(requestOf({ ...usual, timeoutSeconds: 15 }))).thresholds).toEqual({});
    const byHand = draftOf(aMonitor('By hand', { thresholds: { warningSeconds: 5, errorSeconds: 20 } }));
    expect(JSON.parse(JSON.stringify(requestOf(byHand))).thresholds).toEqual({ warningSeconds: 5 });
    const off = draftOf(aMonitor('Off', { thresholds: { warningSeconds: 8, errorSeconds: 0 } }));
    expect(JSON.parse(JSON.stringify(requestOf(off))).thresholds).toEqual({ errorSeconds: 0 });
  });

  it('keeps the stored password when none was typed', () => {
    const monitor = aMonitor('Mailboxes', {
      credentials: {
        username: 'probe',
        passwordSet: true,
        accessTokenSet: false,
        mechanism: 'PLAIN',
        allowPlaintext: false,
      },
    });
    const request = JSON.parse(JSON.stringify(requestOf(draftOf(monitor))));
    expect(request.credentials).toEqual({ username: 'probe', mechanism: 'PLAIN', allowPlaintext: false });
  });

  it('never allows an open password once the connection is encrypted', () => {
    const open = { ...newDraft(), host: 'h', signsIn: true, username: 'u', password: 'p', allowPlaintext: true };
    expect(requestOf(withSecurity(open, 'none')).credentials?.allowPlaintext).toBe(true);
    expect(requestOf(withSecurity(open, 'starttls')).credentials?.allowPlaintext).toBe(false);
  });

  it('says the same of an edited monitor as was saved', () => {
    const monitor = aMonitor('Mailboxes', { locations: { allPublic: false, locationIds: ['a'] }, tags: ['x'] });
    expect(requestOf(draftOf(monitor))).toMatchObject({
      name: 'Mailboxes',
      host: monitor.host,
      port: monitor.port,
      locations: { allPublic: false, locationIds: ['a'] },
      tags: ['x'],
    });
    const { thresholds, certificate, ...rest } = monitor;
    expect(settled(draftOf(monitor))).toEqual({
      periodSeconds: rest.periodSeconds,
      timeoutSeconds: rest.timeoutSeconds,
      ...thresholds,
      warningDays: certificate.warningDays,
      errorDays: certificate.errorDays,
    });
  });
});

describe('Where a monitor runs unless it says so', () => {
  it('is every public location', () => {
    expect(defaultPlaces([aLocation('Oslo'), aLocation('Office', 'private')])).toEqual({
      allPublic: true,
      locationIds: [],
    });
  });

  it('is every private one where there is no public one', () => {
    const office = aLocation('Office', 'private');
    expect(defaultPlaces([office])).toEqual({ allPublic: false, locationIds: [office.id] });
  });

  it('is every private one where the agent knows the secret', () => {
    const places = [aLocation('Oslo'), aLocation('Office', 'private')];
    const signsIn = { ...newDraft(), signsIn: true };
    expect(defaultPlaces(places, { ...signsIn, secret: 'local' })).toEqual({
      allPublic: false,
      locationIds: [idOf('Office')],
    });
    expect(defaultPlaces(places, signsIn).allPublic).toBe(true);
    expect(defaultPlaces([aLocation('Oslo')], { ...signsIn, secret: 'local' }).allPublic).toBe(true);
  });
});

describe("A secret on the agent's host", () => {
  const office = aLocation('Office', 'private', { localSecrets: ['imap-alice', 'smtp'] });
  const lab = aLocation('Lab', 'private', { localSecrets: ['imap-alice'] });
  const plant = aLocation('Plant', 'private');
  const all = [aLocation('Oslo'), office, lab, plant];
  const at = (...locations: { id: string }[]) => ({ allPublic: false, locationIds: locations.map(({ id }) => id) });

  it('is told by its name and nothing else', () => {
    const draft = {
      ...newDraft(),
      host: 'h',
      signsIn: true,
      username: 'u',
      password: 'p',
      localSecret: ' imap-alice ',
    };
    expect(JSON.parse(JSON.stringify(requestOf({ ...draft, secret: 'local' }))).credentials).toEqual({
      username: 'u',
      localSecret: 'imap-alice',
      mechanism: 'auto',
      allowPlaintext: false,
    });
    expect(JSON.parse(JSON.stringify(requestOf(draft))).credentials).not.toHaveProperty('localSecret');
  });

  it('stays what it is in an edited monitor', () => {
    const credentials = {
      username: 'u',
      passwordSet: false,
      accessTokenSet: false,
      localSecret: 'imap-alice',
      mechanism: 'XOAUTH2',
      allowPlaintext: false,
    } as const;
    expect(requestOf(draftOf(aMonitor('Mailboxes', { credentials }))).credentials).toMatchObject({
      username: 'u',
      localSecret: 'imap-alice',
      mechanism: 'XOAUTH2',
    });
  });

  it('is offered as the agents of the chosen places offer it', () => {
    expect(offeredSecrets(all, at(office, lab))).toEqual(['imap-alice', 'smtp']);
    expect(offeredSecrets(all, at(plant))).toEqual([]);
  });

  it('says where nobody offers it', () => {
    expect(localSecretSentence('imap-alice', all, at(office, lab))).toBeUndefined();
    expect(localSecretSentence('smtp', all, at(office, lab, plant))).toBe(
      'No agent at Lab and Plant offers smtp yet: list it in the configuration of one there, as secrets.smtp.',
    );
    expect(localSecretSentence('', all, at(plant))).toBeUndefined();
    expect(localSecretSentence('smtp', all, { allPublic: true, locationIds: [] })).toMatch(/private locations only/);
  });
});
