import type {
  Certificate,
  CertificateFindings,
  Failure,
  Location,
  Monitor,
  PhaseTiming,
  Result,
} from '../src/api/types';
import { day, fingerprintOf, iso, noise, started, uuid } from './sample-basics.ts';
import { capabilitiesOf, greetingOf, transcriptOf } from './sample-dialogue.ts';
import { type Mood, moodOf } from './sample-seeds.ts';

/** The runs of the made-up monitors: what each took, found and failed with. */

const typical: Record<string, number> = {
  resolve: 4,
  connect: 18,
  tls: 46,
  greeting: 31,
  capability: 19,
  starttls: 17,
  auth: 58,
  select: 12,
  mail: 9,
  rcpt: 26,
  quit: 15,
};

function phaseNames(monitor: Monitor): string[] {
  const signIn = [
    ...(monitor.credentials ? ['auth'] : []),
    ...(monitor.folder ? ['select'] : []),
    ...(monitor.recipient ? ['mail', 'rcpt'] : []),
  ];
  if (monitor.security === 'tls') {
    return ['resolve', 'connect', 'tls', 'greeting', 'capability', ...signIn, 'quit'];
  }
  const encrypting = monitor.security === 'starttls' ? ['starttls', 'tls', 'capability'] : [];
  return ['resolve', 'connect', 'greeting', 'capability', ...encrypting, ...signIn, 'quit'];
}

function failureOf(
  monitor: Monitor,
  location: Location,
  at: number,
  family: Result['addressFamily'],
): { failure: Failure; after: string } | null {
  const mood = moodOf(monitor.id);
  const hiccup = noise(at / 60_000 + location.name.length) < 0.012;
  const first = location.name === 'Frankfurt';
  const refuses =
    mood === 'refused' ||
    (mood === 'ipv6-refused' && family === 'ipv6') ||
    (mood === 'ipv6-silent' && first && family === 'ipv4');
  if (refuses && at > started - 2.4 * 3_600_000) {
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
  if (mood === 'ipv6-silent' && !first && family === 'ipv6') {
    return {
      failure: {
        category: 'connect',
        code: 'connect-timeout',
        phase: 'connect',
        fault: 'target',
        message: `No answer from ${monitor.host} within 30 s.`,
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
  if (mood === 'greylisted' && location.name !== 'Head office') {
    return {
      failure: {
        category: 'service',
        code: 'greylisted',
        phase: 'rcpt',
        fault: 'target',
        message: `${monitor.host} puts mail to ${monitor.recipient} off for a while.`,
        serverReply: '450 4.2.0 <postmaster@shop.example>: Recipient address rejected: Greylisted, see you in 300 s',
      },
      after: 'rcpt',
    };
  }
  if (mood === 'token') {
    return {
      failure: {
        category: 'auth',
        code: 'token-expired',
        phase: 'auth',
        fault: 'settings',
        message: 'The access token of probe@shop.example has expired.',
        serverReply: 'A2 NO AUTHENTICATE failed. {"status":"400","schemes":"Bearer"}',
      },
      after: 'auth',
    };
  }
  if (mood === 'expectation') {
    return {
      failure: {
        category: 'protocol',
        code: 'expectation-not-met',
        phase: 'capability',
        fault: 'target',
        message: `${monitor.host} does not offer DSN, which the monitor expects.`,
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

export function makeResult(
  monitor: Monitor,
  location: Location,
  at: number,
  full: boolean,
  family: Result['addressFamily'] = 'any',
): Result {
  const seed =
    at / 1_000 + (family === 'ipv6' ? 7 : 0) + location.name.length * 17 + monitor.port + monitor.host.length;
  const far = location.name === 'Oslo' ? 1.7 : location.name === 'Head office' ? 0.45 : 1;
  const own = moodOf(monitor.id);
  const mood = own === 'ipv6-silent' && family === 'ipv6' ? 'soon' : own;
  const wave = 1 + 0.35 * Math.sin(at / 2_700_000) + (noise(seed + 5) < 0.03 ? 2.4 : 0);
  const failed = failureOf(monitor, location, at, family);
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
  const greeting = greetingOf(monitor);
  return {
    id: `${at}.${location.id}.${family}`,
    monitorId: monitor.id,
    locationId: location.id,
    addressFamily: family,
    agentId: uuid(2, 1),
    scheduledAt: iso(at),
    startedAt: iso(at + 3),
    triggered: noise(seed + 9) < 0.02,
    status,
    failure,
    phases,
    totalMillis: now,
    ...(phases.length > 2 && { remoteAddress: family === 'ipv6' ? '2001:db8:7::25' : '203.0.113.25', greeting }),
    ...networkOf(monitor, failed?.failure, phases, family),
    ...(reachedTls && {
      tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
      certificate: chainOf(monitor, mood),
    }),
    capabilities: phases.length > 4 ? capabilitiesOf(monitor) : [],
    ...(monitor.credentials && !failed && { authMechanism: monitor.type === 'pop3' ? 'USER-PASS' : 'SCRAM-SHA-256' }),
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
    fingerprint: fingerprintOf(number),
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
  const chain =
    mood === 'pinned'
      ? [link(1, monitor.host, monitor.host, left)]
      : [link(1, monitor.host, 'Sample Issuing CA 3', left), link(2, 'Sample Issuing CA 3', 'Sample Root', 900)];
  return {
    daysLeft: left,
    notAfter: iso(started + left * day),
    fingerprints: chain.map(({ fingerprint }) => fingerprint),
    chain,
    verdicts:
      mood === 'expired' ? [{ code: 'expired', position: 0, message: 'The certificate ended 4 days ago.' }] : [],
  };
}

/** Names with an alias, and a first address that some places can't reach. */
function networkOf(
  monitor: Monitor,
  failure: Failure | undefined,
  phases: PhaseTiming[],
  family: Result['addressFamily'],
): Pick<Result, 'aliases' | 'resolver' | 'resolved' | 'attempts'> {
  const resolved = ['2001:db8:7::25', '203.0.113.25'];
  const [connect] = phases.filter(({ name }) => name === 'connect');
  const begin = connect?.startMillis ?? 0;
  const took = connect?.durationMillis ?? 0;
  const last = failure?.phase === 'connect' ? { failureCode: failure.code } : {};
  const several = monitor.type === 'imap' || failure?.phase === 'connect';
  if (family !== 'any') {
    const address = family === 'ipv6' ? '2001:db8:7::25' : '203.0.113.25';
    const attempts = [{ address, startMillis: begin, durationMillis: took, ...last }];
    return { aliases: [], resolver: '192.0.2.53', resolved: [address], attempts };
  }
  return {
    aliases: monitor.type === 'imap' ? [`mail-3.${monitor.host.split('.').slice(1).join('.')}`] : [],
    resolver: '192.0.2.53',
    resolved,
    attempts: several
      ? [
          {
            address: '2001:db8:7::25',
            startMillis: begin,
            durationMillis: took * 0.3,
            failureCode: 'network-unreachable',
          },
          { address: '203.0.113.25', startMillis: begin + took * 0.3, durationMillis: took * 0.7, ...last },
        ]
      : [{ address: '203.0.113.25', startMillis: begin, durationMillis: took }],
  };
}
