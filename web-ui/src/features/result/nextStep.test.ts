import { describe, expect, it } from 'vitest';
import { nextStep } from './nextStep';

const codes = [
  'name-not-found no-address dns-timeout dns-failure',
  'connection-refused connect-timeout host-unreachable network-unreachable connection-reset',
  'handshake-failed handshake-timeout protocol-version no-common-cipher alert',
  'expired not-yet-valid name-mismatch self-signed untrusted incomplete-chain weak expires-soon',
  'starttls-not-offered starttls-refused starttls-injection preauth',
  'bad-greeting bad-reply reply-too-long unexpected-close expectation-not-met',
  'temporarily-unavailable permanently-refused greylisted rate-limited',
  'login-refused mechanism-not-offered auth-needs-tls auth-unavailable basic-auth-disabled token-expired',
  'timeout slow',
  'address-denied port-denied needs-verification',
  'overloaded skipped no-egress internal-error',
].flatMap((line) => line.split(' '));

const general = nextStep({ category: 'new', code: 'of-a-newer-controller', fault: 'target', message: '' });

describe('The next step after a failure', () => {
  it.each(codes)('%s has advice of its own', (code) => {
    const advice = nextStep({ category: 'any', code, fault: 'target', message: '' });
    expect(advice).toMatch(/^[A-Z].*\.$/);
    expect(advice).not.toBe(general);
  });

  it('of an unknown code is that of whose it is', () => {
    expect(general).toBe("Look into the mail server's log for this time.");
  });
});
