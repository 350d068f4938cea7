import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { aMonitor, FakeController, idOf } from '../../test/aController';
import { expectAccessible, openConsole } from '../../test/openConsole';

it('says that a login is suspended, what to do, and tries it once where somebody wants that', async () => {
  const monitor = aMonitor('Mailboxes');
  const suspended = { ...monitor, status: { ...monitor.status, loginSuspendedSince: '2026-11-22T04:00:00Z' } };
  const test = { id: idOf('test'), state: 'running', createdAt: '2026-11-22T05:00:00Z', outcomes: [] };
  const controller = new FakeController()
    .on(`GET /api/v1/monitors/${monitor.id}`, () => suspended)
    .on('POST /api/v1/monitor-tests', () => test)
    .on(`GET /api/v1/monitor-tests/${test.id}`, () => test)
    .install();
  openConsole(`/monitors/${monitor.id}`);

  expect(await screen.findByText('The login is suspended')).toBeTruthy();
  expect(screen.getByText(/enter the right password: then it is tried again at once/)).toBeTruthy();
  await expectAccessible();

  await userEvent.click(screen.getByRole('button', { name: 'Try the login once' }));
  expect(controller.callsTo('POST /api/v1/monitor-tests')[0]?.body).toEqual({
    monitorId: monitor.id,
    trySuspendedLogin: true,
  });
});

it("says where the secret is that is to be put right, where only the agent's host knows it", async () => {
  const monitor = aMonitor('Mailboxes');
  new FakeController()
    .on(`GET /api/v1/monitors/${monitor.id}`, () => ({
      ...monitor,
      status: { ...monitor.status, loginSuspendedSince: '2026-11-22T04:00:00Z' },
      credentials: {
        username: 'probe',
        localSecret: 'imap-alice',
        mechanism: 'auto',
        allowPlaintext: false,
        passwordSet: false,
        accessTokenSet: false,
      },
    }))
    .install();
  openConsole(`/monitors/${monitor.id}`);

  expect(
    await screen.findByText(/on the agent's host, then edit the monitor and save it: then it is tried/),
  ).toBeTruthy();
});
