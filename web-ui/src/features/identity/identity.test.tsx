import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aMonitor, aSession, FakeController, refusal } from '../../test/aController';
import { expectAccessible, openConsole } from '../../test/openConsole';

let controller: FakeController;
let signedIn: boolean;

beforeEach(() => {
  signedIn = false;
  controller = new FakeController()
    .on('GET /api/v1/session', () => (signedIn ? aSession() : refusal(401, 'unauthenticated', 'Sign in first')))
    .on('POST /api/v1/session', ({ body }) => {
      if ((body as { password: string }).password !== 'right horse') {
        return refusal(401, 'bad-credentials', 'E-mail or password is wrong');
      }
      signedIn = true;
      return aSession();
    })
    .on('DELETE /api/v1/session', () => {
      signedIn = false;
      return undefined;
    })
    .install();
});

async function signIn(password: string) {
  await userEvent.type(await screen.findByLabelText('E-mail'), 'ada@example.com');
  await userEvent.type(screen.getByLabelText('Password'), password);
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
}

describe('Signing in', () => {
  it('comes before any page, and leads back to the one that was asked for', async () => {
    const { at } = openConsole('/components');
    await signIn('right horse');
    expect(await screen.findByRole('heading', { name: 'Components' })).toBeTruthy();
    expect(at()).toBe('/components');
  });

  it('says what the controller says when it fails, and keeps what was typed', async () => {
    openConsole('/monitors');
    await signIn('wrong');
    expect((await screen.findByRole('alert')).textContent).toContain('E-mail or password is wrong');
    expect(screen.getByLabelText<HTMLInputElement>('E-mail').value).toBe('ada@example.com');
    await expectAccessible();
  });

  it('is asked for again once the session has ended', async () => {
    signedIn = true;
    const { at, queryClient } = openConsole('/monitors');
    await screen.findByText('No monitors yet');
    controller.on('GET /api/v1/monitors', () => refusal(401, 'unauthenticated', 'The session has ended'));
    signedIn = false;
    await queryClient.invalidateQueries({ queryKey: ['monitors'] });
    expect(await screen.findByRole('button', { name: 'Sign in' })).toBeTruthy();
    expect(at()).toContain('back=');
  });

  it('ends with signing out, told to the controller with the CSRF token', async () => {
    signedIn = true;
    openConsole('/monitors');
    await userEvent.click(await screen.findByRole('button', { name: 'Sign out' }));
    expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeTruthy();
    expect(controller.callsTo('DELETE /api/v1/session')[0]?.headers.get('Postwatch-Csrf-Token')).toBe('csrf-1');
  });
});

describe('Each call', () => {
  it('names the tenant, and only those that change something carry the CSRF token', async () => {
    signedIn = true;
    controller.on('GET /api/v1/monitors', () => ({ items: [aMonitor('Mailboxes')] }));
    openConsole('/monitors');
    await screen.findByText('Mailboxes');
    const headers = controller.callsTo('GET /api/v1/monitors')[0]?.headers;
    expect(headers?.get('Postwatch-Tenant')).toBe(aSession().tenants[0]?.id);
    expect(headers?.get('Postwatch-Csrf-Token')).toBeNull();
  });
});

describe('A session that was renewed in another tab', () => {
  it('is taken over after the first refusal', async () => {
    signedIn = true;
    let token = 'csrf-1';
    controller
      .on('GET /api/v1/session', () => ({ ...aSession(), csrfToken: token }))
      .on('DELETE /api/v1/session', ({ headers }) => {
        if (headers.get('Postwatch-Csrf-Token') !== token) {
          return refusal(403, 'csrf-token-invalid', 'Not the token of this session');
        }
        signedIn = false;
        return undefined;
      });
    const { queryClient } = openConsole('/monitors');
    const signOut = await screen.findByRole('button', { name: 'Sign out' });
    token = 'csrf-2';
    await userEvent.click(signOut);
    await waitFor(() => expect(queryClient.getQueryData(['session'])).toMatchObject({ csrfToken: 'csrf-2' }));
    await userEvent.click(signOut);
    expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeTruthy();
  });
});

describe('The first run', () => {
  beforeEach(() => {
    controller.on('GET /api/v1/setup', () => ({ needed: !signedIn }));
  });

  it('is where everybody lands until it is done', async () => {
    openConsole('/monitors');
    expect(await screen.findByRole('heading', { name: 'Set up Postwatch' })).toBeTruthy();
  });

  it('takes the token from the URL and makes the owner', async () => {
    controller.on('POST /api/v1/setup', () => {
      signedIn = true;
      return aSession();
    });
    openConsole('/setup?token=one-time');
    expect((await screen.findByLabelText<HTMLInputElement>('Set-up token')).value).toBe('one-time');
    await expectAccessible();
    await userEvent.type(screen.getByLabelText('E-mail'), 'ada@example.com');
    await userEvent.type(screen.getByLabelText('Password'), 'correct horse battery');
    await userEvent.type(screen.getByLabelText('Organisation'), 'Example GmbH');
    await userEvent.click(screen.getByRole('button', { name: 'Make the account' }));
    expect(await screen.findByText('No monitors yet')).toBeTruthy();
    expect(controller.callsTo('POST /api/v1/setup')[0]?.body).toEqual({
      token: 'one-time',
      email: 'ada@example.com',
      password: 'correct horse battery',
      tenantName: 'Example GmbH',
    });
  });

  it('shows what is wrong with a field at the field', async () => {
    controller.on('POST /api/v1/setup', () =>
      refusal(400, 'invalid', 'Some fields are wrong', [
        { field: 'password', code: 'too-short', message: 'At least 12 characters' },
      ]),
    );
    openConsole('/setup?token=t');
    await userEvent.type(await screen.findByLabelText('E-mail'), 'ada@example.com');
    await userEvent.type(screen.getByLabelText('Password'), 'short');
    await userEvent.click(screen.getByRole('button', { name: 'Make the account' }));
    expect(await screen.findByText('At least 12 characters')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('is over once it was done', async () => {
    controller.on('GET /api/v1/setup', () => ({ needed: false }));
    openConsole('/setup?token=late');
    expect(await screen.findByRole('heading', { name: 'Already set up' })).toBeTruthy();
  });
});

describe('A page that does not exist', () => {
  it('says so inside of the console', async () => {
    signedIn = true;
    openConsole('/nowhere');
    expect(await screen.findByRole('heading', { name: 'There is nothing here' })).toBeTruthy();
    await waitFor(() => expect(document.title).toContain('There is nothing here'));
  });
});

describe('While the controller is away', () => {
  it('the console says so and comes up by itself once it is back', async () => {
    signedIn = true;
    const answering = globalThis.fetch;
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    openConsole('/monitors');
    expect((await screen.findByRole('alert')).textContent).toContain('The controller does not answer');
    await expectAccessible();
    vi.stubGlobal('fetch', answering);
    expect(await screen.findByText('No monitors yet')).toBeTruthy();
  });
});
