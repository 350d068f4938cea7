import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Agent, Location } from '../../api/types';
import { aLocation, anAgent, aSession, FakeController, refusal } from '../../test/aController';
import { expectAccessible, openConsole } from '../../test/openConsole';

let controller: FakeController;
let location: Location;
let agents: Agent[];

beforeEach(() => {
  location = aLocation('Frankfurt', 'public', { country: 'DE', inPreparation: true, monitors: 0 });
  agents = [];
  controller = new FakeController()
    .on('GET /api/v1/session', () => aSession('OPERATOR'))
    .on('GET /api/v1/locations', () => ({ items: [location] }))
    .on(`GET /api/v1/locations/${location.id}`, () => location)
    .on('GET /api/v1/agents', () => ({ items: agents }))
    .on('GET /api/v1/enrolment-tokens', () => ({ items: [] }))
    .install();
});

describe('Public locations, for operators', () => {
  it('are listed with their country and whether they are open', async () => {
    openConsole('/locations');
    const row = within((await screen.findByText('Frankfurt')).closest('tr') as HTMLElement);
    expect(row.getByText('Germany')).toBeTruthy();
    expect(row.getAllByText(/in preparation/).length).toBeGreaterThan(0);
    expect(screen.queryByRole('columnheader', { name: 'Monitors' })).toBeNull();
    await expectAccessible();
  });

  it('are told of where there are none', async () => {
    controller.on('GET /api/v1/locations', () => ({ items: [] }));
    openConsole('/locations');
    expect(await screen.findByText('No public locations yet')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Add public location' })).toBeTruthy();
  });

  it('are added with a country', async () => {
    controller.on('POST /api/v1/locations', () => location);
    const { at } = openConsole('/locations');
    await userEvent.click(await screen.findByRole('button', { name: 'Add public location' }));
    await userEvent.type(await screen.findByLabelText('Name'), 'Frankfurt');
    await userEvent.click(screen.getByRole('combobox', { name: 'Country' }));
    await userEvent.type(screen.getByRole('combobox', { name: 'Country' }), 'Germ');
    await userEvent.click(await screen.findByRole('option', { name: 'Germany', hidden: true }));
    await userEvent.click(screen.getByRole('button', { name: 'Add location' }));
    await waitFor(() => expect(at()).toBe(`/locations/${location.id}`));
    expect(controller.callsTo('POST /api/v1/locations')[0]?.body).toEqual({ name: 'Frankfurt', country: 'DE' });
  });

  it('without an agent at work say so and are not opened', async () => {
    location = { ...location, state: 'no-agent', agents: 0, agentsOnline: 0 };
    openConsole(`/locations/${location.id}`);
    expect(await screen.findByText(/It can be opened once an agent is at work/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Open to all tenants' })).toBeNull();
    expect(await screen.findByRole('button', { name: 'Add agent' })).toBeTruthy();
  });

  it('are opened after a question that says what moves', async () => {
    controller.on(`POST /api/v1/locations/${location.id}/open`, () => {
      location = { ...location, inPreparation: false };
      return location;
    });
    openConsole(`/locations/${location.id}`);
    await userEvent.click(await screen.findByRole('button', { name: 'Open to all tenants' }));
    const question = await screen.findByRole('dialog', { name: 'Open Frankfurt to all tenants?' });
    expect(question.textContent).toContain('leave the private ones that stood in for it');
    await userEvent.click(within(question).getByRole('button', { name: 'Open the location' }));
    await waitFor(() => expect(screen.queryByText(/In preparation/)).toBeNull());
    expect(screen.getByText(/Every tenant sees it\./)).toBeTruthy();
    await expectAccessible();
  });

  it('that monitors of tenants name are not deleted, and it is said how many do', async () => {
    location = { ...location, agents: 0, agentsOnline: 0, state: 'no-agent', inPreparation: false };
    controller.on(`DELETE /api/v1/locations/${location.id}`, () =>
      refusal(409, 'in-use', 'Frankfurt still has 0 agents and 3 monitors.'),
    );
    openConsole(`/locations/${location.id}`);
    await screen.findByText('No agent yet');
    await userEvent.click(screen.getByRole('button', { name: 'Delete' }));
    const question = within(await screen.findByRole('dialog', { name: 'Delete Frankfurt?' }));
    await userEvent.click(question.getByRole('button', { name: 'Delete the location' }));
    expect(await question.findByText(/3 monitors/)).toBeTruthy();
  });

  it('tell before an agent goes that it concerns every tenant, and ask for no monitors', async () => {
    agents = [anAgent('fra-1', location)];
    openConsole(`/locations/${location.id}`);
    const card = within(await screen.findByRole('article', { name: 'fra-1' }));
    await userEvent.click(card.getByRole('button', { name: 'Revoke: fra-1' }));
    const question = await screen.findByRole('dialog', { name: 'Revoke fra-1?' });
    expect(question.textContent).toContain('Every tenant\u2019s checks from here stop');
    expect(controller.callsTo('GET /api/v1/monitors')).toHaveLength(0);
  });
});

describe('Public locations, for everybody else', () => {
  it('are seen with their country and changed by nobody', async () => {
    controller.on('GET /api/v1/session', () => aSession('OWNER'));
    location = { ...location, inPreparation: false };
    openConsole(`/locations/${location.id}`);
    expect(await screen.findByText('Germany')).toBeTruthy();
    expect(await screen.findByText('Agents of the platform')).toBeTruthy();
    expect(screen.queryByText('No agent yet')).toBeNull();
    for (const name of ['Add agent', 'Edit', 'Rename', 'Delete', 'Open to all tenants']) {
      expect(screen.queryByRole('button', { name })).toBeNull();
    }
  });
});
