import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { aMonitor, aPlace, aPoint, aResult, FakeController, idOf } from '../../test/aController';
import { expectAccessible, openConsole } from '../../test/openConsole';

const failure = {
  category: 'connect',
  code: 'connection-refused',
  phase: 'connect',
  fault: 'target' as const,
  message: 'imap.example.com refused the connection.',
};
const monitor = aMonitor('Mailboxes', {
  status: {
    status: 'ERROR',
    sentence: 'In error from 1 of 1 places: imap.example.com refused the connection.',
    reportingLocations: 1,
    failingLocations: 1,
    cause: { locationId: idOf('Frankfurt'), locationName: 'Frankfurt', failure },
    lastRunAt: '2026-11-22T05:00:00Z',
    locations: [
      aPlace('Frankfurt', { status: 'ERROR', sentence: failure.message, failure, lastResult: aResult({ failure }) }),
      aPlace('Office', { status: 'NO_DATA', sync: 'no-agent', lastRunAt: undefined, totalMillis: undefined }),
    ],
  },
});
const path = `/api/v1/monitors/${monitor.id}`;
let controller: FakeController;

beforeEach(() => {
  controller = new FakeController()
    .on(`GET ${path}`, () => monitor)
    .on(`GET ${path}/results`, () => ({ items: [aResult({ id: 'r1', sentence: 'Answered in 60 ms.' })] }))
    .on(`GET ${path}/results/r1`, () => aResult({ id: 'r1' }))
    .on(`GET ${path}/series`, ({ query }) => ({
      from: query.get('from'),
      to: query.get('to'),
      series: [
        {
          id: 's1',
          locationId: idOf('Frankfurt'),
          locationName: 'Frankfurt',
          addressFamily: 'any',
          truncated: false,
          points: [aPoint('2026-11-22T04:59:00Z', { connect: 12, greeting: 30 })],
        },
      ],
    }))
    .install();
});

describe("A monitor's page", () => {
  it('says why it is in error and what to do next', async () => {
    openConsole(`/monitors/${monitor.id}`);
    expect(await screen.findByText(monitor.status.sentence)).toBeTruthy();
    expect(screen.getByText(/check that the mail server runs/)).toBeTruthy();
  });

  it('says of a place without results why that is', async () => {
    openConsole(`/monitors/${monitor.id}`);
    expect(await screen.findByText(/The first run follows as soon as one is/)).toBeTruthy();
  });

  it('names the agent that runs it where that is one of our own', async () => {
    const [first, ...others] = monitor.status.locations;
    const own = { ...aPlace('Warehouse'), agentName: 'office-1' };
    const shown = { ...monitor, status: { ...monitor.status, locations: [...(first ? [first] : []), own, ...others] } };
    controller.on(`GET /api/v1/monitors/${monitor.id}`, () => shown);
    openConsole(`/monitors/${monitor.id}`);
    const agent = await screen.findByLabelText('Agent');
    expect(agent.parentElement?.textContent).toContain('office-1');
  });

  it('does not call a place in sync whose agent is lost', async () => {
    const lost = aPlace('Office', {
      status: 'NO_DATA',
      sentence: 'No data: the agent that is to run it is lost, last heard of at 2026-11-22 04:59:00 UTC',
      sync: 'unknown',
      agentName: 'office-1',
      agentLostSince: '2026-11-22T04:59:00Z',
    });
    controller.on(`GET ${path}`, () => ({ ...monitor, status: { ...monitor.status, locations: [lost] } }));
    openConsole(`/monitors/${monitor.id}`);
    expect(await screen.findByText(/Whether it still runs here is not known/)).toBeTruthy();
    expect(screen.getByLabelText('Agent').parentElement?.textContent).toContain('office-1 (lost)');
    expect(screen.getAllByText(/2026-11-22 04:59:00/)).toHaveLength(1);
    await expectAccessible();
  });

  it('says where and why results are missing', async () => {
    const { agentName, gap } = {
      agentName: 'office-1',
      gap: {
        from: '2026-11-22T04:10:00Z',
        to: '2026-11-22T04:20:00Z',
        rows: 12,
        reason: 'spool-full' as const,
        message: 'The agent lost 12 results: its room for results that wait to be sent was full.',
        toldAt: '2026-11-22T04:21:00Z',
      },
    };
    controller.on(`GET ${path}/series`, () => ({
      from: '2026-11-22T04:00:00Z',
      to: '2026-11-22T05:00:00Z',
      series: [
        {
          id: 's1',
          locationId: idOf('Frankfurt'),
          locationName: 'Frankfurt',
          addressFamily: 'any',
          truncated: false,
          points: [aPoint('2026-11-22T04:59:00Z', { connect: 12, greeting: 30 })],
        },
      ],
      gaps: [{ locationId: idOf('Frankfurt'), agentName, gap }],
    }));
    controller.on(`GET ${path}`, () => ({ ...monitor, createdAt: '2026-11-01T00:00:00Z' }));
    openConsole(`/monitors/${monitor.id}`);
    const told = (await screen.findByText('Results are missing')).closest('li');
    expect(told?.textContent).toContain('due from 2026-11-22 04:10:00 UTC to 2026-11-22 04:20:00 UTC.');
    expect(told?.textContent).toContain('its room for results that wait to be sent was full.');
    expect(told?.textContent).toContain('The agent is office-1; the number counts every monitor that it ran.');
    await expectAccessible();
  });

  it('has every number of the charts in a table too', async () => {
    openConsole(`/monitors/${monitor.id}`);
    expect(await screen.findByRole('img', { name: /Frankfurt: 1 run, none in error/ })).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'As a table' }));
    const table = within(screen.getByRole('region', { name: 'Timings from Frankfurt' }));
    expect(table.getByRole('columnheader', { name: 'Greeting' })).toBeTruthy();
    expect(table.getByRole('cell', { name: '30 ms' })).toBeTruthy();
    expect(table.getByRole('cell', { name: '42 ms' })).toBeTruthy();
  });

  it('keeps the range of its charts in the URL', async () => {
    const { at } = openConsole(`/monitors/${monitor.id}`);
    await userEvent.click(await screen.findByRole('radio', { name: '24 h' }));
    await waitFor(() => expect(at()).toBe(`/monitors/${monitor.id}?range=24h`));
    await waitFor(() => {
      const asked = controller.callsTo(`GET ${path}/series`).at(-1)?.query;
      const span = Date.parse(asked?.get('to') ?? '') - Date.parse(asked?.get('from') ?? '');
      expect(span).toBe(24 * 3_600_000);
    });
  });

  it('opens a run to its phases and transcript, fetched only then', async () => {
    openConsole(`/monitors/${monitor.id}`);
    const sentence = await screen.findByText('Answered in 60 ms.');
    expect(controller.callsTo(`GET ${path}/results/r1`)).toHaveLength(0);
    const toggle = within(sentence.closest('tr') as HTMLElement).getByRole('button');
    await userEvent.click(toggle);
    expect(await screen.findByText('A1 CAPABILITY')).toBeTruthy();
    expect(screen.getByRole('rowheader', { name: 'TLS handshake' })).toBeTruthy();
    expect(toggle.getAttribute('aria-expanded')).toBe('true');
    await expectAccessible();
  });

  it('asks before it deletes, and names what goes', async () => {
    controller.on(`DELETE ${path}`, () => undefined);
    const { at } = openConsole(`/monitors/${monitor.id}`);
    await userEvent.click(await screen.findByRole('button', { name: 'Delete' }));
    const question = await screen.findByRole('dialog', { name: 'Delete Mailboxes?' });
    expect(question.textContent).toContain('imap.example.com:993');
    expect(question.textContent).toContain('every run it ever recorded');
    expect(controller.callsTo(`DELETE ${path}`)).toHaveLength(0);
    await userEvent.click(within(question).getByRole('button', { name: 'Delete the monitor' }));
    await waitFor(() => expect(at()).toBe('/monitors'));
    expect(controller.callsTo(`DELETE ${path}`)).toHaveLength(1);
  });

  it('pauses, and then says that nothing runs', async () => {
    controller.on(`POST ${path}/pause`, () => ({ ...monitor, paused: true }));
    openConsole(`/monitors/${monitor.id}`);
    await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));
    expect(await screen.findByText('Paused: nothing runs until it is resumed.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Resume' })).toBeTruthy();
  });

  it('shows the two families of a place apart and filters the runs by them', async () => {
    const parted = aMonitor('Mailboxes', {
      addressFamily: 'both',
      status: {
        ...monitor.status,
        locations: [
          aPlace('Frankfurt', {
            status: 'ERROR',
            sentence: 'IPv6: Connection refused',
            failure,
            families: [
              {
                addressFamily: 'ipv4',
                status: 'OK',
                sentence: 'OK in 120 ms',
                sync: 'in-sync',
                lastRunAt: '2026-11-22T05:00:00Z',
                lastResult: aResult({ addressFamily: 'ipv4' }),
              },
              {
                addressFamily: 'ipv6',
                status: 'ERROR',
                sentence: 'Connection refused',
                sync: 'in-sync',
                lastRunAt: '2026-11-22T05:00:30Z',
                failure,
                lastResult: aResult({ addressFamily: 'ipv6', failure }),
              },
            ],
          }),
        ],
      },
    });
    controller
      .on(`GET ${path}`, () => parted)
      .on(`GET ${path}/results`, () => ({ items: [aResult({ addressFamily: 'ipv6' })] }));
    const { at } = openConsole(`/monitors/${monitor.id}`);
    const panel = (await screen.findByRole('heading', { name: 'Now, from each place' })).closest('section');
    const rows = within(panel as HTMLElement)
      .getAllByRole('listitem')
      .filter(({ textContent }) => textContent.startsWith('Frankfurt'));
    expect(rows.map((row) => row.textContent)).toEqual([
      expect.stringMatching(/Frankfurt IPv4.*OK in 120 ms/),
      expect.stringMatching(/Frankfurt IPv6.*Connection refused/),
    ]);
    expect(await screen.findAllByText('Frankfurt, IPv6')).not.toHaveLength(0);
    await userEvent.click(screen.getByRole('combobox', { name: 'Runs over' }));
    await userEvent.click(await screen.findByRole('option', { name: 'IPv6', hidden: true }));
    await waitFor(() => expect(at()).toBe(`/monitors/${monitor.id}?family=ipv6`));
    await waitFor(() =>
      expect(controller.callsTo(`GET ${path}/results`).at(-1)?.query.get('addressFamily')).toBe('ipv6'),
    );
    await expectAccessible();
  });

  it('shows the place and the family that decide, and counts the places of that family', async () => {
    const silence = {
      category: 'connect',
      code: 'connect-timeout',
      phase: 'connect',
      fault: 'target' as const,
      message: 'imap.example.com did not answer.',
    };
    const family = (addressFamily: 'ipv4' | 'ipv6', found?: typeof failure) => ({
      addressFamily,
      status: found ? ('ERROR' as const) : ('OK' as const),
      sentence: found?.message ?? 'OK in 120 ms',
      sync: 'in-sync' as const,
      failure: found,
    });
    const paris = [
      family('ipv4', failure),
      { ...family('ipv6'), status: 'NO_DATA' as const, sentence: 'No data', sync: 'no-agent' as const },
    ];
    const others = [family('ipv4'), family('ipv6', silence)];
    controller.on(`GET ${path}`, () =>
      aMonitor('Mailboxes', {
        addressFamily: 'both',
        status: {
          status: 'ERROR',
          sentence: 'Failing from 2 of 2 reporting locations: IPv6: No connection within the time limit',
          reportingLocations: 2,
          failingLocations: 2,
          cause: { addressFamily: 'ipv6', locationId: idOf('Rome'), locationName: 'Rome', failure: silence },
          lastRunAt: '2026-11-22T05:00:00Z',
          locations: [
            aPlace('Paris', { status: 'ERROR', failure, families: paris }),
            aPlace('Rome', { status: 'ERROR', failure: silence, families: others }),
            aPlace('Oslo', { status: 'ERROR', failure: silence, families: others }),
          ],
        },
      }),
    );
    openConsole(`/monitors/${monitor.id}`);
    const state = (await screen.findByText(/^Failing from 2 of 2/)).closest('div') as HTMLElement;
    expect(within(state).getByText('seen from Rome, IPv6')).toBeTruthy();
    expect(within(state).getByText(/Packets vanish on the way/)).toBeTruthy();
    expect(screen.getByText('Reporting over IPv6').parentElement?.textContent).toContain('2 of 3');
    expect(screen.getByText('Failing over IPv6').parentElement?.textContent).toContain('2');
  });

  describe('after its address family was changed', () => {
    const current = aMonitor('Mailboxes', { addressFamily: 'ipv4' });
    const aSeries = (addressFamily: 'any' | 'ipv4') => ({
      id: addressFamily,
      locationId: idOf('Frankfurt'),
      locationName: 'Frankfurt',
      addressFamily,
      truncated: false,
      points: [aPoint('2026-11-22T04:59:00Z', { connect: 12 })],
    });
    const offered = async () => {
      await userEvent.click(screen.getByRole('combobox', { name: 'Runs over' }));
      const options = await screen.findAllByRole('option', { hidden: true });
      return options.map(({ textContent }) => textContent).filter((text) => text === 'any family' || /^IPv/.test(text));
    };

    beforeEach(() => {
      controller
        .on(`GET ${path}`, () => current)
        .on(`GET ${path}/results`, ({ query }) => ({
          items: (['ipv4', 'any'] as const)
            .filter((family) => (query.get('addressFamily') ?? family) === family)
            .map((addressFamily) => aResult({ id: addressFamily, addressFamily, sentence: `Over ${addressFamily}.` })),
        }))
        .on(`GET ${path}/series`, ({ query }) => ({
          from: query.get('from'),
          to: query.get('to'),
          series: [aSeries('any'), aSeries('ipv4')],
        }));
    });

    it('tells the charts and runs of before from those of now', async () => {
      openConsole(`/monitors/${monitor.id}`);
      const former = await screen.findByText('Over any.');
      expect(await screen.findByRole('region', { name: 'Frankfurt, any family' })).toBeTruthy();
      expect(screen.getByRole('region', { name: 'Frankfurt, IPv4' })).toBeTruthy();
      expect(screen.getAllByRole('img', { name: /^Frankfurt, (any family|IPv4): 1 run/ })).toHaveLength(2);
      expect(former.closest('tr')?.textContent).toContain('Frankfurt, any family');
      expect(screen.getByText('Over ipv4.').closest('tr')?.textContent).toContain('Frankfurt, IPv4');
    });

    it('filters the runs by every family that there is', async () => {
      // The newest runs are all of now: only the charts know of those before.
      controller.on(`GET ${path}/results`, ({ query }) => {
        const addressFamily = query.get('addressFamily') === 'any' ? 'any' : 'ipv4';
        return { items: [aResult({ addressFamily, sentence: `Over ${addressFamily}.` })] };
      });
      const { at } = openConsole(`/monitors/${monitor.id}`);
      const now = await screen.findByText('Over ipv4.');
      await waitFor(() => expect(now.closest('tr')?.textContent).toContain('Frankfurt, IPv4'));
      expect(await offered()).toEqual(['any family', 'IPv4']);
      await userEvent.click(screen.getByRole('option', { name: 'any family', hidden: true }));
      await waitFor(() => expect(at()).toBe(`/monitors/${monitor.id}?family=any`));
      const former = await screen.findByText('Over any.');
      expect(former.closest('tr')?.textContent).toContain('Frankfurt, any family');
      expect(screen.queryByText('Over ipv4.')).toBeNull();
    });

    it('knows the family of runs that are older than the charts', async () => {
      controller.on(`GET ${path}/series`, ({ query }) => ({
        from: query.get('from'),
        to: query.get('to'),
        series: [aSeries('ipv4')],
      }));
      openConsole(`/monitors/${monitor.id}`);
      expect((await screen.findByText('Over ipv4.')).closest('tr')?.textContent).toContain('Frankfurt, IPv4');
      expect(await offered()).toEqual(['any family', 'IPv4']);
    });

    it('says by which family the runs are filtered, whatever the URL asks for', async () => {
      openConsole(`/monitors/${monitor.id}?family=any`);
      const select = await screen.findByRole<HTMLInputElement>('combobox', { name: 'Runs over' });
      expect(select.value).toBe('any family');
    });
  });

  it('is not found when the monitor is gone or of somebody else', async () => {
    openConsole(`/monitors/${idOf('unknown')}`);
    expect(await screen.findByRole('heading', { name: 'There is nothing here' })).toBeTruthy();
  });
});
