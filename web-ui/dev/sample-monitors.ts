import type {
  Monitor,
  MonitorCounts,
  MonitorRequest,
  MonitorTest,
  MonitorTestRequest,
  Result,
  Status,
} from '../src/api/types';
import { found, paged, refuse } from './sample-answers.ts';
import { iso, nextNumber, uuid } from './sample-basics.ts';
import { components, locations, makeMonitor, makeRuns, makeSeries, withStatus } from './sample-data.ts';
import { makeResult } from './sample-runs.ts';
import { settingsOf, wrongFields } from './sample-settings.ts';

/** The monitors, their runs and their tests. */
export class SampleMonitors {
  private tests = new Map<string, MonitorTest & { from: number; monitor: Monitor }>();

  constructor(private monitors: Monitor[]) {}

  any(): Monitor | undefined {
    return this.monitors[Math.floor(Math.random() * this.monitors.length)];
  }

  route(
    method: string,
    id: string | undefined,
    part: string | undefined,
    sub: string | undefined,
    query: URLSearchParams,
    body: unknown,
  ): unknown {
    if (!id) {
      return method === 'POST' ? this.save(body as MonitorRequest) : this.list(query);
    }
    if (id === 'counts') {
      return this.counts();
    }
    const monitor = found(this.monitors, id);
    const replace = (changed: Monitor) => {
      this.monitors = this.monitors.map((each) => (each.id === id ? changed : each));
      return changed;
    };
    const time = (name: string, otherwise: number) => Date.parse(query.get(name) ?? iso(otherwise));
    if (part === 'pause' || part === 'resume') {
      return replace({ ...monitor, paused: part === 'pause', revision: monitor.revision + 1 });
    }
    if (part === 'series') {
      const [from, to] = [time('from', Date.now() - 3_600_000), time('to', Date.now())];
      return { from: iso(from), to: iso(to), series: makeSeries(monitor, from, to), gaps: [] };
    }
    if (part === 'results' && sub) {
      const [at, locationId, family] = sub.split('.');
      return makeResult(
        monitor,
        found(locations, locationId ?? ''),
        Number(at),
        true,
        family as Result['addressFamily'],
      );
    }
    if (part === 'results') {
      const runs = makeRuns(monitor, Date.now() - 4 * 3_600_000, Date.now()).filter(
        (run) =>
          (!query.get('locationId') || run.locationId === query.get('locationId')) &&
          (!query.get('addressFamily') || run.addressFamily === query.get('addressFamily')) &&
          (!query.get('status') || run.status === query.get('status')),
      );
      return paged(runs, query);
    }
    if (method === 'DELETE') {
      this.monitors = this.monitors.filter((each) => each.id !== id);
      return undefined;
    }
    return method === 'PUT'
      ? replace({ ...monitor, ...this.settings(body as MonitorRequest), revision: monitor.revision + 1 })
      : withStatus(monitor);
  }

  private settings(request: MonitorRequest) {
    const wrong = wrongFields(request);
    if (wrong.length > 0) {
      refuse(400, 'invalid', 'Some fields are not right.', wrong);
    }
    return settingsOf(request);
  }

  private save(request: MonitorRequest): Monitor {
    const asked = this.settings(request);
    if (components.length === 0) {
      components.push({
        id: uuid(4, 1),
        name: request.host,
        description: '',
        monitors: 0,
        revision: 1,
        createdAt: iso(Date.now()),
      });
    }
    const made = makeMonitor(nextNumber(), { ...asked, mood: 'good', asked });
    this.monitors.unshift(made);
    return made;
  }

  private counts(): MonitorCounts {
    const running = (wanted: Status) =>
      this.monitors.filter(({ paused, status }) => !paused && status.status === wanted).length;
    return {
      error: running('ERROR'),
      warning: running('WARNING'),
      noData: running('NO_DATA'),
      ok: running('OK'),
      paused: this.monitors.filter(({ paused }) => paused).length,
    };
  }

  private list(query: URLSearchParams) {
    const q = query.get('q')?.toLowerCase() ?? '';
    const rank = { ERROR: 0, WARNING: 1, NO_DATA: 2, OK: 3 };
    const sort = query.get('sort') ?? 'name';
    const listed = this.monitors
      .filter((monitor) => `${monitor.name} ${monitor.host}`.toLowerCase().includes(q))
      .filter((monitor) => !query.get('status') || monitor.status.status === query.get('status'))
      .filter((monitor) => !query.get('paused') || String(monitor.paused) === query.get('paused'))
      .filter((monitor) => !query.get('type') || monitor.type === query.get('type'))
      .filter((monitor) => !query.get('componentId') || monitor.componentId === query.get('componentId'))
      .filter(
        (monitor) =>
          !query.get('locationId') ||
          monitor.status.locations.some(({ locationId }) => locationId === query.get('locationId')),
      )
      .sort((a, b) => {
        const byName = a.name.localeCompare(b.name, 'en', { numeric: true });
        return sort === 'status'
          ? rank[a.status.status] - rank[b.status.status] || byName
          : sort === 'host'
            ? a.host.localeCompare(b.host)
            : sort === '-name'
              ? -byName
              : byName;
      });
    return paged(listed, query);
  }

  startTest({ monitor: request, monitorId }: MonitorTestRequest): MonitorTest {
    const number = nextNumber();
    const asked = request && this.settings(request);
    const monitor = asked
      ? makeMonitor(number, {
          ...asked,
          mood: asked.host.includes('old') ? 'expired' : asked.host.includes('shop') ? 'login' : 'good',
          asked,
        })
      : found(this.monitors, monitorId ?? '');
    const id = uuid(5, number);
    this.tests.set(id, { id, state: 'running', createdAt: iso(Date.now()), outcomes: [], from: Date.now(), monitor });
    return this.test(id);
  }

  test(id: string): MonitorTest {
    const { from, monitor, createdAt } = this.tests.get(id) ?? refuse(404, 'not-found', 'There is no such test.');
    const passed = Date.now() - from;
    const families = monitor.addressFamily === 'both' ? (['ipv4', 'ipv6'] as const) : [monitor.addressFamily];
    const runs = locations.slice(0, 4).flatMap((location) => families.map((family) => ({ location, family })));
    const outcomes: MonitorTest['outcomes'] = runs.map(({ location, family }, index) => {
      const named = { locationId: location.id, locationName: location.name, addressFamily: family };
      if (location.state !== 'online') {
        return { ...named, state: 'failed', message: 'No agent is connected there.' };
      }
      return passed > 900 + index * 800
        ? { ...named, state: 'done', result: makeResult(monitor, location, from, true, family) }
        : { ...named, state: passed > 400 ? 'running' : 'waiting' };
    });
    const running = outcomes.some(({ state }) => state === 'waiting' || state === 'running');
    return { id, state: running ? 'running' : 'done', createdAt, outcomes };
  }
}
