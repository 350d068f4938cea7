export const day = 86_400_000;
export const started = Date.now();

export function iso(millis: number): string {
  return new Date(millis).toISOString();
}

export function uuid(kind: number, number: number): string {
  return `0193${kind.toString(16).padStart(4, '0')}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** The same numbers at every start: 0 ≤ x < 1. */
export function noise(seed: number): number {
  const x = Math.sin(seed * 127.1 + 311.7) * 43_758.5453;
  return x - Math.floor(x);
}

/** Hex of 32 bytes, as SHA-256 has. */
export function fingerprintOf(number: number): string {
  return Array.from({ length: 32 }, (_, index) =>
    Math.floor(noise(number * 31 + index) * 256)
      .toString(16)
      .padStart(2, '0'),
  ).join('');
}

let numbers = 50_000;

/** For whatever is made while the sample runs. */
export function nextNumber(): number {
  numbers += 1;
  return numbers;
}
