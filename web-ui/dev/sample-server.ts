import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import type { MonitorTestRequest, Session } from '../src/api/types';
import { Refusal, refuse } from './sample-answers.ts';
import { routeAudit } from './sample-audit.ts';
import { uuid } from './sample-basics.ts';
import { agents, components, locations, makeMonitors, tokens } from './sample-data.ts';
import { routeAgents, routeLocations, routeTokens } from './sample-fleet.ts';
import { routeComponents } from './sample-inventory.ts';
import { SampleMonitors } from './sample-monitors.ts';
import { proofs, routeProofs } from './sample-proof.ts';
import { seeds } from './sample-seeds.ts';

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

class World {
  private setUp: boolean;
  private signedIn: boolean;
  private email = 'ada@example.com';
  private tenantName = 'Example GmbH';
  private monitors: SampleMonitors;
  private listeners = new Set<ServerResponse>();

  constructor(scene: string) {
    const empty = scene === 'empty';
    this.setUp = !empty;
    this.signedIn = !empty && scene !== 'signed-out';
    if (empty) {
      for (const list of [locations, agents, components, tokens, proofs]) {
        list.length = 0;
      }
    }
    this.monitors = new SampleMonitors(empty ? [] : makeMonitors(Number(scene) || seeds.length));
    setInterval(() => {
      const monitor = this.monitors.any();
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
        return this.monitors.route(method, id, part, sub, query, body);
      case 'monitor-tests':
        return method === 'POST' ? this.monitors.startTest(body as MonitorTestRequest) : this.monitors.test(id ?? '');
      case 'locations':
        return routeLocations(method, id, body);
      case 'components':
        return routeComponents(method, id, body);
      case 'domain-proofs':
        return routeProofs(method, id, part, body);
      case 'agents':
        return routeAgents(id, part, query);
      case 'audit':
        return routeAudit(id, query);
      case 'enrolment-tokens':
        return routeTokens(method, id, query, body);
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
}

async function read(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) {
    parts.push(part as Buffer);
  }
  return parts.length === 0 ? undefined : JSON.parse(Buffer.concat(parts).toString('utf8'));
}
