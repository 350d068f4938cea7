import type { AddressFamily, Location, Monitor, MonitorRequest, MonitorType, Security } from '../../../api/types';
import { credentialsOf, type LoginDraft, loginOf, noLogin } from './login';
import { type Numbers, nothingSaid, saidOf, usual } from './numbers';
import { askedOf, type CheckOptions, countsPercent, nothingAsked, optionsAsked } from './options';

/** A monitor while it is being written. Only what a person has set differs from the defaults. */
export interface MonitorDraft extends Numbers, LoginDraft, CheckOptions {
  type: MonitorType;
  host: string;
  security: Security;
  port: number | undefined;
  /** A port typed by hand stays whatever type and security become. */
  portByHand: boolean;
  name: string;
  componentId: string | null;
  addressFamily: AddressFamily;
  reportOnly: boolean;
  /** Null while nobody has chosen: the controller's default applies. */
  places: Places | null;
  tags: string[];
}

export interface Places {
  allPublic: boolean;
  locationIds: string[];
}

const ports: Record<MonitorType, Record<Security, number>> = {
  smtp: { none: 25, starttls: 25, tls: 465 },
  imap: { none: 143, starttls: 143, tls: 993 },
  pop3: { none: 110, starttls: 110, tls: 995 },
};

export function defaultPort(type: MonitorType, security: Security): number {
  return ports[type][security];
}

/** Every type has a port of its own for TLS, so TLS it is. */
export function defaultSecurity(_type: MonitorType): Security {
  return 'tls';
}

export interface OfferedPort {
  port: number;
  use: string;
}

/** Ports that are usual for the choice, when there is more than one. */
export function offeredPorts(type: MonitorType, security: Security): OfferedPort[] {
  return type === 'smtp' && security !== 'tls'
    ? [
        { port: 25, use: 'between servers' },
        { port: 587, use: 'submission' },
      ]
    : [];
}

export function newDraft(type: MonitorType = 'imap'): MonitorDraft {
  const security = defaultSecurity(type);
  return {
    type,
    host: '',
    security,
    port: defaultPort(type, security),
    portByHand: false,
    name: '',
    componentId: null,
    addressFamily: 'any',
    ...noLogin,
    ...nothingSaid,
    ...nothingAsked,
    reportOnly: false,
    places: null,
    tags: [],
  };
}

export function draftOf(monitor: Monitor): MonitorDraft {
  return {
    type: monitor.type,
    host: monitor.host,
    security: monitor.security,
    port: monitor.port,
    portByHand: monitor.port !== defaultPort(monitor.type, monitor.security),
    name: monitor.name,
    componentId: monitor.componentId,
    addressFamily: monitor.addressFamily,
    ...loginOf(monitor),
    ...saidOf({
      periodSeconds: monitor.periodSeconds,
      timeoutSeconds: monitor.timeoutSeconds,
      warningSeconds: monitor.thresholds.warningSeconds ?? 0,
      errorSeconds: monitor.thresholds.errorSeconds ?? 0,
      ...daysOf(monitor),
    }),
    ...askedOf(monitor),
    reportOnly: monitor.certificate.reportOnly ?? false,
    places: {
      allPublic: monitor.locations.allPublic ?? false,
      locationIds: monitor.locations.locationIds ?? [],
    },
    tags: monitor.tags,
  };
}

/** Beside percent there are no days; whoever changes over begins with the usual ones. */
function daysOf({ certificate }: Monitor) {
  return countsPercent(certificate)
    ? { warningDays: usual.warningDays, errorDays: usual.errorDays }
    : { warningDays: certificate.warningDays ?? 0, errorDays: certificate.errorDays ?? 0 };
}

export function withType(draft: MonitorDraft, type: MonitorType): MonitorDraft {
  return portFollowing({ ...draft, type });
}

export function withSecurity(draft: MonitorDraft, security: Security): MonitorDraft {
  return portFollowing({ ...draft, security });
}

export function withPort(draft: MonitorDraft, port: number | undefined): MonitorDraft {
  return { ...draft, port, portByHand: port !== defaultPort(draft.type, draft.security) };
}

function portFollowing(draft: MonitorDraft): MonitorDraft {
  return draft.portByHand ? draft : { ...draft, port: defaultPort(draft.type, draft.security) };
}

const hostAndPort = /^(?:[a-z0-9+.-]+:\/\/)?(\[[0-9a-f:.]+\]|[^\s:/]+)(?::(\d{1,5}))?\/?$/i;

/** Takes apart what people paste: `mail.example.com:993`, `imaps://mail.example.com`, `[2001:db8::1]:25`. */
export function withPastedHost(draft: MonitorDraft, pasted: string): MonitorDraft {
  const text = pasted.trim();
  const parts = hostAndPort.exec(text);
  const host = parts?.[1];
  if (!parts || !host) {
    return { ...draft, host: text };
  }
  const taken = { ...draft, host: host.replace(/^\[|\]$/g, '') };
  return parts[2] ? withPort(taken, Number(parts[2])) : taken;
}

/**
 * The places the controller takes by itself: all public ones or, where there is none, every private one. Only private ones
 * have the secrets of their agents' hosts.
 */
export function defaultPlaces(locations: readonly Location[], draft?: LoginDraft): Places {
  const privateIds = locations.filter(({ kind }) => kind === 'private').map(({ id }) => id);
  const local = draft?.signsIn && draft.secret === 'local' && privateIds.length > 0;
  return !local && locations.some(({ kind }) => kind === 'public')
    ? { allPublic: true, locationIds: [] }
    : { allPublic: false, locationIds: privateIds };
}

/** What the API is told. What nobody has said is left out, so that the controller's defaults apply. */
export function requestOf(draft: MonitorDraft): MonitorRequest {
  return {
    type: draft.type,
    host: draft.host.trim(),
    port: draft.port,
    security: draft.security,
    addressFamily: draft.addressFamily,
    name: draft.name.trim() || undefined,
    componentId: draft.componentId ?? undefined,
    credentials: credentialsOf(draft),
    periodSeconds: draft.periodSeconds,
    timeoutSeconds: draft.timeoutSeconds,
    ...optionsAsked(draft),
    locations: draft.places ?? undefined,
    tags: draft.tags,
  };
}
