import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Agent, LocationStatus, Monitor } from '../../api/types';
import { aLocation, aMonitor, anAgent, aPlace, aSession, FakeController, idOf } from '../../test/aController';
import { expectAccessible, openConsole } from '../../test/openConsole';

const office = aLocation('Office', 'private', { agents: 2 });
let controller: FakeController;
let agents: Agent[];

beforeEach(() => {
  agents = [];
  controller = new FakeController()
    .on('GET /api/v1/locations', () => ({ items: [aLocation('Oslo'), office] }))
    .on(`GET /api/v1/locations/${office.id}`, () => office)
    .on('GET /api/v1/agents', () => ({ items: agents }))
    .on('GET /api/v1/enrolment-tokens', () => ({ items: [] }))
    .on('GET /api/v1/monitors', ({ query }) => ({ items: query.get('locationId') === office.id ? monitorsHere() : [] }))
    .install();
});

function monitorsHere() {
  const at = (name: string, locations: LocationStatus[], more: Partial<Monitor> = {}) => {
    const monitor = aMonitor(name, more);
    return { ...monitor, status: { ...monitor.status, locations } };
  };
  return [
    at('Everywhere', [aPlace('Office'), aPlace('Oslo')]),
    at('Inside', [aPlace('Office'), aPlace('Oslo', { status: 'NO_DATA' })]),
    at('Resting', [aPlace('Office')], { paused: true }),
  ];
}

const cardOf = async (name: string) => within(await screen.findByRole('article', { name }));

describe('Locations', () => {
  it('are listed with state, kind and agents', async () => {
    openConsole('/locations');
    const row = within((await screen.findByText('Office')).closest('tr') as HTMLElement);
    expect(row.getByText('Online')).toBeTruthy();
    expect(row.getByText('Private')).toBeTruthy();
    expect(row.getByText('1 of 2')).toBeTruthy();
    await expectAccessible();
  });

  it('are added by name, and lead to the agents', async () => {
    controller.on('POST /api/v1/locations', () => office);
    const { at } = openConsole('/locations');
    await userEvent.click(await screen.findByRole('button', { name: 'Add private location' }));
    await userEvent.type(await screen.findByLabelText('Name'), 'Office');
    await userEvent.click(screen.getByRole('button', { name: 'Add location' }));
    await waitFor(() => expect(at()).toBe(`/locations/${office.id}`));
    expect(controller.callsTo('POST /api/v1/locations')[0]?.body).toEqual({ name: 'Office' });
  });

  it('that are silent say since when', async () => {
    const silent = aLocation('Lyon', 'private', {
      state: 'silent',
      agentsOnline: 0,
      silentSince: '2026-11-22T03:12:08Z',
    });
    controller
      .on('GET /api/v1/locations', () => ({ items: [silent] }))
      .on(`GET /api/v1/locations/${silent.id}`, () => silent);
    openConsole(`/locations/${silent.id}`);
    const sentence = await screen.findByText(/No agent has reported since/);
    expect(sentence.textContent).toContain('No agent has reported since 2026-11-22 03:12:08 UTC');
  });

  it('that are in use say what has to go first, and are not asked for', async () => {
    agents = [anAgent('office-1', office), anAgent('old', office, { state: 'revoked' })];
    openConsole(`/locations/${office.id}`);
    await cardOf('old');
    await userEvent.click(screen.getByRole('button', { name: 'Delete' }));
    const told = await screen.findByRole('dialog', { name: 'Office is in use' });
    expect(told.textContent).toContain('2 agents belong to it: revoke them, then delete them.');
    const monitors = within(told).getByRole('link', { name: '1 monitor' });
    expect(monitors.getAttribute('href')).toContain(`location=${office.id}`);
    expect(within(told).queryByRole('button', { name: /Delete/ })).toBeNull();
    await expectAccessible();
  });

  it('that nothing depends on are deleted after a question that says what goes with them', async () => {
    const unused = { ...office, agents: 0, agentsOnline: 0, monitors: 0, state: 'no-agent' as const };
    controller
      .on(`GET /api/v1/locations/${office.id}`, () => unused)
      .on(`DELETE /api/v1/locations/${office.id}`, () => undefined);
    const { at } = openConsole(`/locations/${office.id}`);
    expect(await screen.findByText('No agent yet')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Delete' }));
    const question = await screen.findByRole('dialog', { name: 'Delete Office?' });
    expect(question.textContent).toContain('Its enrolment tokens end with it; what was measured from it stays');
    expect(controller.callsTo(`DELETE /api/v1/locations/${office.id}`)).toHaveLength(0);
    await userEvent.click(within(question).getByRole('button', { name: 'Delete the location' }));
    await waitFor(() => expect(at()).toBe('/locations'));
  });

  it('without a monitor say how one comes to run there', async () => {
    controller.on(`GET /api/v1/locations/${office.id}`, () => ({ ...office, monitors: 0 }));
    openConsole(`/locations/${office.id}`);
    expect((await screen.findByText(/No monitor runs from here yet/)).textContent).toContain('add one');
    expect(screen.getByRole('link', { name: 'add one' }).getAttribute('href')).toContain('/monitors/new');
  });

  it('are changed by administrators only', async () => {
    controller.on('GET /api/v1/session', () => aSession('EDITOR'));
    agents = [anAgent('office-1', office)];
    openConsole(`/locations/${office.id}`);
    const card = await cardOf('office-1');
    expect(card.queryByRole('button')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Add agent' })).toBeNull();
  });

  it('are told of where there are none, with what to do next', async () => {
    controller.on('GET /api/v1/locations', () => ({ items: [] }));
    openConsole('/locations');
    expect(await screen.findByText('No locations yet')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Add private location' })).toBeTruthy();
    await expectAccessible();
  });
});

describe('Agents', () => {
  it('that wait for approval show the fingerprint, and are approved or refused after a question', async () => {
    const waiting = anAgent('newcomer', office, { state: 'awaiting-approval' });
    agents = [waiting];
    controller
      .on(`POST /api/v1/agents/${waiting.id}/approve`, () => waiting)
      .on(`POST /api/v1/agents/${waiting.id}/refuse`, () => waiting);
    openConsole(`/locations/${office.id}`);
    const card = await cardOf('newcomer');
    expect(card.getByText('Waits for approval')).toBeTruthy();
    expect(card.getByText('0123-4567-89ab-cdef-0123-4567-89ab-cdef')).toBeTruthy();
    expect(card.queryByRole('button', { name: 'Revoke: newcomer' })).toBeNull();
    await expectAccessible();
    await userEvent.click(card.getByRole('button', { name: 'Refuse: newcomer' }));
    const question = await screen.findByRole('dialog', { name: 'Refuse newcomer?' });
    expect(controller.callsTo(`POST /api/v1/agents/${waiting.id}/refuse`)).toHaveLength(0);
    await userEvent.click(within(question).getByRole('button', { name: 'Let it wait' }));
    await userEvent.click(card.getByRole('button', { name: 'Approve: newcomer' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Approve the agent' }));
    await waitFor(() => expect(controller.callsTo(`POST /api/v1/agents/${waiting.id}/approve`)).toHaveLength(1));
  });

  it('of which there are two copies say why they are locked and from where they came', async () => {
    const copied = anAgent('twin', office, { state: 'cloned' });
    agents = [
      {
        ...copied,
        identity: {
          ...copied.identity,
          copies: { since: '2026-11-22T03:12:08Z', sign: 'two-processes', addresses: ['192.0.2.1', '192.0.2.2'] },
        },
      },
    ];
    openConsole(`/locations/${office.id}`);
    const card = await cardOf('twin');
    expect(card.getByText('Locked: two copies')).toBeTruthy();
    const told = card.getByText(/neither has been let in since/);
    expect(told.textContent).toContain('two processes took turns');
    expect(told.textContent).toContain('192.0.2.1 and 192.0.2.2');
    await expectAccessible();
  });

  it('are given a new host after a question, by a command', async () => {
    const lost = anAgent('gone', office, { state: 'offline' });
    agents = [lost];
    controller.on(`POST /api/v1/agents/${lost.id}/replacement`, () => ({
      id: idOf('token'),
      locationId: office.id,
      prefix: 'pwe_AAAAAAAA',
      state: 'usable',
      needsApproval: false,
      replacesAgentId: lost.id,
      usesLeft: 1,
      expiresAt: '2026-11-22T13:00:00Z',
      createdAt: '2026-11-22T12:00:00Z',
      installCommand: 'POSTWATCH_ENROL_TOKEN=pwe_AAAAAAAA java',
    }));
    openConsole(`/locations/${office.id}`);
    await userEvent.click((await cardOf('gone')).getByRole('button', { name: 'Replace: gone' }));
    const question = await screen.findByRole('dialog', { name: 'Replace the host of gone?' });
    expect(question.textContent).toContain('the old one is never let in again');
    await userEvent.click(within(question).getByRole('button', { name: 'Make the command' }));
    const command = (await screen.findByLabelText('Install command')) as HTMLTextAreaElement;
    expect(command.value).toContain('pwe_AAAAAAAA');
    await expectAccessible();
  });

  it('that never connected are not the same as lost ones', async () => {
    agents = [
      anAgent('fresh', office, { state: 'never-connected' }),
      anAgent('gone', office, { state: 'offline', lastSeenAt: '2026-11-21T05:00:00Z' }),
    ];
    openConsole(`/locations/${office.id}`);
    const fresh = await cardOf('fresh');
    expect(fresh.getByText('Never connected')).toBeTruthy();
    expect(fresh.getByText(/Start it on its host/)).toBeTruthy();
    const gone = await cardOf('gone');
    expect(gone.getByText('Lost')).toBeTruthy();
    expect(gone.getAllByText(/last seen/i)).toHaveLength(1);
    await expectAccessible();
  });

  it('tell which monitors they refused, and why', async () => {
    agents = [
      anAgent('picky', office, {
        sync: {
          state: 'rejected',
          wantedRevision: 8,
          pending: 0,
          rejected: [
            {
              monitorId: idOf('m'),
              monitorName: 'Inbound mail',
              reason: 'address-denied',
              message: 'The address is private.',
            },
          ],
        },
      }),
    ];
    openConsole(`/locations/${office.id}`);
    const card = await cardOf('picky');
    expect(card.getByText(/It refused/).textContent).toContain('1 monitor');
    expect(card.getByText(/The address is private/)).toBeTruthy();
    expect(card.getByRole('link', { name: 'Inbound mail' })).toBeTruthy();
  });

  it('warn of a clock that is off', async () => {
    agents = [anAgent('late', office, { clockOffsetMillis: -5_000, scheduleLagMillis: 2 })];
    openConsole(`/locations/${office.id}`);
    const card = await cardOf('late');
    expect(card.getByLabelText('Warning:').parentElement?.textContent).toContain('5.00 s');
  });

  it('tell what the network around them keeps from them', async () => {
    agents = [anAgent('walled', office, { ipv4: true, ipv6: false, blockedPorts: [25, 587] }), anAgent('free', office)];
    openConsole(`/locations/${office.id}`);
    const card = await cardOf('walled');
    expect(card.getByText('IPv4, no IPv6')).toBeTruthy();
    expect(card.getByLabelText('Warning:').parentElement?.textContent).toContain('port 25, port 587 blocked');
    expect((await cardOf('free')).queryByText('Way out')).toBeNull();
  });

  it('are brought in by a command that is shown once, and greeted when they come', async () => {
    const token = {
      id: idOf('token'),
      locationId: office.id,
      prefix: 'pwe_abc',
      state: 'usable',
      usesLeft: 1,
      expiresAt: '2026-11-22T06:00:00Z',
      createdAt: '2026-11-22T05:00:00Z',
    };
    const command =
      'POSTWATCH_ENROL_TOKEN=pwe_abcdef java @postwatch-agent.options -jar postwatch-agent.jar run --state ~/.postwatch-agent/pwe_abc --controller localhost:9443';
    controller.on('POST /api/v1/enrolment-tokens', () => ({
      ...token,
      token: 'pwe_abcdef',
      installCommand: command,
    }));
    const { queryClient } = openConsole(`/locations/${office.id}`);
    await userEvent.click(await screen.findByRole('button', { name: 'Add agent' }));
    expect((await screen.findByLabelText<HTMLTextAreaElement>('Install command')).value).toBe(command);
    expect(screen.getByText('agent/target')).toBeTruthy();
    expect(screen.getByText('Waiting for the agent …')).toBeTruthy();
    expect(controller.callsTo('POST /api/v1/enrolment-tokens')).toHaveLength(1);
    await expectAccessible();

    agents = [anAgent('office-1', office, { createdAt: '2026-11-22T05:00:30Z' })];
    await queryClient.invalidateQueries({ queryKey: ['agents'] });
    expect(await screen.findByText(/office-1 is connected/)).toBeTruthy();
  });

  it('run late and skip runs for everybody to see', async () => {
    agents = [
      anAgent('busy', office, { scheduleLagMillis: 2_300, skippedRuns: 40, skippedRunsLastMinute: 7 }),
      anAgent('calm', office, { scheduleLagMillis: 4, skippedRuns: 2, skippedRunsLastMinute: 0 }),
    ];
    openConsole(`/locations/${office.id}`);
    const busy = await cardOf('busy');
    expect(busy.getByText('Runs begin late by').nextElementSibling?.textContent).toContain('2.30 s at most');
    expect(busy.getByText('Skipped runs').nextElementSibling?.textContent).toContain(
      '7 in the last minute, 40 since it connected',
    );
    expect(busy.getAllByLabelText('Warning:')).toHaveLength(2);
    const calm = await cardOf('calm');
    expect(calm.getByText('2 since it connected, none in the last minute')).toBeTruthy();
    expect(calm.queryByLabelText('Warning:')).toBeNull();
  });

  it('that are lost are in sync only as far as they said', async () => {
    agents = [
      anAgent('gone', office, {
        state: 'offline',
        lastSeenAt: '2026-11-19T05:00:00Z',
        sync: { state: 'unknown', appliedRevision: 7, wantedRevision: 7, pending: 0, rejected: [] },
      }),
    ];
    openConsole(`/locations/${office.id}`);
    const card = await cardOf('gone');
    expect(card.getByText(/Not known/).textContent).toContain(
      'Not known since 2026-11-19 05:00:00 UTC: when it was last heard, it ran what it should.',
    );
    expect(card.queryByText(/In sync/)).toBeNull();
    await expectAccessible();
  });

  it('say which results they lost, and when', async () => {
    const gap = {
      from: '2026-11-20T01:00:00Z',
      to: '2026-11-20T03:30:00Z',
      rows: 1204,
      reason: 'spool-full' as const,
      message: 'The agent lost 1204 results: its room for results that wait to be sent was full.',
      toldAt: '2026-11-20T04:00:00Z',
    };
    const before = {
      ...gap,
      rows: undefined,
      reason: 'spool-damaged' as const,
      message: 'The agent lost results.',
      toldAt: '2026-11-19T04:00:00Z',
    };
    const full = anAgent('full', office, { lastGap: gap, gaps: 2 });
    const often = anAgent('often', office, { lastGap: gap, gaps: 1000 });
    agents = [full, often, anAgent('whole', office)];
    controller.on(`GET /api/v1/agents/${full.id}/gaps`, () => ({ items: [gap, before] }));
    openConsole(`/locations/${office.id}`);
    const card = await cardOf('full');
    expect(card.getByText(/lost 1204 results/).textContent).toMatch(
      /due from 2026-11-20 01:00:00 UTC to 2026-11-20 03:30:00 UTC; it said so/,
    );
    expect((await cardOf('whole')).queryByLabelText('Warning:')).toBeNull();
    expect((await cardOf('often')).getByRole('button', { name: 'Show all 1000 or more gaps' })).toBeTruthy();
    await userEvent.click(card.getByRole('button', { name: 'Show all 2 gaps' }));
    expect(await card.findByText(/The agent lost results\./)).toBeTruthy();
    await expectAccessible();
  });

  it('say how many checks are on their way to them', async () => {
    agents = [
      anAgent('new', office, {
        sync: { state: 'pending', appliedRevision: 6, wantedRevision: 7, pending: 2, rejected: [] },
      }),
      anAgent('off', office, {
        state: 'offline',
        sync: { state: 'pending', appliedRevision: 6, wantedRevision: 7, pending: 0, rejected: [] },
      }),
    ];
    openConsole(`/locations/${office.id}`);
    expect((await cardOf('new')).getByText(/Pending:/).textContent).toContain('2 of its 3 checks on the way to it');
    expect((await cardOf('off')).getByText(/Pending:/).textContent).toContain('will be told when it connects');
  });

  it('go into maintenance after a question that says where their checks go', async () => {
    const one = anAgent('office-1', office, { assignments: 3 });
    agents = [one, anAgent('office-2', office), anAgent('office-3', office, { state: 'offline' })];
    const path = `POST /api/v1/agents/${one.id}/drain`;
    controller.on(path, () => {
      const drained = { ...one, maintenanceSince: '2026-11-22T05:00:00Z', assignments: 0 };
      agents = [drained, ...agents.slice(1)];
      return {
        agent: drained,
        otherAgents: 1,
        message: 'office-1 is in maintenance. Its checks run on the other agent.',
      };
    });
    openConsole(`/locations/${office.id}`);
    await userEvent.click((await cardOf('office-1')).getByRole('button', { name: 'Put into maintenance: office-1' }));
    const question = await screen.findByRole('dialog', { name: 'Put office-1 into maintenance?' });
    expect(question.textContent).toContain('The 3 checks it runs move to the other agent of Office');
    await userEvent.click(within(question).getByRole('button', { name: 'Put it into maintenance' }));

    const card = await cardOf('office-1');
    expect(await card.findByText('In maintenance')).toBeTruthy();
    expect(card.getByRole('status').textContent).toContain('run on the other agent');
    expect(card.getByRole('button', { name: 'Take back: office-1' })).toBeTruthy();
    expect(controller.callsTo(path)).toHaveLength(1);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await expectAccessible();
  });

  it('that are the last ones at work say so before they stop', async () => {
    agents = [
      anAgent('office-1', office),
      anAgent('office-2', office, { maintenanceSince: '2026-11-22T04:00:00Z' }),
      anAgent('office-3', office, { state: 'offline' }),
    ];
    openConsole(`/locations/${office.id}`);
    await userEvent.click((await cardOf('office-1')).getByRole('button', { name: 'Put into maintenance: office-1' }));
    const question = await screen.findByRole('dialog', { name: 'Put office-1 into maintenance?' });
    expect(question.textContent).toContain('No other agent of Office is at work.');
    expect(question.textContent).toContain('nothing is checked from Office');
    await within(question).findByText(/will have no data at all/);
    expect(question.textContent).toContain('1 monitor will have no data at all, since no other place has any: Inside.');
    expect(question.textContent).toContain('1 monitor goes on from other places: Everywhere.');
    expect(question.textContent).not.toContain('Resting');
    await expectAccessible();
  });

  it('that are the last ones at work name what goes silent before they are revoked', async () => {
    agents = [anAgent('office-1', office)];
    openConsole(`/locations/${office.id}`);
    await userEvent.click((await cardOf('office-1')).getByRole('button', { name: 'Revoke: office-1' }));
    const question = await screen.findByRole('dialog', { name: 'Revoke office-1?' });
    expect(question.textContent).toContain('No other agent of Office is at work');
    expect(await within(question).findByText(/will have no data at all/)).toBeTruthy();
  });

  it('that are lost take nothing with them', async () => {
    agents = [anAgent('office-1', office, { state: 'offline' }), anAgent('office-2', office)];
    openConsole(`/locations/${office.id}`);
    await userEvent.click((await cardOf('office-1')).getByRole('button', { name: 'Put into maintenance: office-1' }));
    const question = await screen.findByRole('dialog', { name: 'Put office-1 into maintenance?' });
    expect(question.textContent).toContain('It is not connected, so nothing that runs now stops');
  });

  it('are taken back from maintenance', async () => {
    const one = anAgent('office-1', office, { maintenanceSince: '2026-11-22T04:00:00Z' });
    agents = [one];
    const path = `POST /api/v1/agents/${one.id}/resume`;
    controller.on(path, () => ({ agent: agents[0], otherAgents: 0, message: 'office-1 is back.' }));
    openConsole(`/locations/${office.id}`);
    await userEvent.click((await cardOf('office-1')).getByRole('button', { name: 'Take back: office-1' }));
    const question = await screen.findByRole('dialog', { name: 'Take office-1 back from maintenance?' });
    await userEvent.click(within(question).getByRole('button', { name: 'Take it back' }));
    await waitFor(() => expect(controller.callsTo(path)).toHaveLength(1));
  });

  it('are revoked only after a question', async () => {
    agents = [anAgent('office-1', office)];
    controller.on(`POST /api/v1/agents/${idOf('office-1')}/revoke`, () => ({ ...agents[0], state: 'revoked' }));
    openConsole(`/locations/${office.id}`);
    await userEvent.click((await cardOf('office-1')).getByRole('button', { name: 'Revoke: office-1' }));
    const question = await screen.findByRole('dialog', { name: 'Revoke office-1?' });
    await userEvent.click(within(question).getByRole('button', { name: 'Revoke the agent' }));
    await waitFor(() => expect(controller.callsTo(`POST /api/v1/agents/${idOf('office-1')}/revoke`)).toHaveLength(1));
  });
});
