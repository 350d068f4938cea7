import type { Failure, Monitor, PhaseTiming, TranscriptLine } from '../src/api/types';

/** What the made-up servers say. */

export function greetingOf({ type, host }: Monitor): string {
  return {
    imap: '* OK [CAPABILITY IMAP4rev1 ID] ready.',
    pop3: '+OK POP3 ready.',
    smtp: `220 ${host} ESMTP Postfix`,
  }[type];
}

export function capabilitiesOf({ type }: Monitor): string[] {
  return {
    imap: ['IMAP4rev1', 'ID', 'IDLE', 'UIDPLUS', 'AUTH=PLAIN', 'AUTH=SCRAM-SHA-256'],
    pop3: ['TOP', 'UIDL', 'USER', 'PIPELINING'],
    smtp: ['SIZE 52428800', 'PIPELINING', '8BITMIME', 'SMTPUTF8', 'AUTH PLAIN SCRAM-SHA-256'],
  }[type];
}

type Said = [TranscriptLine['direction'], string];

export function transcriptOf(
  monitor: Monitor,
  phases: PhaseTiming[],
  greeting: string,
  failure?: Failure,
): TranscriptLine[] {
  const said = dialogues[monitor.type](monitor);
  return phases.flatMap((phase) => {
    const lines = phase.name === 'greeting' ? [['server', greeting] as Said] : (said[phase.name] ?? []);
    const told = failure?.serverReply && failure.phase === phase.name ? answered(lines, failure.serverReply) : lines;
    return told.map(([direction, text], index) => ({
      atMillis: phase.startMillis + ((index + 1) * phase.durationMillis) / (told.length + 0.5),
      direction,
      text,
    }));
  });
}

function answered(lines: Said[], reply: string): Said[] {
  return [...lines.filter(([direction]) => direction === 'client'), ['server', reply]];
}

const encrypted: Said[] = [['note', 'TLSv1.3, TLS_AES_256_GCM_SHA384']];

const dialogues: Record<Monitor['type'], (monitor: Monitor) => Record<string, Said[]>> = {
  imap: (monitor) => ({
    capability: [
      ['client', 'A1 CAPABILITY'],
      ['server', `* CAPABILITY ${capabilitiesOf(monitor).join(' ')}`],
      ['server', 'A1 OK Completed'],
    ],
    starttls: [
      ['client', 'S1 STARTTLS'],
      ['server', 'S1 OK Begin TLS'],
    ],
    tls: encrypted,
    auth: [
      ['client', `A2 AUTHENTICATE ${monitor.credentials?.accessTokenSet ? 'XOAUTH2' : 'SCRAM-SHA-256'} [credentials]`],
      ['server', 'A2 OK Logged in'],
    ],
    select: [
      ['client', `A3 EXAMINE ${monitor.folder}`],
      ['server', '* 172 EXISTS'],
      ['server', 'A3 OK [READ-ONLY] Examine completed'],
    ],
    quit: [
      ['client', 'A9 LOGOUT'],
      ['server', '* BYE Logging out'],
    ],
  }),
  pop3: (monitor) => ({
    capability: [
      ['client', 'CAPA'],
      ['server', '+OK'],
      ...capabilitiesOf(monitor).map((each): Said => ['server', each]),
      ['server', '.'],
    ],
    starttls: [
      ['client', 'STLS'],
      ['server', '+OK Begin TLS'],
    ],
    tls: encrypted,
    auth: [
      ['client', 'USER [credentials]'],
      ['server', '+OK'],
      ['client', 'PASS [credentials]'],
      ['server', '+OK Logged in'],
    ],
    quit: [
      ['client', 'QUIT'],
      ['server', '+OK Bye'],
    ],
  }),
  smtp: (monitor) => ({
    capability: [
      ['client', 'EHLO agent.example.com'],
      ['server', `250-${monitor.host}`],
      ...capabilitiesOf(monitor).map(
        (each, index, all): Said => ['server', `250${index + 1 < all.length ? '-' : ' '}${each}`],
      ),
    ],
    starttls: [
      ['client', 'STARTTLS'],
      ['server', '220 2.0.0 Ready to start TLS'],
    ],
    tls: encrypted,
    auth: [
      ['client', 'AUTH SCRAM-SHA-256 [credentials]'],
      ['server', '235 2.7.0 Authentication successful'],
    ],
    mail: [
      ['client', 'MAIL FROM:<>'],
      ['server', '250 2.1.0 Ok'],
    ],
    rcpt: [
      ['client', `RCPT TO:<${monitor.recipient}>`],
      ['server', '250 2.1.5 Ok'],
    ],
    quit: [
      ['client', 'QUIT'],
      ['server', '221 2.0.0 Bye'],
    ],
  }),
};
