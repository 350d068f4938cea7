import type { Result } from '../../../api/types';

export interface SeenCertificate {
  /** SHA-256 of the server's own certificate, in hex. */
  fingerprint: string;
  places: string[];
}

export interface SeenFrom {
  place: string;
  result: Result | undefined;
}

/** The servers' own certificates that were seen, each once with the places that saw it. */
export function seenCertificates(seen: readonly SeenFrom[]): SeenCertificate[] {
  const byFingerprint = new Map<string, SeenCertificate>();
  for (const { place, result } of seen) {
    const fingerprint = result?.certificate?.fingerprints[0];
    if (fingerprint) {
      const known = byFingerprint.get(pinOf(fingerprint)) ?? { fingerprint: pinOf(fingerprint), places: [] };
      byFingerprint.set(known.fingerprint, { ...known, places: [...new Set([...known.places, place])] });
    }
  }
  return [...byFingerprint.values()];
}

/** Everything that any place was told, in the order of the first that said it. */
export function seenCapabilities(seen: readonly SeenFrom[]): string[] {
  return [...new Set(seen.flatMap(({ result }) => result?.capabilities ?? []))];
}

/** A fingerprint as it is kept: openssl and browsers write it with colons and in capitals. */
export function pinOf(text: string): string {
  const hex = text
    .trim()
    .replace(/^sha-?256(?: fingerprint=|[ :=]+)/i, '')
    .replace(/[\s:]/g, '');
  return /^[0-9a-f]+$/i.test(hex) ? hex.toLowerCase() : text.trim();
}
