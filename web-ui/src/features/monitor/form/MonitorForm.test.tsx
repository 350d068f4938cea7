import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MonitorRequest, MonitorTestRequest } from '../../../api/types';
import { aLocation, aMonitor, aPlace, aResult, FakeController, idOf, refusal } from '../../../test/aController';
import { expectAccessible, openConsole } from '../../../test/openConsole';

let controller: FakeController;
const saved = aMonitor('mail.example.com');

beforeEach(() => {
  controller = new FakeController()
    .on('POST /api/v1/monitors', () => saved)
    .on(`GET /api/v1/monitors/${saved.id}`, () => saved)
    .on(`PUT /api/v1/monitors/${saved.id}`, () => saved)
    .on(`GET /api/v1/monitors/${saved.id}/results`, () => ({ items: [] }))
    .on(`GET /api/v1/monitors/${saved.id}/series`, () => ({
      from: '2026-11-22T04:00:00Z',
      to: '2026-11-22T05:00:00Z',
      series: [],
    }))
    .install();
});

const bodyOf = (route: string) => controller.callsTo(route)[0]?.body as MonitorRequest;
const number = (label: string) => screen.getByLabelText<HTMLInputElement>(label).value;
const port = () => screen.getByLabelText<HTMLInputElement>('Port').value;

describe('Adding a monitor', () => {
  it('needs a host and nothing else', async () => {
    const { at } = openConsole('/monitors/new');
    await userEvent.type(await screen.findByLabelText('Host'), 'mail.example.com');
    await userEvent.click(screen.getByRole('button', { name: 'Save monitor' }));
    await waitFor(() => expect(at()).toBe(`/monitors/${saved.id}`));
    expect(bodyOf('POST /api/v1/monitors')).toMatchObject({
      type: 'imap',
      host: 'mail.example.com',
      port: 993,
      security: 'tls',
    });
    expect(controller.callsTo('POST /api/v1/monitors')[0]?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('shows the numbers that will hold, and sends those that were set', async () => {
    openConsole('/monitors/new');
    await userEvent.type(await screen.findByLabelText('Host'), 'mail.example.com');
    await userEvent.click(screen.getByRole('button', { name: /Options/ }));
    expect(number('Give up after')).toBe('30 s');
    expect(number('Slow: error from')).toBe('20 s');
    await userEvent.clear(screen.getByLabelText('Give up after'));
    expect(number('Give up after')).toBe('');
    await userEvent.type(screen.getByLabelText('Give up after'), '15');
    expect(number('Slow: warning from')).toBe('8 s');
    expect(number('Slow: error from')).toBe('');
    expect(
      screen.getByText('A run that takes 8 s is a warning, one that is not done after 15 s an error.'),
    ).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Save monitor' }));
    await waitFor(() => expect(controller.callsTo('POST /api/v1/monitors')).toHaveLength(1));
    expect(bodyOf('POST /api/v1/monitors')).toMatchObject({
      timeoutSeconds: 15,
      thresholds: {},
      certificate: { reportOnly: false },
    });
  });

  it('shows the default again in a field that was left empty', async () => {
    openConsole('/monitors/new');
    await userEvent.click(await screen.findByRole('button', { name: /Options/ }));
    await userEvent.clear(screen.getByLabelText('Slow: warning from'));
    await userEvent.type(screen.getByLabelText('Slow: warning from'), '5');
    expect(number('Slow: warning from')).toBe('5 s');
    await userEvent.clear(screen.getByLabelText('Slow: warning from'));
    await userEvent.tab();
    expect(number('Slow: warning from')).toBe('8 s');
  });

  it('lets the port follow the encryption until it is set by hand', async () => {
    openConsole('/monitors/new');
    await screen.findByLabelText('Host');
    await userEvent.click(screen.getByRole('radio', { name: 'SMTP' }));
    expect(port()).toBe('465');
    await userEvent.click(screen.getByRole('radio', { name: 'STARTTLS' }));
    expect(port()).toBe('25');
    await userEvent.click(screen.getByRole('button', { name: '587 · submission' }));
    expect(port()).toBe('587');
    await userEvent.click(screen.getByRole('radio', { name: 'TLS' }));
    expect(port()).toBe('587');
  });

  it('says in a sentence what will happen', async () => {
    openConsole('/monitors/new');
    expect(await screen.findByText('Runs every 60 s from all public places.')).toBeTruthy();
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Head office' }));
    expect(screen.getByText('Runs every 60 s from all public places and Head office.')).toBeTruthy();
  });

  it('asks for nothing about signing in until it is wanted', async () => {
    openConsole('/monitors/new');
    await screen.findByLabelText('Host');
    expect(screen.queryByLabelText('User name')).toBeNull();
    await userEvent.click(screen.getByRole('switch', { name: /^Sign in as well/ }));
    await userEvent.type(screen.getByLabelText('Host'), 'mail.example.com');
    await userEvent.type(screen.getByLabelText('User name'), 'probe');
    await userEvent.type(screen.getByLabelText('Password'), 'secret');
    await userEvent.click(screen.getByRole('button', { name: 'Save monitor' }));
    await waitFor(() =>
      expect(bodyOf('POST /api/v1/monitors')?.credentials).toEqual({
        username: 'probe',
        password: 'secret',
        mechanism: 'auto',
        allowPlaintext: false,
      }),
    );
  });

  it('shows what the controller refuses at the fields, also inside the options', async () => {
    controller.on('POST /api/v1/monitors', () =>
      refusal(400, 'invalid', 'Some fields are wrong', [
        { field: 'host', code: 'bad-host', message: 'This is no host name' },
        { field: 'timeoutSeconds', code: 'too-large', message: 'At most the period' },
      ]),
    );
    openConsole('/monitors/new');
    await userEvent.type(await screen.findByLabelText('Host'), 'bad host');
    expect(screen.getByRole('button', { name: /Options/ }).getAttribute('aria-expanded')).toBe('false');
    await userEvent.click(screen.getByRole('button', { name: 'Save monitor' }));
    expect(await screen.findByText('This is no host name')).toBeTruthy();
    expect(screen.getByText('At most the period')).toBeTruthy();
    expect(screen.getByRole('button', { name: /Options/ }).getAttribute('aria-expanded')).toBe('true');
    expect(screen.queryByRole('alert')).toBeNull();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Host')));
  });

  it('opens what is wrong again, however often it was closed', async () => {
    controller.on('POST /api/v1/monitors', () =>
      refusal(400, 'invalid', 'Some fields are wrong', [
        { field: 'certificate.pin', code: 'bad-fingerprint', message: 'Enter 64 digits' },
      ]),
    );
    openConsole('/monitors/new');
    await userEvent.type(await screen.findByLabelText('Host'), 'mail.example.com');
    const certificate = screen.getByRole('button', { name: /^Certificate/ });
    for (let times = 0; times < 2; times++) {
      expect(certificate.getAttribute('aria-expanded')).toBe('false');
      await userEvent.click(screen.getByRole('button', { name: 'Save monitor' }));
      await waitFor(() => expect(certificate.getAttribute('aria-expanded')).toBe('true'));
      await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Pinned certificate')));
      await userEvent.click(certificate);
    }
    expect(screen.getByRole('button', { name: /Options/ }).getAttribute('aria-expanded')).toBe('false');
  });

  it('shows above the form what is said about a field that is not there', async () => {
    controller.on('POST /api/v1/monitors', () =>
      refusal(400, 'invalid', 'Some fields are wrong', [{ field: 'folder', code: 'bad', message: 'No such thing' }]),
    );
    openConsole('/monitors/new');
    await userEvent.type(await screen.findByLabelText('Host'), 'mail.example.com');
    await userEvent.click(screen.getByRole('button', { name: 'Save monitor' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Some fields are wrong');
  });

  it('asks only for what goes with the type', async () => {
    openConsole('/monitors/new');
    await screen.findByLabelText('Host');
    await userEvent.click(screen.getByRole('button', { name: /^How far it goes/ }));
    expect(screen.queryByLabelText('Ask about a recipient')).toBeNull();
    await userEvent.click(screen.getByRole('radio', { name: 'SMTP' }));
    expect(screen.getByLabelText('Ask about a recipient')).toBeTruthy();
    await userEvent.click(screen.getByRole('radio', { name: 'POP3' }));
    expect(port()).toBe('995');
    expect(screen.queryByLabelText('Ask about a recipient')).toBeNull();
    await userEvent.click(screen.getByRole('radio', { name: 'None' }));
    expect(port()).toBe('110');
    expect(screen.queryByRole('button', { name: /^Certificate/ })).toBeNull();
    await userEvent.click(screen.getByRole('radio', { name: 'IMAP' }));
    await userEvent.click(screen.getByRole('switch', { name: /^Sign in as well/ }));
    expect(screen.getByLabelText('Open a folder')).toBeTruthy();
    expect(screen.queryByRole('combobox', { name: 'Stop early' })).toBeNull();
  });

  it('takes an access token in place of a password', async () => {
    openConsole('/monitors/new');
    await userEvent.type(await screen.findByLabelText('Host'), 'mail.example.com');
    await userEvent.click(screen.getByRole('switch', { name: /^Sign in as well/ }));
    await userEvent.type(screen.getByLabelText('User name'), 'probe');
    await userEvent.click(screen.getByRole('radio', { name: 'An access token' }));
    expect(screen.queryByLabelText('Password')).toBeNull();
    await userEvent.type(screen.getByLabelText('Access token'), 'ya29');
    await userEvent.click(screen.getByRole('button', { name: 'Save monitor' }));
    await waitFor(() =>
      expect(bodyOf('POST /api/v1/monitors')?.credentials).toEqual({
        username: 'probe',
        accessToken: 'ya29',
        mechanism: 'auto',
        allowPlaintext: false,
      }),
    );
  });

  it("takes the name of a secret on the agent's host, and says where nobody offers it", async () => {
    const office = aLocation('Head office', 'private', { localSecrets: ['imap-alice'] });
    controller.on('GET /api/v1/locations', () => ({ items: [aLocation('Oslo'), office] }));
    openConsole('/monitors/new');
    await userEvent.type(await screen.findByLabelText('Host'), 'mail.example.com');
    await userEvent.click(screen.getByRole('switch', { name: /^Sign in as well/ }));
    await userEvent.type(screen.getByLabelText('User name'), 'probe');
    await userEvent.click(screen.getByRole('radio', { name: "A secret on the agent's host" }));
    expect(screen.queryByLabelText('Password')).toBeNull();
    expect(screen.getByRole('checkbox', { name: 'All public locations' })).toHaveProperty('checked', false);
    await userEvent.type(screen.getByRole('combobox', { name: 'Its name there' }), 'imap-bob');
    expect(screen.getByText(/^No agent at Head office offers imap-bob yet/)).toBeTruthy();
    await userEvent.clear(screen.getByRole('combobox', { name: 'Its name there' }));
    await userEvent.type(screen.getByRole('combobox', { name: 'Its name there' }), 'imap-alice');
    expect(screen.queryByText(/^No agent at/)).toBeNull();
    await expectAccessible();
    await userEvent.click(screen.getByRole('button', { name: 'Save monitor' }));
    await waitFor(() =>
      expect(bodyOf('POST /api/v1/monitors')?.credentials).toEqual({
        username: 'probe',
        localSecret: 'imap-alice',
        mechanism: 'auto',
        allowPlaintext: false,
      }),
    );
  });

  it('limits single phases, and shows what is wrong with one in its row', async () => {
    controller.on('POST /api/v1/monitors', () =>
      refusal(400, 'invalid', 'Some fields are wrong', [
        { field: 'thresholds.phases[0].warningSeconds', code: 'contradiction', message: 'Not above the error' },
      ]),
    );
    openConsole('/monitors/new');
    await userEvent.type(await screen.findByLabelText('Host'), 'mail.example.com');
    await userEvent.click(screen.getByRole('button', { name: /Options/ }));
    for (const phase of ['Connect', 'Greeting']) {
      await userEvent.click(screen.getByRole('combobox', { name: 'Limit a single phase' }));
      await userEvent.click(await screen.findByRole('option', { name: phase, hidden: true }));
    }
    await userEvent.type(screen.getByLabelText('Greeting: warning from'), '9');
    await userEvent.type(screen.getByLabelText('Greeting: error from'), '6');
    await userEvent.click(screen.getByRole('button', { name: 'Save monitor' }));
    expect(await screen.findAllByText('Not above the error')).toHaveLength(1);
    const greeting = screen.getByLabelText('Greeting: warning from').closest('li') as HTMLElement;
    expect(within(greeting).getByText('Not above the error')).toBeTruthy();
    expect(bodyOf('POST /api/v1/monitors').thresholds).toEqual({
      phases: [{ phase: 'greeting', warningSeconds: 9, errorSeconds: 6 }],
    });
    await userEvent.click(screen.getByRole('button', { name: 'No limit for: Greeting' }));
    expect(screen.queryByLabelText('Greeting: warning from')).toBeNull();
  });

  it('reads an own authority from a file, and says why it does not', async () => {
    openConsole('/monitors/new');
    await userEvent.type(await screen.findByLabelText('Host'), 'mail.example.com');
    await userEvent.click(screen.getByRole('button', { name: /^Certificate/ }));
    const input = document.querySelector<HTMLInputElement>('input[type="file"]') as HTMLInputElement;
    await userEvent.upload(input, new File(['no such thing'], 'ca.pem'));
    expect(await screen.findByText('There is no certificate in this file.')).toBeTruthy();
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
    await userEvent.upload(input, new File([pem], 'ca.pem'));
    expect(await screen.findByText('1 certificate.')).toBeTruthy();
    expect(screen.queryByText('There is no certificate in this file.')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Save monitor' }));
    await waitFor(() => expect(bodyOf('POST /api/v1/monitors')?.certificate?.trustAnchors).toBe(pem));
  });

  it('can be used by everybody', async () => {
    openConsole('/monitors/new');
    await userEvent.click(await screen.findByRole('switch', { name: /^Sign in as well/ }));
    for (const group of [/^Options/, /^Certificate/, /^What it must say/, /^How far it goes/, /^Addresses/]) {
      await userEvent.click(screen.getByRole('button', { name: group }));
    }
    await expectAccessible();
  });
});

describe('Testing a monitor before it is saved', () => {
  const test = (state: 'running' | 'done') => ({
    id: idOf('test'),
    state,
    createdAt: '2026-11-22T05:00:00Z',
    outcomes: [
      {
        locationId: idOf('Frankfurt'),
        locationName: 'Frankfurt',
        state: state === 'done' ? 'done' : 'running',
        result:
          state === 'done'
            ? aResult({
                status: 'ERROR',
                sentence: 'The server refused the login.',
                failure: {
                  category: 'auth',
                  code: 'login-refused',
                  phase: 'tls',
                  fault: 'settings',
                  message: 'The server refused the login.',
                  serverReply: 'A2 NO Authentication failed',
                },
              })
            : undefined,
      },
      { locationId: idOf('Office'), locationName: 'Office', state: 'failed', message: 'No agent is connected there' },
    ],
  });

  it('shows per place failure, advice, phases and transcript', async () => {
    let asked = 0;
    controller
      .on('POST /api/v1/monitor-tests', () => test('running'))
      .on(`GET /api/v1/monitor-tests/${idOf('test')}`, () => test(asked++ > 0 ? 'done' : 'running'));
    openConsole('/monitors/new');
    await userEvent.type(await screen.findByLabelText('Host'), 'mail.example.com');
    await userEvent.click(screen.getByRole('button', { name: 'Test' }));
    expect(await screen.findByText('1 of 2 places has answered …')).toBeTruthy();
    expect(screen.getByText('No agent is connected there')).toBeTruthy();
    expect(await screen.findByText('A2 NO Authentication failed')).toBeTruthy();
    expect(screen.getByText('Good from 0 of 2 places.')).toBeTruthy();
    expect(screen.getByText(/Check user name and password/)).toBeTruthy();
    expect(screen.getByText('TLS handshake – failed here')).toBeTruthy();
    expect(screen.getByText('A1 CAPABILITY')).toBeTruthy();
    const body = controller.callsTo('POST /api/v1/monitor-tests')[0]?.body as MonitorTestRequest | undefined;
    expect(body?.monitor?.host).toBe('mail.example.com');
    expect(controller.callsTo('POST /api/v1/monitors')).toHaveLength(0);
    await expectAccessible();
  });

  it('says why it could not be started', async () => {
    controller.on('POST /api/v1/monitor-tests', () => refusal(429, 'rate-limited', 'At most 10 tests a minute'));
    openConsole('/monitors/new');
    await userEvent.type(await screen.findByLabelText('Host'), 'mail.example.com');
    await userEvent.click(screen.getByRole('button', { name: 'Test' }));
    expect((await screen.findByRole('alert')).textContent).toContain('At most 10 tests a minute');
  });
});

describe('Editing a monitor', () => {
  it('names the revision it began with', async () => {
    openConsole(`/monitors/${saved.id}/edit`);
    const host = await screen.findByLabelText('Host');
    await userEvent.clear(host);
    await userEvent.type(host, 'other.example.com');
    await userEvent.click(screen.getByRole('button', { name: 'Save changes' }));
    await waitFor(() => expect(controller.callsTo(`PUT /api/v1/monitors/${saved.id}`)).toHaveLength(1));
    const call = controller.callsTo(`PUT /api/v1/monitors/${saved.id}`)[0];
    expect(call?.headers.get('If-Match')).toBe('"12"');
    expect(call?.body).toMatchObject({ host: 'other.example.com', name: 'mail.example.com' });
  });

  it('can be given less time than a threshold that nobody has set', async () => {
    openConsole(`/monitors/${saved.id}/edit`);
    const timeout = await screen.findByLabelText('Give up after');
    await userEvent.clear(timeout);
    await userEvent.type(timeout, '15');
    expect(number('Slow: error from')).toBe('');
    await userEvent.click(screen.getByRole('button', { name: 'Save changes' }));
    await waitFor(() => expect(controller.callsTo(`PUT /api/v1/monitors/${saved.id}`)).toHaveLength(1));
    expect(bodyOf(`PUT /api/v1/monitors/${saved.id}`)).toMatchObject({ timeoutSeconds: 15, thresholds: {} });
  });

  it('opens what is set, and takes the certificate that the last run saw for its pin', async () => {
    const fingerprint = 'ab'.repeat(32);
    const certificate = { daysLeft: 9, notAfter: '2026-12-01T00:00:00Z', chain: [], verdicts: [] };
    const lastResult = aResult({ certificate: { ...certificate, fingerprints: [fingerprint] } });
    const pinned = aMonitor('mail.example.com', {
      certificate: { warningDays: 21, errorDays: 7, reportOnly: false, pin: 'cd'.repeat(32) },
      status: { ...saved.status, locations: [aPlace('Frankfurt', { lastResult })] },
    });
    controller.on(`GET /api/v1/monitors/${saved.id}`, () => pinned);
    openConsole(`/monitors/${saved.id}/edit`);
    const group = await screen.findByRole('button', { name: /^Certificate/ });
    expect(group.getAttribute('aria-expanded')).toBe('true');
    expect(screen.getByRole('button', { name: /^What it must say/ }).getAttribute('aria-expanded')).toBe('false');
    await userEvent.click(screen.getByRole('button', { name: 'Take the one the last run saw' }));
    expect(screen.getByLabelText<HTMLInputElement>('Pinned certificate').value).toBe(fingerprint);
    expect(screen.queryByRole('button', { name: 'Take the one the last run saw' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Save changes' }));
    await waitFor(() =>
      expect(bodyOf(`PUT /api/v1/monitors/${saved.id}`)?.certificate).toEqual({ reportOnly: false, pin: fingerprint }),
    );
  });

  it('tells apart the certificates that one place saw over IPv4 and over IPv6', async () => {
    const certificate = { daysLeft: 9, notAfter: '2026-12-01T00:00:00Z', chain: [], verdicts: [] };
    const over = (addressFamily: 'ipv4' | 'ipv6', byte: string) => ({
      addressFamily,
      status: 'OK' as const,
      sentence: 'OK in 120 ms',
      sync: 'in-sync' as const,
      lastResult: aResult({ addressFamily, certificate: { ...certificate, fingerprints: [byte.repeat(32)] } }),
    });
    const both = aPlace('Frankfurt', { families: [over('ipv4', 'ab'), over('ipv6', 'cd')] });
    const parted = aMonitor('mail.example.com', { status: { ...saved.status, locations: [both] } });
    controller.on(`GET /api/v1/monitors/${saved.id}`, () => parted);
    openConsole(`/monitors/${saved.id}/edit`);
    await userEvent.click(await screen.findByRole('button', { name: /^Certificate/ }));
    expect(screen.getByRole('button', { name: 'Take the one seen from Frankfurt, IPv4' })).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Take the one seen from Frankfurt, IPv6' }));
    expect(screen.getByLabelText<HTMLInputElement>('Pinned certificate').value).toBe('cd'.repeat(32));
  });

  it('says that somebody else was faster', async () => {
    controller.on(`PUT /api/v1/monitors/${saved.id}`, () => refusal(412, 'changed', 'It was changed in the meantime'));
    openConsole(`/monitors/${saved.id}/edit`);
    await userEvent.click(await screen.findByRole('button', { name: 'Save changes' }));
    expect((await screen.findByRole('alert')).textContent).toContain('It was changed in the meantime');
    expect(screen.getByRole('button', { name: 'Load what was saved' })).toBeTruthy();
  });
});
