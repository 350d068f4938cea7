import type { AddressFamily, MonitorType, Security, StopAfter } from '../../api/types';

export const typeWords: Record<MonitorType, string> = { smtp: 'SMTP', imap: 'IMAP', pop3: 'POP3' };

export const securityWords: Record<Security, string> = { none: 'not encrypted', starttls: 'STARTTLS', tls: 'TLS' };

export const familyWords: Record<AddressFamily, string> = {
  any: 'any address',
  ipv4: 'IPv4 only',
  ipv6: 'IPv6 only',
  both: 'IPv4 and IPv6, each by itself',
};

/** Where a run ends, as in "ends after …". */
export const stopWords: Record<StopAfter, string> = {
  greeting: 'the greeting',
  capability: 'the capabilities',
  starttls: 'STARTTLS',
  auth: 'the login',
  rcpt: 'the recipient',
  select: 'opening the folder',
};

/** host:port, with an IPv6 literal in brackets. */
export function endpoint({ host, port }: { host: string; port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
