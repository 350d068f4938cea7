import type {
  Agent,
  Certificate,
  CertificateFindings,
  Component,
  EnrolmentToken,
  Failure,
  Location,
  Monitor,
  PhaseTiming,
  Result,
  Series,
  TranscriptLine,
} from '../src/api/types';

/** Made-up but plausible: a small organisation with its mail servers, watched from five places. */

const day = 86_400_000;
const started = Date.now();

export function iso(millis: number): string {
  return new Date(millis).toISOString();
}

export function uuid(kind: number, number: number): string {
  return `0193${kind.toString(16).padStart(4, '0')}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** The same numbers at every start: 0 ≤ x < 1. */
function noise(seed: number): number {
  const x = Math.sin(seed * 127.1 + 311.7) * 43_758.5453;
  return x - Math.floor(x);
}

export const locations: Location[] = [
  place(1, 'Frankfurt', 'public', 'online', 2, 2, 'Region of the operator'),
  place(2, 'Oslo', 'public', 'online', 2, 2, 'Region of the operator'),
  place(3, 'Head office', 'private', 'online', 2, 1, 'Rack 4, beside the mail relay'),
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
    state,
    agents: agentCount,
    agentsOnline,
    monitors: 0,
    revision: 3,
    createdAt: iso(started - 40 * day),
  };
}

export const agents: Agent[] = [
  agent(1, 3, 'relay-01', 'online', { scheduleLagMillis: 3.2, clockOffsetMillis: -11.4, runsPerMinute: 13.8 }),
  agent(2, 3, 'relay-02', 'offline', { spoolRows: 0 }),
  agent(3, 4, 'lyon-gw', 'offline', {
    clockOffsetMillis: 5_320,
    sync: {
      state: 'rejected',
      appliedRevision: 41,
      wantedRevision: 44,
      rejected: [
        {
          monitorId: uuid(3, 3),
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
    checkTypes: known ? ['smtp', 'imap'] : [],
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
    sync: { state: 'in-sync', appliedRevision: 44, wantedRevision: 44, rejected: [] },
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

type Mood = 'good' | 'slow' | 'refused' | 'login' | 'expired' | 'soon' | 'new' | 'partly';

interface Seed {
  name: string;
  host: string;
  type: Monitor['type'];
  security: Monitor['security'];
  port: number;
  mood: Mood;
  signsIn?: boolean;
  paused?: boolean;
}

const seeds: Seed[] = [
  {
    name: 'Mailboxes',
    host: 'imap.example.com',
    type: 'imap',
    security: 'tls',
    port: 993,
    mood: 'good',
    signsIn: true,
  },
  {
    name: 'Submission',
    host: 'smtp.example.com',
    type: 'smtp',
    security: 'starttls',
    port: 587,
    mood: 'good',
    signsIn: true,
  },
  { name: 'mx1.example.com', host: 'mx1.example.com', type: 'smtp', security: 'starttls', port: 25, mood: 'partly' },
  { name: 'mx2.example.com', host: 'mx2.example.com', type: 'smtp', security: 'starttls', port: 25, mood: 'refused' },
  {
    name: 'Shop mailboxes',
    host: 'mail.shop.example',
    type: 'imap',
    security: 'starttls',
    port: 143,
    mood: 'login',
    signsIn: true,
  },
  { name: 'Shop relay', host: 'relay.shop.example', type: 'smtp', security: 'tls', port: 465, mood: 'soon' },
  { name: 'Old relay', host: 'relay-old.example.com', type: 'smtp', security: 'tls', port: 465, mood: 'expired' },
  {
    name: 'Archive',
    host: 'archive.example.com',
    type: 'imap',
    security: 'tls',
    port: 993,
    mood: 'slow',
    signsIn: true,
  },
  { name: 'Printer gateway', host: '2001:db8::25', type: 'smtp', security: 'none', port: 25, mood: 'good' },
  {
    name: 'Test system',
    host: 'imap.test.example.com',
    type: 'imap',
    security: 'tls',
    port: 993,
    mood: 'good',
    paused: true,
  },
  {
    name: 'New mailboxes',
    host: 'imap2.example.com',
    type: 'imap',
    security: 'tls',
    port: 993,
    mood: 'new',
    signsIn: true,
  },
];

const moods = new Map<string, Seed>();

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
  moods.set(id, seed);
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
    status: { status: 'NO_DATA', sentence: '', reportingLocations: 0, failingLocations: 0, locations: [] },
  };
  return withStatus(monitor, chosen);
}

/** What the monitor says now, from the run that each place would just have ended. */
export function withStatus(monitor: Monitor, chosen = chosenPlaces(monitor)): Monitor {
  const places: Monitor['status']['locations'] = chosen.map((location, index) => {
    const silent = location.state !== 'online';
    if (silent || moods.get(monitor.id)?.mood === 'new') {
      return {
        locationId: location.id,
        locationName: location.name,
        status: 'NO_DATA',
        sentence: silent ? 'Silent for 3 hours; its last result is too old to count.' : 'No result yet.',
        sync: silent ? 'no-agent' : 'in-sync',
        nextRunAt: silent ? undefined : nextRun(monitor, index),
      };
    }
    const lastResult = makeResult(monitor, location, lastRun(monitor, index), true);
    return {
      locationId: location.id,
      locationName: location.name,
      status: lastResult.status,
      sentence: lastResult.sentence,
      sync: 'in-sync',
      lastRunAt: lastResult.startedAt,
      nextRunAt: nextRun(monitor, index),
      totalMillis: lastResult.totalMillis,
      certificateDaysLeft: lastResult.certificate?.daysLeft,
      failure: lastResult.failure,
      lastResult,
    };
  });
  const reporting = places.filter(({ status }) => status !== 'NO_DATA');
  const failing = reporting.filter(({ status }) => status === 'ERROR');
  const warning = reporting.find(({ status }) => status === 'WARNING');
  const confirmed = failing.length * 2 >= reporting.length && failing.length > 1;
  const status = reporting.length === 0 ? 'NO_DATA' : confirmed ? 'ERROR' : warning ? 'WARNING' : 'OK';
  return {
    ...monitor,
    status: {
      status,
      sentence: sentenceFor(status, failing, warning, reporting.length),
      reportingLocations: reporting.length,
      failingLocations: failing.length,
      certificateDaysLeft: reporting.find((each) => each.certificateDaysLeft !== undefined)?.certificateDaysLeft,
      lastRunAt: reporting
        .map((each) => each.lastRunAt ?? '')
        .sort()
        .at(-1),
      locations: places,
    },
  };
}

type Place = Monitor['status']['locations'][number];

function sentenceFor(status: string, failing: Place[], warning: Place | undefined, reporting: number): string {
  if (status === 'ERROR') {
    return `In error from ${failing.length} of ${reporting} places: ${failing[0]?.failure?.message}`;
  }
  if (status === 'WARNING') {
    return `${warning?.failure?.message}`;
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

const typical: Record<string, number> = {
  resolve: 4,
  connect: 18,
  tls: 46,
  greeting: 31,
  capability: 19,
  starttls: 17,
  auth: 58,
  select: 12,
  quit: 15,
};

function phaseNames(monitor: Monitor): string[] {
  const signIn = monitor.credentials ? ['auth', ...(monitor.type === 'imap' ? ['select'] : [])] : [];
  if (monitor.security === 'tls') {
    return ['resolve', 'connect', 'tls', 'greeting', 'capability', ...signIn, 'quit'];
  }
  const encrypting = monitor.security === 'starttls' ? ['starttls', 'tls', 'capability'] : [];
  return ['resolve', 'connect', 'greeting', 'capability', ...encrypting, ...signIn, 'quit'];
}

function failureOf(monitor: Monitor, location: Location, at: number): { failure: Failure; after: string } | null {
  const mood = moods.get(monitor.id)?.mood ?? 'good';
  const hiccup = noise(at / 60_000 + location.name.length) < 0.012;
  if (mood === 'refused' && at > started - 2.4 * 3_600_000) {
    return {
      failure: {
        category: 'connect',
        code: 'connection-refused',
        phase: 'connect',
        fault: 'target',
        message: `${monitor.host} refused the connection at port ${monitor.port}.`,
      },
      after: 'connect',
    };
  }
  if (mood === 'partly' && location.name === 'Head office') {
    return {
      failure: {
        category: 'connect',
        code: 'connect-timeout',
        phase: 'connect',
        fault: 'network',
        message: `No answer from ${monitor.host} at port 25 within 30 s.`,
      },
      after: 'connect',
    };
  }
  if (mood === 'login') {
    return {
      failure: {
        category: 'auth',
        code: 'login-refused',
        phase: 'auth',
        fault: 'settings',
        message: 'The server refused the login of probe@example.com.',
        serverReply: 'A2 NO [AUTHENTICATIONFAILED] Authentication failed.',
      },
      after: 'auth',
    };
  }
  if (mood === 'expired') {
    return {
      failure: {
        category: 'certificate',
        code: 'expired',
        phase: 'tls',
        fault: 'target',
        message: 'The certificate ended 4 days ago.',
      },
      after: 'tls',
    };
  }
  return hiccup
    ? {
        failure: {
          category: 'timeout',
          code: 'timeout',
          phase: 'greeting',
          fault: 'target',
          message: 'No greeting within 30 s.',
        },
        after: 'greeting',
      }
    : null;
}

export function makeResult(monitor: Monitor, location: Location, at: number, full: boolean): Result {
  const seed = at / 1_000 + location.name.length * 17 + monitor.port + monitor.host.length;
  const far = location.name === 'Oslo' ? 1.7 : location.name === 'Head office' ? 0.45 : 1;
  const mood = moods.get(monitor.id)?.mood ?? 'good';
  const wave = 1 + 0.35 * Math.sin(at / 2_700_000) + (noise(seed + 5) < 0.03 ? 2.4 : 0);
  const failed = failureOf(monitor, location, at);
  const phases: PhaseTiming[] = [];
  let now = 0.4;
  for (const [index, name] of phaseNames(monitor).entries()) {
    const slow = mood === 'slow' && name === 'auth' ? 8_100 : 0;
    let durationMillis = (typical[name] ?? 10) * far * wave * (0.7 + noise(seed + index) * 0.6) + slow;
    const ends = failed?.after === name;
    if (ends && failed?.failure.code.includes('timeout')) {
      durationMillis = 30_000 - now;
    }
    phases.push({ name, startMillis: now, durationMillis });
    now += durationMillis + 0.2;
    if (ends) {
      break;
    }
  }
  const warning = warningOf(mood, now);
  const failure = failed?.failure ?? warning;
  const status = failed ? 'ERROR' : warning ? 'WARNING' : 'OK';
  const reachedTls = phases.some(({ name }) => name === 'tls');
  const greeting =
    monitor.type === 'imap' ? '* OK [CAPABILITY IMAP4rev1 ID] ready.' : `220 ${monitor.host} ESMTP Postfix`;
  return {
    id: `${at}.${location.id}`,
    monitorId: monitor.id,
    locationId: location.id,
    agentId: uuid(2, 1),
    scheduledAt: iso(at),
    startedAt: iso(at + 3),
    triggered: noise(seed + 9) < 0.02,
    status,
    failure,
    phases,
    totalMillis: now,
    ...(phases.length > 2 && { remoteAddress: '203.0.113.25', greeting }),
    resolved: ['203.0.113.25', '2001:db8:7::25'],
    attempts: [],
    ...(reachedTls && {
      tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
      certificate: chainOf(monitor, mood),
    }),
    capabilities: phases.length > 4 ? ['SIZE 52428800', 'PIPELINING', '8BITMIME', 'AUTH PLAIN LOGIN'] : [],
    ...(monitor.credentials && !failed && { authMechanism: 'PLAIN' }),
    hasTranscript: true,
    ...(full && { transcript: transcriptOf(monitor, phases, greeting, failed?.failure) }),
    sentence: failure?.message ?? `Answered in ${Math.round(now)} ms.`,
  };
}

function warningOf(mood: Mood, total: number): Failure | undefined {
  if (mood === 'soon') {
    return {
      category: 'certificate',
      code: 'expires-soon',
      phase: 'tls',
      fault: 'target',
      message: 'The certificate ends in 12 days.',
    };
  }
  return total > 8_000 && total < 30_000
    ? {
        category: 'slow',
        code: 'slow',
        phase: 'auth',
        fault: 'target',
        message: `Took ${(total / 1_000).toFixed(1)} s, more than 8 s; most of it signing in.`,
      }
    : undefined;
}

function chainOf(monitor: Monitor, mood: Mood): CertificateFindings {
  const left = mood === 'expired' ? -4 : mood === 'soon' ? 12 : 61;
  const link = (number: number, subject: string, issuer: string, days: number): Certificate => ({
    fingerprint: Array.from({ length: 32 }, (_, index) =>
      Math.floor(noise(number * 31 + index) * 256)
        .toString(16)
        .padStart(2, '0'),
    ).join(''),
    subject: `CN=${subject}`,
    issuer: `CN=${issuer}`,
    serialNumber: `0${number}a4f3c21b`,
    notBefore: iso(started + (days - 90) * day),
    notAfter: iso(started + days * day),
    names: number === 1 ? [monitor.host, `www.${monitor.host}`] : [],
    keyAlgorithm: number === 1 ? 'EC' : 'RSA',
    keyBits: number === 1 ? 256 : 2048,
    signatureAlgorithm: 'SHA256withRSA',
  });
  const chain = [
    link(1, monitor.host, 'Sample Issuing CA 3', left),
    link(2, 'Sample Issuing CA 3', 'Sample Root', 900),
  ];
  return {
    daysLeft: left,
    notAfter: iso(started + left * day),
    fingerprints: chain.map(({ fingerprint }) => fingerprint),
    chain,
    verdicts:
      mood === 'expired' ? [{ code: 'expired', position: 0, message: 'The certificate ended 4 days ago.' }] : [],
  };
}

function transcriptOf(monitor: Monitor, phases: PhaseTiming[], greeting: string, failure?: Failure): TranscriptLine[] {
  const imap = monitor.type === 'imap';
  const said: Record<string, [string, string][]> = {
    greeting: [['server', greeting]],
    capability: imap
      ? [
          ['client', 'A1 CAPABILITY'],
          ['server', '* CAPABILITY IMAP4rev1 ID IDLE AUTH=PLAIN AUTH=LOGIN'],
          ['server', 'A1 OK Completed'],
        ]
      : [
          ['client', 'EHLO agent.example.com'],
          ['server', `250-${monitor.host}`],
          ['server', '250-SIZE 52428800'],
          ['server', '250 AUTH PLAIN LOGIN'],
        ],
    starttls: [
      ['client', imap ? 'S1 STARTTLS' : 'STARTTLS'],
      ['server', imap ? 'S1 OK Begin TLS' : '220 2.0.0 Ready to start TLS'],
    ],
    tls: [['note', 'TLSv1.3, TLS_AES_256_GCM_SHA384']],
    auth: [
      ['client', imap ? 'A2 AUTHENTICATE PLAIN [credentials]' : 'AUTH PLAIN [credentials]'],
      ['server', failure?.serverReply ?? (imap ? 'A2 OK Logged in' : '235 2.7.0 Authentication successful')],
    ],
    quit: [
      ['client', imap ? 'A9 LOGOUT' : 'QUIT'],
      ['server', imap ? '* BYE Logging out' : '221 2.0.0 Bye'],
    ],
  };
  return phases.flatMap((phase) =>
    (said[phase.name] ?? []).map(([direction, text], index) => ({
      atMillis: phase.startMillis + index * 3.1,
      direction: direction as TranscriptLine['direction'],
      text,
    })),
  );
}

export function makeRuns(monitor: Monitor, from: number, to: number): Result[] {
  const period = monitor.periodSeconds * 1_000;
  const runs: Result[] = [];
  if (moods.get(monitor.id)?.mood === 'new') {
    return runs;
  }
  for (const [index, location] of chosenPlaces(monitor).entries()) {
    for (let at = Math.floor(to / period) * period - index * 7_000; at >= from; at -= period) {
      const lost = location.state !== 'online' && at > started - 3.2 * 3_600_000;
      const hole = at > started - 34 * 60_000 && at < started - 27 * 60_000 && index === 1;
      if (at <= to && !lost && !hole) {
        runs.push(makeResult(monitor, location, at, false));
      }
    }
  }
  return runs.sort((a, b) => b.scheduledAt.localeCompare(a.scheduledAt));
}

export function makeSeries(monitor: Monitor, from: number, to: number): Series[] {
  const runs = makeRuns(monitor, from, to).reverse();
  return chosenPlaces(monitor).map((location) => ({
    id: `${monitor.id}.${location.id}`,
    locationId: location.id,
    locationName: location.name,
    target: 'any',
    truncated: false,
    points: runs
      .filter(({ locationId }) => locationId === location.id)
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
