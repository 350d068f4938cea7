import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failureCodes } from './failureCodes';
import { nextStep } from './nextStep';

const general = nextStep({ category: 'new', code: 'of-a-newer-controller', fault: 'target', message: '' });

describe('The next step after a failure', () => {
  it.each(failureCodes)('%s has advice of its own', (code) => {
    const advice = nextStep({ category: 'any', code, fault: 'target', message: '' });
    expect(advice).toMatch(/^[A-Z].*\.$/);
    expect(advice).not.toBe(general);
  });

  it('is known for exactly the codes that agents report', () => {
    const protocol = readFileSync('../proto/src/main/protobuf/postwatch/agent/v1/result.proto', 'utf8');
    const reported = [...protocol.matchAll(/^ {2}FAILURE_CODE_(\w+) = [1-9]/gm)].map(([, name = '']) =>
      name.toLowerCase().replaceAll('_', '-'),
    );
    expect([...failureCodes].sort()).toEqual(reported.sort());
  });

  // Each code with all that it may come from, see docs/failures.md.
  it.each([
    ['auth-needs-tls', [/server/, /monitor/, /STARTTLS/]],
    ['skipped', [/still going on/, /stopped/, /one run/]],
    ['overloaded', [/limits/, /load/, /test/, /add an agent/]],
    ['local-secret-unavailable', [/configuration/, /variable/, /file/, /command/, /log/]],
    ['no-egress', [/route/, /resolver/, /socket/, /port/]],
  ])('%s is true for each of its causes', (code, causes) => {
    const advice = nextStep({ category: 'any', code, fault: 'agent', message: '' });
    for (const cause of causes) {
      expect(advice).toMatch(cause);
    }
  });

  it('of an unknown code is that of whose it is', () => {
    expect(general).toBe("Look into the mail server's log for this time.");
  });
});
