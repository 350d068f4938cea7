import { vi } from 'vitest';
import type {
  Agent,
  AuditEntry,
  Component,
  Location,
  LocationStatus,
  Monitor,
  Problem,
  Result,
  SeriesPoint,
  Session,
} from '../api/types';

/** One call the console made. */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: unknown;
}

type Answer = { status?: number; body?: unknown };
type Handler = (call: Call) => unknown;

export class Refusal {
  constructor(readonly problem: Problem) {}
}

export function refusal(status: number, code: string, detail: string, fieldErrors?: Problem['fieldErrors']): Refusal {
  return new Refusal({ title: detail, detail, status, code, fieldErrors });
}

/** The other side of HTTP: answers as told, remembers every call, refuses what nobody told it about. */
export class FakeController {
  readonly calls: Call[] = [];
  private readonly handlers = new Map<string, Handler>();

  constructor() {
    this.on('GET /api/v1/session', () => aSession());
    this.on('GET /api/v1/setup', () => ({ needed: false }));
    this.on('GET /api/v1/locations', () => ({ items: [aLocation('Frankfurt'), aLocation('Head office', 'private')] }));
    this.on('GET /api/v1/components', () => ({ items: [aComponent()] }));
    this.on('GET /api/v1/monitors', () => ({ items: [] }));
  }

  on(route: string, handler: Handler): this {
    this.handlers.set(route, handler);
    return this;
  }

  install(): this {
    vi.stubGlobal('fetch', async (request: Request) => {
      const url = new URL(request.url);
      const text = await request.text();
      const call: Call = {
        method: request.method,
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: text === '' ? undefined : JSON.parse(text),
      };
      this.calls.push(call);
      const { status = 200, body } = this.answer(call);
      return new Response(body === undefined ? null : JSON.stringify(body), {
        status,
        headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' },
      });
    });
    return this;
  }

  callsTo(route: string): Call[] {
    return this.calls.filter(({ method, path }) => `${method} ${path}` === route);
  }

  private answer(call: Call): Answer {
    const handler = this.handlers.get(`${call.method} ${call.path}`);
    if (!handler) {
      return { status: 404, body: refusal(404, 'not-found', 'There is no such thing').problem };
    }
    const body = handler(call);
    if (body instanceof Refusal) {
      return { status: body.problem.status, body: body.problem };
    }
    return body === undefined ? { status: 204 } : { body };
  }
}

const now = '2026-11-22T05:00:00Z';

export function idOf(name: string): string {
  const hash = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 0xffff_ffff, 7);
  return `01930000-0000-7000-8000-${hash.toString(16).padStart(12, '0')}`;
}

export function aSession(role: Session['tenants'][number]['role'] = 'OWNER'): Session {
  return {
    user: { id: idOf('ada'), email: 'ada@example.com' },
    tenants: [{ id: idOf('tenant'), name: 'Example GmbH', role }],
    csrfToken: 'csrf-1',
  };
}

export function aLocation(name: string, kind: Location['kind'] = 'public', more: Partial<Location> = {}): Location {
  return {
    id: idOf(name),
    name,
    description: '',
    kind,
    inPreparation: false,
    state: 'online',
    agents: 1,
    agentsOnline: 1,
    agentsInMaintenance: 0,
    localSecrets: [],
    monitors: 1,
    revision: 4,
    createdAt: now,
    ...more,
  };
}

export function anAgent(name: string, location: Location, more: Partial<Agent> = {}): Agent {
  return {
    id: idOf(name),
    locationId: location.id,
    locationName: location.name,
    name,
    state: 'online',
    checkTypes: ['smtp', 'imap'],
    localSecrets: [],
    blockedPorts: [],
    gaps: 0,
    assignments: 3,
    identity: { fingerprint: '0123-4567-89ab-cdef-0123-4567-89ab-cdef', expiredRenewals: 0, aheadRenewals: 0 },
    sync: { state: 'in-sync', appliedRevision: 7, wantedRevision: 7, pending: 0, rejected: [] },
    revision: 2,
    createdAt: now,
    ...more,
  };
}

export function anAuditEntry(sentence: string, more: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: idOf(sentence),
    at: now,
    actor: { kind: 'user', id: idOf('ada'), name: 'ada@example.com' },
    act: 'agent.renamed',
    sentence,
    subject: { kind: 'agent', id: idOf('cellar'), name: 'cellar' },
    details: { nameBefore: 'attic' },
    address: '192.0.2.7',
    ...more,
  };
}

export function aComponent(name = 'example.com'): Component {
  return { id: idOf(name), name, description: '', monitors: 2, revision: 1, createdAt: now };
}

export function aPlace(name: string, more: Partial<LocationStatus> = {}): LocationStatus {
  return {
    locationId: idOf(name),
    locationName: name,
    status: 'OK',
    sentence: 'Answered in 120 ms.',
    sync: 'in-sync',
    lastRunAt: now,
    totalMillis: 120,
    ...more,
  };
}

export function aMonitor(name: string, more: Partial<Monitor> = {}): Monitor {
  return {
    id: idOf(name),
    name,
    componentId: idOf('example.com'),
    componentName: 'example.com',
    type: 'imap',
    host: 'imap.example.com',
    port: 993,
    security: 'tls',
    addressFamily: 'any',
    periodSeconds: 60,
    timeoutSeconds: 30,
    thresholds: { warningSeconds: 8, errorSeconds: 20 },
    certificate: { warningDays: 21, errorDays: 7, reportOnly: false },
    locations: { allPublic: true, locationIds: [] },
    tags: [],
    paused: false,
    revision: 12,
    createdAt: now,
    updatedAt: now,
    status: {
      status: 'OK',
      sentence: 'OK from 1 of 1 places.',
      reportingLocations: 1,
      failingLocations: 0,
      certificateDaysLeft: 61,
      lastRunAt: now,
      locations: [aPlace('Frankfurt')],
    },
    ...more,
  };
}

export function aResult(more: Partial<Result> = {}): Result {
  return {
    id: 'r1',
    locationId: idOf('Frankfurt'),
    addressFamily: 'any',
    scheduledAt: now,
    startedAt: now,
    triggered: false,
    status: 'OK',
    phases: [
      { name: 'resolve', startMillis: 0, durationMillis: 4 },
      { name: 'connect', startMillis: 4, durationMillis: 16 },
      { name: 'tls', startMillis: 20, durationMillis: 40 },
    ],
    totalMillis: 60,
    resolved: ['203.0.113.25'],
    attempts: [],
    capabilities: [],
    hasTranscript: true,
    transcript: [
      { atMillis: 61, direction: 'server', text: '* OK ready' },
      { atMillis: 62, direction: 'client', text: 'A1 CAPABILITY' },
    ],
    sentence: 'Answered in 60 ms.',
    ...more,
  };
}

export function aPoint(at: string, phases: Record<string, number>, more: Partial<SeriesPoint> = {}): SeriesPoint {
  const totalMillis = Object.values(phases).reduce((sum, each) => sum + each, 0);
  return { at, status: 'OK', totalMillis, phases, ...more };
}
