import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Operator } from '../../api/types';
import { aSession, FakeController, idOf, refusal } from '../../test/aController';
import { expectAccessible, openConsole } from '../../test/openConsole';

const ada: Operator = { id: idOf('ada'), email: 'ada@example.com', since: '2026-11-22T05:00:00Z' };
const bert: Operator = { id: idOf('bert'), email: 'bert@example.com', since: '2026-11-22T06:00:00Z' };
let controller: FakeController;
let operators: Operator[];

beforeEach(() => {
  operators = [ada, bert];
  controller = new FakeController()
    .on('GET /api/v1/session', () => aSession('OPERATOR'))
    .on('GET /api/v1/operators', () => ({ items: operators }))
    .install();
});

describe('The operator', () => {
  it('begins with the public locations, and is shown nothing of tenants', async () => {
    const { at } = openConsole('/');
    await waitFor(() => expect(at()).toBe('/locations'));
    const main = within(await screen.findByRole('navigation', { name: 'Main' }));
    expect(main.getAllByRole('link').map((link) => link.textContent)).toEqual([
      'Public locations',
      'Operators',
      'Authority',
      'Audit',
    ]);
    await expectAccessible();
  });

  it('gets from a tenant of theirs to the platform', async () => {
    const mine = aSession('VIEWER');
    controller.on('GET /api/v1/session', () => ({
      ...mine,
      tenants: [...mine.tenants, { id: idOf('platform'), name: 'Platform', role: 'OPERATOR' }],
    }));
    openConsole('/');
    const main = within(await screen.findByRole('navigation', { name: 'Main' }));
    expect(main.getByRole('button', { name: 'Operator' })).toBeTruthy();
    expect(main.getByRole('link', { name: 'Monitors' })).toBeTruthy();
    expect(main.queryByRole('link', { name: 'Operators' })).toBeNull();
  });
});

describe('Operators', () => {
  it('are listed with who one is oneself', async () => {
    openConsole('/operators');
    const row = within((await screen.findByText('(you)')).closest('tr') as HTMLElement);
    expect(row.getByText(/ada@example.com/)).toBeTruthy();
    expect(screen.getByText('bert@example.com')).toBeTruthy();
    await expectAccessible();
  });

  it('are no page for anybody else', async () => {
    controller.on('GET /api/v1/session', () => aSession('OWNER'));
    openConsole('/operators');
    await screen.findByRole('link', { name: 'Monitors' });
    expect(screen.queryByRole('heading', { name: 'Operators' })).toBeNull();
    expect(controller.callsTo('GET /api/v1/operators')).toHaveLength(0);
  });

  it('are added by e-mail address, with the refusal at the field', async () => {
    controller.on('POST /api/v1/operators', () =>
      refusal(400, 'invalid-fields', 'Nobody.', [
        { field: 'email', code: 'unknown', message: 'Nobody with this e-mail address has an account here' },
      ]),
    );
    openConsole('/operators');
    await userEvent.click(await screen.findByRole('button', { name: 'Add operator' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Add an operator' }));
    await userEvent.type(dialog.getByLabelText('E-mail'), 'carl@example.com');
    await userEvent.click(dialog.getByRole('button', { name: 'Add operator' }));
    expect(await dialog.findByText('Nobody with this e-mail address has an account here')).toBeTruthy();
    expect(controller.callsTo('POST /api/v1/operators')[0]?.body).toEqual({ email: 'carl@example.com' });
  });

  it('lose the role after a question that says what stays', async () => {
    controller.on(`DELETE /api/v1/operators/${bert.id}`, () => {
      operators = [ada];
      return undefined;
    });
    openConsole('/operators');
    await userEvent.click(await screen.findByRole('button', { name: 'Dismiss: bert@example.com' }));
    const question = await screen.findByRole('dialog', { name: 'Take the role of an operator from bert@example.com?' });
    expect(question.textContent).toContain('so does what they are in other tenants');
    await userEvent.click(within(question).getByRole('button', { name: 'Take the role away' }));
    expect(await screen.findByText('The only one, so the role stays')).toBeTruthy();
    expect(screen.queryByText('bert@example.com')).toBeNull();
  });
});
