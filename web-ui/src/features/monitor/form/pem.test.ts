import { describe, expect, it } from 'vitest';
import { aResult } from '../../../test/aController';
import { certificatesIn, pemOf, UnreadableFile } from './pem';
import { pinOf, seenCertificates } from './seen';

const begin = '-----BEGIN CERTIFICATE-----';
const end = '-----END CERTIFICATE-----';

describe('A file with an authority', () => {
  it('is taken as it is where it is PEM', async () => {
    const pem = `# ours\n${begin}\nMIIB\n${end}\n${begin}\nMIIC\n${end}\n`;
    expect(await pemOf(new Blob([pem]))).toBe(pem.trim());
    expect(certificatesIn(pem)).toBe(2);
  });

  it('is written as PEM where it is DER', async () => {
    const der = Uint8Array.from({ length: 100 }, (_, index) => (index === 0 ? 0x30 : index));
    const pem = await pemOf(new Blob([der]));
    const lines = pem.split('\n');
    expect([lines[0], lines.at(-1)]).toEqual([begin, end]);
    expect(Math.max(...lines.slice(1, -1).map(({ length }) => length))).toBe(64);
    expect(Buffer.from(lines.slice(1, -1).join(''), 'base64')).toEqual(Buffer.from(der));
  });

  it.each([
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIB', 'private key'],
    ['hello', 'no certificate'],
    ['x'.repeat(70_000), '64 KiB'],
  ])('is refused with a reason otherwise: %#', async (text, reason) => {
    const refused = await pemOf(new Blob([text])).catch((cause: unknown) => cause);
    expect(refused).toBeInstanceOf(UnreadableFile);
    expect((refused as Error).message).toContain(reason);
  });
});

describe('A fingerprint', () => {
  it.each([
    ['AB:CD:0f', 'abcd0f'],
    ['sha256 Fingerprint=AB:CD', 'abcd'],
    [' ab cd ', 'abcd'],
    ['SHA-256: AB', 'ab'],
    ['nonsense', 'nonsense'],
  ])('typed as %j is kept as %j', (typed, kept) => {
    expect(pinOf(typed)).toBe(kept);
  });
});

describe('The certificates that were seen', () => {
  const result = (...fingerprints: string[]) =>
    aResult({ certificate: { daysLeft: 3, notAfter: '2026-12-01T00:00:00Z', fingerprints, chain: [], verdicts: [] } });

  it("are the servers' own, each once with its places", () => {
    expect(
      seenCertificates([
        { place: 'Oslo', result: result('aa', 'cc') },
        { place: 'Paris', result: result('bb') },
        { place: 'Rome', result: result('AA') },
        { place: 'Bonn', result: undefined },
        { place: 'Kiel', result: aResult() },
      ]),
    ).toEqual([
      { fingerprint: 'aa', places: ['Oslo', 'Rome'] },
      { fingerprint: 'bb', places: ['Paris'] },
    ]);
  });
});
