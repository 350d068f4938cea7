/** Every code a run can fail with, by category. A newer controller may know more. */
const codes = [
  // dns
  'name-not-found',
  'no-address',
  'dns-timeout',
  'dns-failure',
  // connect
  'connection-refused',
  'connect-timeout',
  'host-unreachable',
  'network-unreachable',
  'connection-reset',
  // tls
  'handshake-failed',
  'handshake-timeout',
  'protocol-version',
  'no-common-cipher',
  'alert',
  // certificate
  'expired',
  'not-yet-valid',
  'name-mismatch',
  'self-signed',
  'untrusted',
  'incomplete-chain',
  'weak',
  'expires-soon',
  // starttls
  'starttls-not-offered',
  'starttls-refused',
  'starttls-injection',
  'preauth',
  // protocol
  'bad-greeting',
  'bad-reply',
  'reply-too-long',
  'unexpected-close',
  'expectation-not-met',
  // service
  'temporarily-unavailable',
  'permanently-refused',
  'greylisted',
  'rate-limited',
  // auth
  'login-refused',
  'mechanism-not-offered',
  'auth-needs-tls',
  'auth-unavailable',
  'basic-auth-disabled',
  'token-expired',
  'login-withheld',
  'login-suspended',
  // timeout, slow
  'timeout',
  'slow',
  // policy
  'address-denied',
  'port-denied',
  'needs-verification',
  // agent
  'overloaded',
  'skipped',
  'no-egress',
  'internal-error',
  'local-secret-unavailable',
] as const;

export type FailureCode = (typeof codes)[number];

export const failureCodes: readonly FailureCode[] = codes;

export function isFailureCode(code: string): code is FailureCode {
  return (failureCodes as readonly string[]).includes(code);
}
