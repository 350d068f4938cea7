import type { Agent, Component, EnrolmentToken, Location, Monitor, Result, Series } from '../src/api/types';
import { familyTitles, type Vantage, vantages } from '../src/features/result/families.ts';
import { day, iso, noise, started, uuid } from './sample-basics.ts';
import { makeResult } from './sample-runs.ts';
import { type Mood, moodOf, remember, type Seed, seeds } from './sample-seeds.ts';

/** Made-up but plausible: a small organisation with its mail servers, watched from five places. */

export const locations: Location[] = [
  place(1, 'Frankfurt', 'public', 'online', 2, 2, 'Region of the operator'),
  place(2, 'Oslo', 'public', 'online', 2, 2, 'Region of the operator'),
  place(3, 'Head office', 'private', 'online', 4, 3, 'Rack 4, beside the mail relay'),
  place(4, 'Branch Lyon', 'private', 'silent', 1, 0, ''),
  place(5, 'Warehouse', 'private', 'never-connected', 1, 0, ''),
];

function place(
  number: number,
  name: string,
  kind: Location['kind'],
  state: Location['state'],
  agentCount: number,
  agentsOnline: number,
  description: string,
): Location {
  const id = uuid(1, number);
  return {
    id,
    name,
    description,
    kind,
    country: kind === 'public' ? (name === 'Oslo' ? 'NO' : 'DE') : undefined,
    inPreparation: false,
    state,
    agents: agentCount,
    agentsOnline,
    agentsInMaintenance: number === 3 ? 1 : 0,
    localSecrets: number === 3 ? ['imap-alice'] : [],
    ...(state === 'silent' && { silentSince: iso(started - 3.2 * 3_600_000) }),
    monitors: 0,
    revision: 3,
    createdAt: iso(started - 40 * day),
  };
}

export const agents: Agent[] = [
  agent(1, 3, 'relay-01', 'online', {
    scheduleLagMillis: 3.2,
    skippedRuns: 0,
    skippedRunsLastMinute: 0,
    clockOffsetMillis: -11.4,
    runsPerMinute: 13.8,
  }),
  agent(5, 3, 'relay-03', 'online', {
    scheduleLagMillis: 2_340,
    skippedRuns: 41,
    skippedRunsLastMinute: 6,
    clockOffsetMillis: 3.1,
    runsPerMinute: 812,
    sync: { state: 'pending', appliedRevision: 43, wantedRevision: 44, pending: 2, rejected: [] },
  }),
  agent(6, 3, 'relay-04', 'online', {
    maintenanceSince: iso(started - 12 * 60_000),
    assignments: 0,
    scheduleLagMillis: 0,
    skippedRuns: 0,
    skippedRunsLastMinute: 0,
    runsPerMinute: 0,
  }),
  agent(2, 3, 'relay-02', 'offline', { spoolRows: 0 }),
  agent(3, 4, 'lyon-gw', 'offline', {
    clockOffsetMillis: 5_320,
    sync: {
      state: 'rejected',
      appliedRevision: 41,
      wantedRevision: 44,
      pending: 0,
      rejected: [
        {
          monitorId: uuid(3, 3),
          monitorName: 'Submission',
          reason: 'address-denied',
          message: 'The address 10.4.0.12 lies in a network that this agent may not test.',
        },
      ],
    },
  }),
  agent(4, 5, 'warehouse-nas', 'never-connected', {}),
];

function agent(number: number, location: number, name: string, state: Agent['state'], more: Partial<Agent>): Agent {
  const seen = state === 'online' ? started - 4_000 : started - 3.2 * 3_600_000;
  const known = state !== 'never-connected';
  return {
    id: uuid(2, number),
    locationId: uuid(1, location),
    locationName: locations[location - 1]?.name ?? '',
    name,
    state,
    checkTypes: known ? ['smtp', 'imap', 'pop3'] : [],
    localSecrets: number === 1 ? ['imap-alice'] : [],
    blockedPorts: number === 2 ? [25] : [],
    gaps: 0,
    identity: { fingerprint: '5f0c-91d2-7a3e-0b46-c8e1-24f7-6d95-a03b', expiredRenewals: 0, aheadRenewals: 0 },
    ...(number === 3 && {
      gaps: 1,
      lastGap: {
        from: iso(started - 3 * day),
        to: iso(started - 2.8 * day),
        rows: 1204,
        reason: 'spool-full' as const,
        message: 'The agent lost 1204 results: its room for results that wait to be sent was full.',
        toldAt: iso(started - 2 * day),
      },
    }),
    assignments: known ? 9 : 0,
    ...(known && {
      version: '0.1.0',
      hostname: `${name}.intern.example.com`,
      os: 'Linux 6.1 amd64',
      ipv4: true,
      ipv6: number !== 2,
      lastSeenAt: iso(seen),
      connectedAt: iso(seen - 2 * day),
      certificateNotAfter: iso(started + 5 * day),
      spoolRows: 0,
    }),
    sync: {
      state: state === 'offline' ? 'unknown' : 'in-sync',
      appliedRevision: 44,
      wantedRevision: 44,
      pending: 0,
      rejected: [],
    },
    revision: 2,
    createdAt: iso(started - 30 * day),
    ...more,
  };
}

export const tokens: EnrolmentToken[] = [
  {
    id: uuid(6, 1),
    locationId: uuid(1, 3),
    prefix: 'pwe_8sKd',
    state: 'used',
    needsApproval: false,
    usesLeft: 0,
    expiresAt: iso(started - 29 * day),
    createdAt: iso(started - 30 * day),
  },
];

export const components: Component[] = ['example.com', 'shop.example', 'Relays'].map((name, index) => ({
  id: uuid(4, index + 1),
  name,
  description: index === 2 ? 'Outgoing mail of all sites' : '',
  monitors: 0,
  revision: 1,
  createdAt: iso(started - 35 * day),
}));

export function makeMonitors(rows: number): Monitor[] {
  return Array.from({ length: rows }, (_, index) => {
    const seed = seeds[index % seeds.length] as Seed;
    const round = Math.floor(index / seeds.length);
    const mood: Mood = round > 0 && noise(index) > 0.12 ? 'good' : seed.mood;
    const suffix = round > 0 ? ` ${round + 1}` : '';
    return makeMonitor(index + 1, {
      ...seed,
      mood,
      name: seed.name + suffix,
      host: seed.host.replace('.', `${round || ''}.`),
    });
  });
}

export function makeMonitor(number: number, seed: Seed): Monitor {
  const id = uuid(3, number);
  remember(id, seed);
  const component = components[number % 7 === 0 ? 2 : seed.host.includes('shop') ? 1 : 0] as Component;
  component.monitors += 1;
  const chosen = locations.slice(0, number % 3 === 0 ? 4 : 3);
  for (const location of chosen) {
    location.monitors += 1;
  }
  const monitor: Monitor = {
    id,
    name: seed.name,
    componentId: component.id,
    componentName: component.name,
    type: seed.type,
    host: seed.host,
    port: seed.port,
    security: seed.security,
    addressFamily: 'any',
    ...(seed.signsIn && {
      credentials: {
        username: 'probe@example.com',
        passwordSet: true,
        accessTokenSet: false,
        mechanism: 'auto',
        allowPlaintext: false,
      },
    }),
    periodSeconds: 60,
    timeoutSeconds: 30,
    thresholds: { warningSeconds: 8, errorSeconds: 20 },
    certificate: { warningDays: 21, errorDays: 7, reportOnly: false },
    locations: { allPublic: true, locationIds: chosen.filter(({ kind }) => kind === 'private').map((each) => each.id) },
    tags: [],
    paused: seed.paused ?? false,
    revision: 1,
    createdAt: iso(seed.mood === 'new' ? Date.now() - 12_000 : started - 20 * day),
    updatedAt: iso(seed.mood === 'new' ? Date.now() - 12_000 : started - 2 * day),
    ...seed.asked,
    status: { status: 'NO_DATA', sentence: '', reportingLocations: 0, failingLocations: 0, locations: [] },
  };
  return withStatus(monitor, chosen);
}

/** What the monitor says now, from the run that each place would just have ended. */
export function withStatus(monitor: Monitor, chosen = chosenPlaces(monitor)): Monitor {
  const places: Monitor['status']['locations'] = chosen.map((location, index) => {
    const silent = location.state !== 'online';
    if (silent || moodOf(monitor.id) === 'new') {
      return {
        locationId: location.id,
        locationName: location.name,
        status: 'NO_DATA',
        sentence: location.silentSince
          ? 'No data: no agent has reported since then'
          : silent
            ? 'No data: no agent of this location has ever connected'
            : 'No result yet.',
        silentSince: location.silentSince,
        lastRunAt: location.silentSince,
        sync: location.state === 'never-connected' ? 'no-agent' : location.silentSince ? 'unknown' : 'in-sync',
        agentLostSince: location.silentSince,
        nextRunAt: silent ? undefined : nextRun(monitor, index),
      };
    }
    const families = familiesOf(monitor).map((family) => ({
      addressFamily: family,
      ...placeAfter(monitor, makeResult(monitor, location, lastRun(monitor, index), true, family), index),
    }));
    const worst = families.find(({ status }) => status !== 'OK') ?? families[0];
    const named = { locationId: location.id, locationName: location.name };
    if (monitor.addressFamily !== 'both' || !worst) {
      return { ...named, ...placeAfter(monitor, makeResult(monitor, location, lastRun(monitor, index), true), index) };
    }
    const { addressFamily, lastResult: _, ...summed } = worst;
    const sentence = worst.status === 'OK' ? worst.sentence : `${familyTitles[addressFamily]}: ${worst.sentence}`;
    const certificateDaysLeft = families.find((each) => each.certificateDaysLeft !== undefined)?.certificateDaysLeft;
    return { ...named, ...summed, sentence, certificateDaysLeft, families: families as Place['families'] };
  });
  // Of two families the one in error at more places decides, as the controller has it, though in fewer words.
  const seen = vantages(places).filter(({ status }) => status !== 'NO_DATA');
  const errorsOver = (over?: Vantage['addressFamily']) =>
    seen.filter((each) => each.addressFamily === over && each.status === 'ERROR');
  const family = monitor.addressFamily !== 'both' ? undefined : worse(errorsOver('ipv4'), errorsOver('ipv6'));
  const reporting = seen.filter(({ addressFamily }) => addressFamily === family);
  const failing = errorsOver(family);
  const warning = reporting.find(({ status }) => status === 'WARNING');
  const confirmed = failing.length * 2 >= reporting.length && failing.length > 1;
  const status = reporting.length === 0 ? 'NO_DATA' : confirmed ? 'ERROR' : warning ? 'WARNING' : 'OK';
  const shown = confirmed ? mostShared(failing) : warning;
  return {
    ...monitor,
    status: {
      status,
      sentence: sentenceFor(status, failing, shown, reporting.length),
      reportingLocations: reporting.length,
      failingLocations: failing.length,
      cause: shown?.failure && {
        addressFamily: family,
        locationId: shown.locationId,
        locationName: shown.locationName,
        failure: shown.failure,
      },
      certificateDaysLeft: reporting.find((each) => each.certificateDaysLeft !== undefined)?.certificateDaysLeft,
      lastRunAt: reporting
        .map((each) => each.lastRunAt ?? '')
        .sort()
        .at(-1),
      locations: places,
    },
  };
}

function familiesOf(monitor: Monitor): Result['addressFamily'][] {
  return monitor.addressFamily === 'both' ? ['ipv4', 'ipv6'] : [monitor.addressFamily];
}

function placeAfter(monitor: Monitor, lastResult: Result, index: number) {
  return {
    status: lastResult.status,
    sentence: lastResult.sentence,
    sync: 'in-sync' as const,
    lastRunAt: lastResult.startedAt,
    nextRunAt: nextRun(monitor, index),
    totalMillis: lastResult.totalMillis,
    certificateDaysLeft: lastResult.certificate?.daysLeft,
    failure: lastResult.failure,
    lastResult,
  };
}

type Place = Monitor['status']['locations'][number];

function worse(ipv4: Vantage[], ipv6: Vantage[]): 'ipv4' | 'ipv6' {
  return ipv6.length > ipv4.length ? 'ipv6' : 'ipv4';
}

function mostShared(failing: Vantage[]): Vantage | undefined {
  const share = (code?: string) => failing.filter(({ failure }) => failure?.code === code).length;
  return [...failing].sort((a, b) => share(b.failure?.code) - share(a.failure?.code))[0];
}

function sentenceFor(status: string, failing: Vantage[], shown: Vantage | undefined, reporting: number): string {
  const reason = `${shown?.addressFamily ? `${familyTitles[shown.addressFamily]}: ` : ''}${shown?.sentence}`;
  if (status === 'ERROR') {
    return `Failing from ${failing.length} of ${reporting} reporting locations: ${reason}`;
  }
  if (status === 'WARNING') {
    return reason;
  }
  if (status === 'NO_DATA') {
    return 'No result yet.';
  }
  return failing[0]
    ? `OK, but failing from ${failing[0].locationName} only.`
    : `OK from ${reporting} of ${reporting} places.`;
}

function chosenPlaces(monitor: Monitor): Location[] {
  const { allPublic, locationIds } = monitor.locations;
  return locations.filter(({ id, kind }) => (allPublic && kind === 'public') || locationIds?.includes(id));
}

function lastRun(monitor: Monitor, index: number): number {
  const period = monitor.periodSeconds * 1_000;
  return Math.floor(Date.now() / period) * period - index * 7_000;
}

function nextRun(monitor: Monitor, index: number): string | undefined {
  return monitor.paused ? undefined : iso(lastRun(monitor, index) + monitor.periodSeconds * 1_000);
}

export function makeRuns(monitor: Monitor, from: number, to: number): Result[] {
  const period = monitor.periodSeconds * 1_000;
  const runs: Result[] = [];
  if (moodOf(monitor.id) === 'new') {
    return runs;
  }
  for (const [index, location] of chosenPlaces(monitor).entries()) {
    for (let at = Math.floor(to / period) * period - index * 7_000; at >= from; at -= period) {
      const lost = location.state !== 'online' && at > started - 3.2 * 3_600_000;
      const hole = at > started - 34 * 60_000 && at < started - 27 * 60_000 && index === 1;
      if (at <= to && !lost && !hole) {
        familiesOf(monitor).forEach((family, half) => {
          runs.push(makeResult(monitor, location, at - (half * period) / 2, false, family));
        });
      }
    }
  }
  return runs.sort((a, b) => b.scheduledAt.localeCompare(a.scheduledAt));
}

export function makeSeries(monitor: Monitor, from: number, to: number): Series[] {
  const runs = makeRuns(monitor, from, to).reverse();
  const all = chosenPlaces(monitor).flatMap((location) => familiesOf(monitor).map((family) => ({ location, family })));
  return all.map(({ location, family }) => ({
    id: `${monitor.id}.${location.id}.${family}`,
    locationId: location.id,
    locationName: location.name,
    addressFamily: family,
    truncated: false,
    points: runs
      .filter(({ locationId, addressFamily }) => locationId === location.id && addressFamily === family)
      .map((run) => {
        const phases: Record<string, number> = {};
        for (const { name, durationMillis } of run.phases) {
          phases[name] = (phases[name] ?? 0) + durationMillis;
        }
        return {
          at: run.scheduledAt,
          status: run.status,
          totalMillis: run.totalMillis,
          phases,
          failureCode: run.failure?.code,
        };
      }),
  }));
}
