import type { LimitedPhase, MinimumTls, Monitor, MonitorRequest, StopAfter } from '../../../api/types';
import type { MonitorDraft } from './draft';

/** What a check may ask for beyond its defaults. What is empty is not asked for. */
export interface CheckOptions {
  phaseLimits: PhaseLimit[];
  /** What the end of a certificate is judged by. */
  lifetime: 'days' | 'percent';
  warningPercent: number | undefined;
  errorPercent: number | undefined;
  expectedName: string;
  serverName: string;
  /** PEM. */
  trustAnchors: string;
  pin: string;
  greetingContains: string;
  capabilities: string[];
  minimumTls: MinimumTls | null;
  stopAfter: StopAfter | null;
  recipient: string;
  folder: string;
}

export interface PhaseLimit {
  phase: LimitedPhase;
  warningSeconds: number | undefined;
  errorSeconds: number | undefined;
}

export const nothingAsked: CheckOptions = {
  phaseLimits: [],
  lifetime: 'days',
  warningPercent: undefined,
  errorPercent: undefined,
  expectedName: '',
  serverName: '',
  trustAnchors: '',
  pin: '',
  greetingContains: '',
  capabilities: [],
  minimumTls: null,
  stopAfter: null,
  recipient: '',
  folder: '',
};

export function askedOf({ thresholds, certificate, expectations, ...monitor }: Monitor): CheckOptions {
  return {
    phaseLimits: (thresholds.phases ?? []).map(({ phase, warningSeconds, errorSeconds }) => ({
      phase,
      warningSeconds,
      errorSeconds,
    })),
    lifetime: countsPercent(certificate) ? 'percent' : 'days',
    warningPercent: certificate.warningPercent,
    errorPercent: certificate.errorPercent,
    expectedName: certificate.expectedName ?? '',
    serverName: certificate.serverName ?? '',
    trustAnchors: certificate.trustAnchors ?? '',
    pin: certificate.pin ?? '',
    greetingContains: expectations?.greetingContains ?? '',
    capabilities: expectations?.capabilities ?? [],
    minimumTls: expectations?.minimumTls ?? null,
    stopAfter: monitor.stopAfter ?? null,
    recipient: monitor.recipient ?? '',
    folder: monitor.folder ?? '',
  };
}

export function countsPercent({ warningPercent, errorPercent }: Monitor['certificate']): boolean {
  return Boolean(warningPercent || errorPercent);
}

// A quarter of 90 days is close to the 21 days that are usual, and a year's certificate warns 3 months ahead.
const proposedPercent = { warningPercent: 25, errorPercent: 10 };

/** Percent have no default, so something sensible is proposed. */
export function withLifetime(draft: MonitorDraft, lifetime: CheckOptions['lifetime']): MonitorDraft {
  const unsaid = draft.warningPercent === undefined && draft.errorPercent === undefined;
  return { ...draft, lifetime, ...(lifetime === 'percent' && unsaid && proposedPercent) };
}

/** Only a server that takes mail is asked about a recipient. */
export function recipientOf(draft: MonitorDraft): string | undefined {
  return draft.type === 'smtp' ? said(draft.recipient) : undefined;
}

/** A folder is opened by whoever has logged in to IMAP. */
export function folderOf(draft: MonitorDraft): string | undefined {
  return draft.type === 'imap' && draft.signsIn ? said(draft.folder) : undefined;
}

/** Where a run may end without contradicting what else is asked for; the last is where it ends anyway. */
export function stopsOf(draft: MonitorDraft): StopAfter[] {
  if (recipientOf(draft)) {
    return ['rcpt'];
  }
  if (folderOf(draft)) {
    return ['select'];
  }
  if (draft.signsIn) {
    return ['auth'];
  }
  if (draft.security === 'starttls') {
    return expectsTls(draft) ? ['starttls'] : [...beforeTls(draft), 'starttls'];
  }
  return beforeTls(draft);
}

function beforeTls({ capabilities }: MonitorDraft): StopAfter[] {
  return capabilities.length > 0 ? ['capability'] : ['greeting', 'capability'];
}

/** Whether something is expected that only TLS can tell. */
function expectsTls({ minimumTls, expectedName, serverName, trustAnchors, pin }: MonitorDraft): boolean {
  return minimumTls !== null || [expectedName, serverName, trustAnchors, pin].some((each) => said(each) !== undefined);
}

export function stopAfterOf(draft: MonitorDraft): StopAfter | undefined {
  const { stopAfter } = draft;
  return stopAfter && stopsOf(draft).includes(stopAfter) ? stopAfter : undefined;
}

/** The phases that a run of this monitor can have, in their order. */
export function phasesOf({ type, security, signsIn, ...draft }: MonitorDraft): LimitedPhase[] {
  const there = {
    tls: security !== 'none',
    starttls: security === 'starttls',
    auth: signsIn,
    select: type === 'imap' && signsIn && said(draft.folder) !== undefined,
    mail: type === 'smtp' && said(draft.recipient) !== undefined,
    rcpt: type === 'smtp' && said(draft.recipient) !== undefined,
  };
  return limitable.filter((phase) => !(phase in there) || there[phase as keyof typeof there]);
}

const limitable: readonly LimitedPhase[] = [
  'resolve',
  'connect',
  'tls',
  'greeting',
  'capability',
  'starttls',
  'auth',
  'select',
  'mail',
  'rcpt',
  'quit',
];

/** The limits on phases that can occur. One for a phase that no longer does waits until it does again. */
export function shownLimits(draft: MonitorDraft): PhaseLimit[] {
  const occurring = phasesOf(draft);
  return draft.phaseLimits.filter(({ phase }) => occurring.includes(phase));
}

/** Those that are told; a phase without a number is no limit yet. */
export function limitsOf(draft: MonitorDraft): PhaseLimit[] {
  return shownLimits(draft).filter(
    ({ warningSeconds, errorSeconds }) => warningSeconds !== undefined || errorSeconds !== undefined,
  );
}

/** What the API is told of them. What doesn't go with type, security or login is left out. */
export function optionsAsked(
  draft: MonitorDraft,
): Pick<MonitorRequest, 'thresholds' | 'certificate' | 'expectations' | 'stopAfter' | 'recipient' | 'folder'> {
  const encrypts = draft.security !== 'none';
  const limits = limitsOf(draft);
  const expectations = {
    greetingContains: said(draft.greetingContains),
    capabilities: draft.capabilities.length > 0 ? draft.capabilities : undefined,
    minimumTls: (encrypts && draft.minimumTls) || undefined,
  };
  return {
    thresholds: {
      warningSeconds: draft.warningSeconds,
      errorSeconds: draft.errorSeconds,
      phases: limits.length > 0 ? limits : undefined,
    },
    certificate: {
      ...(draft.lifetime === 'days'
        ? { warningDays: draft.warningDays, errorDays: draft.errorDays }
        : { warningPercent: draft.warningPercent, errorPercent: draft.errorPercent }),
      reportOnly: draft.reportOnly,
      ...(encrypts && {
        expectedName: said(draft.expectedName),
        serverName: said(draft.serverName),
        trustAnchors: said(draft.trustAnchors),
        pin: said(draft.pin),
      }),
    },
    expectations: Object.values(expectations).some((each) => each !== undefined) ? expectations : undefined,
    stopAfter: stopAfterOf(draft),
    recipient: recipientOf(draft),
    folder: folderOf(draft),
  };
}

/** Whether more is said about the certificate than how many days it must have left. */
export function asksAboutCertificate(draft: MonitorDraft): boolean {
  return (
    draft.lifetime === 'percent' ||
    draft.reportOnly ||
    [draft.expectedName, draft.serverName, draft.trustAnchors, draft.pin].some((each) => each !== '')
  );
}

export function expectsSomething(draft: MonitorDraft): boolean {
  return draft.greetingContains !== '' || draft.capabilities.length > 0 || draft.minimumTls !== null;
}

/** Whether a run ends elsewhere, or asks for more, than login and encryption alone make it. */
export function asksOnTheWay(draft: MonitorDraft): boolean {
  return draft.stopAfter !== null || draft.recipient !== '' || draft.folder !== '';
}

function said(text: string): string | undefined {
  return text.trim() || undefined;
}
