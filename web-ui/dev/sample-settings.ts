import type { FieldError, Monitor, MonitorRequest } from '../src/api/types';

/** What the made-up controller takes and refuses, much as the real one does. */

const usualPorts = { smtp: 465, imap: 993, pop3: 995 };

export function settingsOf(request: MonitorRequest) {
  const { credentials, certificate, thresholds } = request;
  return {
    ...request,
    name: request.name ?? request.host,
    security: request.security ?? 'tls',
    port: request.port ?? usualPorts[request.type],
    addressFamily: request.addressFamily ?? 'any',
    credentials: credentials && {
      username: credentials.username,
      passwordSet: !credentials.accessToken && !credentials.localSecret,
      accessTokenSet: Boolean(credentials.accessToken),
      localSecret: credentials.localSecret,
      mechanism: credentials.mechanism ?? 'auto',
      allowPlaintext: credentials.allowPlaintext ?? false,
    },
    periodSeconds: request.periodSeconds ?? 60,
    timeoutSeconds: request.timeoutSeconds ?? 30,
    thresholds: { warningSeconds: 8, errorSeconds: 20, ...thresholds },
    certificate: certificate?.warningPercent
      ? certificate
      : { warningDays: 21, errorDays: 7, reportOnly: false, ...certificate },
    locations: request.locations ?? { allPublic: true, locationIds: [] },
    tags: request.tags ?? [],
  } satisfies Partial<Monitor>;
}

export function wrongFields({ host, certificate, recipient, thresholds }: MonitorRequest): FieldError[] {
  const wrong: FieldError[] = [];
  const check = (right: boolean, field: string, message: string) => {
    if (!right) {
      wrong.push({ field, code: 'invalid', message });
    }
  };
  check(/^[\w.:-]+$/.test(host), 'host', 'This is not a host name.');
  const { pin, trustAnchors } = certificate ?? {};
  check(!pin || /^[0-9a-f]{64}$/.test(pin), 'certificate.pin', 'A fingerprint has 64 hex digits.');
  check(
    !trustAnchors || trustAnchors.includes('-----END CERTIFICATE-----'),
    'certificate.trustAnchors',
    'There is no certificate in this.',
  );
  check(!recipient || /^\S+@\S+$/.test(recipient), 'recipient', 'This is not a mail address.');
  for (const [index, { warningSeconds, errorSeconds }] of (thresholds?.phases ?? []).entries()) {
    check(
      !warningSeconds || !errorSeconds || warningSeconds <= errorSeconds,
      `thresholds.phases[${index}].errorSeconds`,
      'Not before the warning.',
    );
  }
  return wrong;
}
