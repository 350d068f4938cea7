import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { anAuditEntry, aSession, FakeController, idOf, refusal } from '../../test/aController';
import { expectAccessible, openConsole } from '../../test/openConsole';

let controller: FakeController;

beforeEach(() => {
  controller = new FakeController()
    .on('GET /api/v1/audit/acts', () => ({
      items: [
        { code: 'agent.revoked', title: 'Revoked the agent …' },
        { code: 'user.signed-in', title: 'Signed in' },
      ],
    }))
    .on('GET /api/v1/audit', () => ({ items: [anAuditEntry('Revoked the agent cellar')] }))
    .install();
});

describe('The audit record', () => {
  it('says who did what, from where, and about what', async () => {
    openConsole('/audit');
    const row = within((await screen.findByText('Revoked the agent cellar')).closest('tr') as HTMLElement);
    expect(row.getAllByText('ada@example.com').length).toBeGreaterThan(0);
    expect(row.getAllByText('192.0.2.7').length).toBeGreaterThan(0);
    expect(row.getByText('name before: attic')).toBeTruthy();
    expect(row.getByText('agent')).toBeTruthy();
    await expectAccessible();
  });

  it('is filtered by its URL', async () => {
    openConsole('/audit?act=agent.revoked&actor=ada&subject=cellar&from=2026-11-22&to=2026-11-22');
    await screen.findByText('Revoked the agent cellar');
    const query = controller.callsTo('GET /api/v1/audit')[0]?.query;
    expect(query?.getAll('act')).toEqual(['agent.revoked']);
    expect(query?.get('actor')).toBe('ada');
    expect(query?.get('subject')).toBe('cellar');
    const from = new Date(query?.get('from') ?? '');
    const to = new Date(query?.get('to') ?? '');
    expect(to.getTime() - from.getTime()).toBe(24 * 3_600_000);
    expect(from).toEqual(new Date('2026-11-22T00:00:00'));
  });

  it('is filtered by what was done, chosen from what the controller records', async () => {
    const { at } = openConsole('/audit');
    await userEvent.click(await screen.findByRole('combobox', { name: 'What' }));
    await userEvent.click(await screen.findByRole('option', { name: 'Signed in', hidden: true }));
    await waitFor(() => expect(at()).toBe('/audit?act=user.signed-in'));
    await waitFor(() =>
      expect(controller.callsTo('GET /api/v1/audit').at(-1)?.query.getAll('act')).toEqual(['user.signed-in']),
    );
  });

  it('is exported as it is filtered', async () => {
    openConsole('/audit?act=agent.revoked&actor=ada');
    const link = await screen.findByRole('link', { name: 'Export CSV' });
    const url = new URL(link.getAttribute('href') ?? '');
    expect(url.pathname).toBe('/api/v1/audit/export');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      format: 'csv',
      tenant: idOf('tenant'),
      act: 'agent.revoked',
      actor: 'ada',
    });
    const lines = screen.getByRole('link', { name: 'Export JSON lines' });
    expect(lines.getAttribute('href')).toContain('format=jsonl');
  });

  it('comes in parts', async () => {
    controller.on('GET /api/v1/audit', ({ query }) =>
      query.get('cursor') === 'older'
        ? { items: [anAuditEntry('Made the location Paris')] }
        : { items: [anAuditEntry('Revoked the agent cellar')], nextCursor: 'older' },
    );
    openConsole('/audit');
    await userEvent.click(await screen.findByRole('button', { name: 'Show older entries' }));
    expect(await screen.findByText('Made the location Paris')).toBeTruthy();
    expect(screen.getByText('Revoked the agent cellar')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Show older entries' })).toBeNull();
  });

  it('that has nothing yet says what will be there', async () => {
    controller.on('GET /api/v1/audit', () => ({ items: [] }));
    openConsole('/audit');
    expect(await screen.findByText('Nothing on record yet')).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'Export CSV' })).toBeNull();
  });

  it('that has nothing for the filters lets them be cleared', async () => {
    controller.on('GET /api/v1/audit', () => ({ items: [] }));
    const { at } = openConsole('/audit?actor=nobody');
    await userEvent.click(await screen.findByRole('button', { name: 'Clear the filters' }));
    await waitFor(() => expect(at()).toBe('/audit'));
  });

  it('is for administrators', async () => {
    controller
      .on('GET /api/v1/session', () => aSession('EDITOR'))
      .on('GET /api/v1/audit', () => refusal(403, 'permission-denied', 'Ask an owner or administrator of the tenant.'));
    openConsole('/audit');
    expect((await screen.findByRole('alert')).textContent).toContain('Ask an owner or administrator');
    expect(screen.queryByRole('link', { name: 'Audit' })).toBeNull();
  });
});
