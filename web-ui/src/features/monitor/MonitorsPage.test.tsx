import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { aMonitor, aPlace, aSession, FakeController, refusal } from '../../test/aController';
import { expectAccessible, openConsole } from '../../test/openConsole';

let controller: FakeController;

const failing = aMonitor('Old relay', {
  status: {
    status: 'ERROR',
    sentence: 'In error from 1 of 2 places.',
    reportingLocations: 2,
    failingLocations: 1,
    certificateDaysLeft: 3,
    lastRunAt: '2026-11-22T05:00:00Z',
    locations: [aPlace('Oslo', { status: 'ERROR', sentence: 'The certificate has expired.' }), aPlace('Frankfurt')],
  },
});

beforeEach(() => {
  controller = new FakeController()
    .on('GET /api/v1/monitors/counts', () => ({ error: 1, warning: 0, noData: 0, ok: 133, paused: 0 }))
    .on('GET /api/v1/monitors', ({ query }) => ({
      items: [failing, aMonitor('Mailboxes')].filter(
        ({ status }) => !query.get('status') || status.status === query.get('status'),
      ),
    }))
    .install();
});

const rowOf = async (name: string) => within((await screen.findByText(name)).closest('tr') as HTMLElement);

describe('The list of monitors', () => {
  it('shows status in words, places by name, and how long the certificate lasts', async () => {
    openConsole('/monitors');
    const row = await rowOf('Old relay');
    expect(row.getByText('Error')).toBeTruthy();
    expect(row.getByRole('button', { name: 'Oslo: Error, Frankfurt: OK' })).toBeTruthy();
    expect(row.getByText('3 days')).toBeTruthy();
    expect(row.getByLabelText('Error:')).toBeTruthy();
    await expectAccessible();
  });

  it('tells what a place says when its dots have the focus', async () => {
    openConsole('/monitors');
    const row = await rowOf('Old relay');
    row.getByRole('button', { name: /Oslo/ }).focus();
    expect(await screen.findByText('The certificate has expired.')).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByText('The certificate has expired.')).toBeNull());
  });

  it('says how things stand in one sentence', async () => {
    openConsole('/monitors');
    expect(await screen.findByText('1 of 134 monitors in error.')).toBeTruthy();
  });

  it('is what its URL says', async () => {
    openConsole('/monitors?status=ERROR&sort=host&q=relay');
    await screen.findByText('Old relay');
    const asked = controller.callsTo('GET /api/v1/monitors').map(({ query }) => Object.fromEntries(query));
    expect(asked).toContainEqual({ status: 'ERROR', sort: 'host', q: 'relay', limit: '100' });
    expect(screen.getByLabelText<HTMLInputElement>('Search by name or host').value).toBe('relay');
  });

  it('puts filters and order into its URL', async () => {
    const { at } = openConsole('/monitors');
    await screen.findByText('Old relay');
    await userEvent.type(screen.getByLabelText('Search by name or host'), 'old');
    await waitFor(() => expect(at()).toBe('/monitors?q=old'));
    await userEvent.click(screen.getByRole('button', { name: 'Name' }));
    await waitFor(() => expect(at()).toBe('/monitors?q=old&sort=name'));
    expect(screen.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('ascending');
  });

  it('loads further pages when asked', async () => {
    controller.on('GET /api/v1/monitors', ({ query }) =>
      query.get('cursor')
        ? { items: [aMonitor('Second page')] }
        : { items: [aMonitor('First page')], nextCursor: 'c2' },
    );
    openConsole('/monitors');
    await userEvent.click(await screen.findByRole('button', { name: 'Show more' }));
    expect(await screen.findByText('Second page')).toBeTruthy();
    expect(screen.getByText('First page')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
  });

  it('offers one button when there is nothing yet', async () => {
    controller.on('GET /api/v1/monitors', () => ({ items: [] }));
    openConsole('/monitors');
    expect(await screen.findByText('No monitors yet')).toBeTruthy();
    expect(screen.getAllByRole('link', { name: 'Add monitor' })).toHaveLength(1);
    await expectAccessible();
  });

  it('says that filters are the reason when they are', async () => {
    const { at } = openConsole('/monitors?status=NO_DATA');
    await userEvent.click(await screen.findByRole('button', { name: 'Clear the filters' }));
    expect(await screen.findByText('Mailboxes')).toBeTruthy();
    expect(at()).toBe('/monitors');
  });

  it("shows the problem's detail when it can't be had", async () => {
    controller.on('GET /api/v1/monitors', () => refusal(503, 'unavailable', 'The database is being restarted'));
    openConsole('/monitors');
    expect(await screen.findByText('The database is being restarted', { selector: 'p' })).toBeTruthy();
  });

  it('offers nothing that a viewer may not do', async () => {
    controller.on('GET /api/v1/session', () => aSession('VIEWER'));
    openConsole('/monitors');
    await screen.findByText('Mailboxes');
    expect(screen.queryByRole('link', { name: 'Add monitor' })).toBeNull();
  });
});
