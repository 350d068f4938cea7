import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import type {
  Component,
  ComponentRequest,
  EnrolmentToken,
  Location,
  LocationRequest,
  Monitor,
  MonitorCounts,
  MonitorRequest,
  MonitorTest,
  MonitorTestRequest,
  Problem,
  Session,
  Status,
} from '../src/api/types';
import { iso, uuid } from './sample-basics.ts';
import {
  agents,
  components,
  locations,
  makeMonitor,
  makeMonitors,
  makeRuns,
  makeSeries,
  tokens,
  withStatus,
} from './sample-data.ts';
import { makeResult } from './sample-runs.ts';
import { seeds } from './sample-seeds.ts';
import { settingsOf, wrongFields } from './sample-settings.ts';

/**
 * Made-up answers to the console's calls, for looking at it without a controller: `npm run dev:sample`.
 * SAMPLE=empty begins before the set-up with nothing, SAMPLE=1000 with a thousand monitors. Any password signs in,
 * except "wrong". Never part of the bundle.
 */
export function sampleServer(): Plugin {
  const scene = process.env.SAMPLE ?? '';
  const world = new World(scene);
  return {
    name: 'postwatch-sample',
    configureServer(server) {
      server.middlewares.use('/api/v1', (request, response) => void world.answer(request, response));
    },
  };
}

class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

function refuse(status: number, code: string, detail: string, fieldErrors?: Problem['fieldErrors']): never {
  throw new Refusal({ title: detail, detail, status, code, fieldErrors });
}

class World {
  private setUp: boolean;
  private signedIn: boolean;
  private email = 'ada@example.com';
  private tenantName = 'Example GmbH';
  private monitors: Monitor[];
  private tests = new Map<string, MonitorTest & { from: number; monitor: Monitor }>();
  private listeners = new Set<ServerResponse>();
  private next = 50_000;

  constructor(scene: string) {
    const empty = scene === 'empty';
    this.setUp = !empty;
    this.signedIn = !empty && scene !== 'signed-out';
    if (empty) {
      for (const list of [locations, agents, components, tokens]) {
        list.length = 0;
      }
    }
    this.monitors = empty ? [] : makeMonitors(Number(scene) || seeds.length);
    setInterval(() => {
      const monitor = this.monitors[Math.floor(Math.random() * this.monitors.length)];
      if (monitor) {
        this.tell('result', monitor.id);
      }
    }, 2_000).unref();
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://sample');
    if (url.pathname === '/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(': hello\n\n');
      this.listeners.add(response);
      request.on('close', () => this.listeners.delete(response));
      return;
    }
    try {
      const body = await read(request);
      const answer = this.route(request.method ?? 'GET', url.pathname.split('/').slice(1), url.searchParams, body);
      response.writeHead(answer === undefined ? 204 : request.method === 'POST' ? 201 : 200, {
        'Content-Type': 'application/json',
      });
      response.end(answer === undefined ? undefined : JSON.stringify(answer));
    } catch (error) {
      const problem =
        error instanceof Refusal ? error.problem : { title: String(error), status: 500, code: 'internal' };
      response.writeHead(problem.status, { 'Content-Type': 'application/problem+json' });
      response.end(JSON.stringify(problem));
    }
  }

  private tell(type: string, id: string) {
    for (const listener of this.listeners) {
      listener.write(`data: ${JSON.stringify({ type, id, revision: 1 })}\n\n`);
    }
  }

  private session(): Session {
    return {
      user: { id: uuid(9, 1), email: this.email },
      tenants: [{ id: uuid(8, 1), name: this.tenantName, role: 'OWNER' }],
      csrfToken: 'sample',
    };
  }

  private route(method: string, [resource, id, part, sub]: string[], query: URLSearchParams, body: unknown): unknown {
    if (resource === 'setup') {
      if (method === 'GET') {
        return { needed: !this.setUp };
      }
      const { email, tenantName } = body as { email: string; tenantName?: string };
      Object.assign(this, { setUp: true, signedIn: true, email, tenantName: tenantName ?? 'My organisation' });
      return this.session();
    }
    if (resource === 'session') {
      return this.routeSession(method, body);
    }
    if (!this.signedIn) {
      refuse(401, 'signed-out', 'Sign in first.');
    }
    switch (resource) {
      case 'monitors':
        return this.routeMonitors(method, id, part, sub, query, body);
      case 'monitor-tests':
        return method === 'POST' ? this.startTest(body as MonitorTestRequest) : this.test(id ?? '');
      case 'locations':
        return this.routeLocations(method, id, body);
      case 'components':
        return this.routeComponents(method, id, body);
      case 'agents':
        return id
          ? found(agents, id)
          : { items: agents.filter(({ locationId }) => locationId === query.get('locationId')) };
      case 'enrolment-tokens':
        return this.routeTokens(method, id, query, body);
      default:
        return refuse(404, 'not-found', 'There is no such thing.');
    }
  }

  private routeSession(method: string, body: unknown): unknown {
    if (method === 'POST') {
      if ((body as { password: string }).password === 'wrong') {
        refuse(401, 'bad-credentials', 'E-mail or password is not right.');
      }
      this.signedIn = true;
    } else if (method === 'DELETE') {
      this.signedIn = false;
      return undefined;
    }
    return this.signedIn ? this.session() : refuse(401, 'signed-out', 'Sign in first.');
  }

  private routeMonitors(
    method: string,
    id: string | undefined,
    part: string | undefined,
    sub: string | undefined,
    query: URLSearchParams,
    body: unknown,
  ): unknown {
    if (!id) {
      return method === 'POST' ? this.saveMonitor(body as MonitorRequest) : this.listMonitors(query);
    }
    if (id === 'counts') {
      return this.countMonitors();
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
      return { from: iso(from), to: iso(to), series: makeSeries(monitor, from, to) };
    }
    if (part === 'results' && sub) {
      const [at, locationId] = sub.split('.');
      return makeResult(monitor, found(locations, locationId ?? ''), Number(at), true);
    }
    if (part === 'results') {
      const runs = makeRuns(monitor, Date.now() - 4 * 3_600_000, Date.now()).filter(
        (run) =>
          (!query.get('locationId') || run.locationId === query.get('locationId')) &&
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

  private saveMonitor(request: MonitorRequest): Monitor {
    const asked = this.settings(request);
    this.next += 1;
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
    const made = makeMonitor(this.next, { ...asked, mood: 'good', asked });
    this.monitors.unshift(made);
    return made;
  }

  private countMonitors(): MonitorCounts {
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

  private listMonitors(query: URLSearchParams) {
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

  private startTest({ monitor: request, monitorId }: MonitorTestRequest): MonitorTest {
    const number = this.next + 1;
    const asked = request && this.settings(request);
    const monitor = asked
      ? makeMonitor(number, {
          ...asked,
          mood: asked.host.includes('old') ? 'expired' : asked.host.includes('shop') ? 'login' : 'good',
          asked,
        })
      : found(this.monitors, monitorId ?? '');
    this.next = number;
    const id = uuid(5, number);
    this.tests.set(id, { id, state: 'running', createdAt: iso(Date.now()), outcomes: [], from: Date.now(), monitor });
    return this.test(id);
  }

  private test(id: string): MonitorTest {
    const { from, monitor, createdAt } = this.tests.get(id) ?? refuse(404, 'not-found', 'There is no such test.');
    const passed = Date.now() - from;
    const outcomes: MonitorTest['outcomes'] = locations.slice(0, 4).map((location, index) => {
      const named = { locationId: location.id, locationName: location.name };
      if (location.state !== 'online') {
        return { ...named, state: 'failed', message: 'No agent is connected there.' };
      }
      return passed > 900 + index * 800
        ? { ...named, state: 'done', result: makeResult(monitor, location, from, true) }
        : { ...named, state: passed > 400 ? 'running' : 'waiting' };
    });
    const running = outcomes.some(({ state }) => state === 'waiting' || state === 'running');
    return { id, state: running ? 'running' : 'done', createdAt, outcomes };
  }

  private routeLocations(method: string, id: string | undefined, body: unknown): unknown {
    const { name, description } = (body ?? {}) as LocationRequest;
    if (!id && method === 'POST') {
      this.next += 1;
      const made: Location = {
        id: uuid(1, this.next),
        name,
        description: description ?? '',
        kind: 'private',
        state: 'no-agent',
        agents: 0,
        agentsOnline: 0,
        monitors: 0,
        revision: 1,
        createdAt: iso(Date.now()),
      };
      locations.push(made);
      return made;
    }
    return editable(locations, method, id, { name, description: description ?? '' });
  }

  private routeComponents(method: string, id: string | undefined, body: unknown): unknown {
    const { name, description } = (body ?? {}) as ComponentRequest;
    if (!id && method === 'POST') {
      this.next += 1;
      const made: Component = {
        id: uuid(4, this.next),
        name,
        description: description ?? '',
        monitors: 0,
        revision: 1,
        createdAt: iso(Date.now()),
      };
      components.push(made);
      return made;
    }
    return editable(components, method, id, { name, description: description ?? '' });
  }

  private routeTokens(method: string, id: string | undefined, query: URLSearchParams, body: unknown): unknown {
    if (method === 'POST') {
      this.next += 1;
      const token = 'pwe_8sKdSampleSampleSampleSampleSampleSampleSample';
      const made: EnrolmentToken = {
        id: uuid(6, this.next),
        locationId: (body as { locationId: string }).locationId,
        prefix: 'pwe_8sKd',
        state: 'usable',
        usesLeft: 1,
        expiresAt: iso(Date.now() + 3_600_000),
        createdAt: iso(Date.now()),
      };
      tokens.push(made);
      return {
        ...made,
        token,
        controllerAddress: 'controller.example.com:9443',
        installCommand: `POSTWATCH_ENROL_TOKEN=${token} java -jar postwatch-agent.jar run --state ~/.postwatch-agent/pwe_8sKd --controller controller.example.com:9443`,
      };
    }
    if (method === 'DELETE') {
      Object.assign(found(tokens, id ?? ''), { state: 'revoked' });
      return undefined;
    }
    return { items: tokens.filter(({ locationId }) => locationId === query.get('locationId')) };
  }
}

function found<T extends { id: string }>(things: T[], id: string): T {
  return things.find((each) => each.id === id) ?? refuse(404, 'not-found', 'There is no such thing.');
}

function editable<T extends { id: string }>(
  things: T[],
  method: string,
  id: string | undefined,
  change: Partial<T>,
): unknown {
  if (!id) {
    return { items: things };
  }
  const thing = found(things, id);
  if (method === 'DELETE') {
    things.splice(things.indexOf(thing), 1);
    return undefined;
  }
  return method === 'PUT' ? Object.assign(thing, change) : thing;
}

function paged<T>(items: T[], query: URLSearchParams) {
  const from = Number(query.get('cursor') ?? 0);
  const to = from + Number(query.get('limit') ?? 100);
  return { items: items.slice(from, to), nextCursor: to < items.length ? String(to) : undefined };
}

async function read(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) {
    parts.push(part as Buffer);
  }
  return parts.length === 0 ? undefined : JSON.parse(Buffer.concat(parts).toString('utf8'));
}
