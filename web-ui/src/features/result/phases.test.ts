import { describe, expect, it } from 'vitest';
import { cssVariables, theme } from '../../app/theme';
import { knownPhases, phaseColour } from './phases';

type Colour = [number, number, number];

function linear(hex: string): Colour {
  const part = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [red, green, blue] = linear(hex);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** OKLab, where equal distances look alike. */
function distance(one: string, other: string): number {
  const [a, b] = [one, other].map((hex) => {
    const [red, green, blue] = linear(hex);
    const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
    const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
    const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
    return [
      0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    ];
  });
  return Math.hypot(...[0, 1, 2].map((index) => (a?.[index] ?? 0) - (b?.[index] ?? 0)));
}

const { light, dark } = cssVariables(theme as Parameters<typeof cssVariables>[0]);
const surfaces = [light, dark].flatMap((scheme) => [
  scheme['--pw-surface'] ?? '',
  scheme['--pw-page'] ?? '',
  scheme['--pw-none-tint'] ?? '',
]);

describe('The colours of the phases', () => {
  it.each(knownPhases)('%s stands out from every surface it is drawn on', (phase) => {
    for (const surface of surfaces) {
      expect(contrast(phaseColour(phase), surface), surface).toBeGreaterThanOrEqual(3);
    }
  });

  it.each([
    ['resolve', 'connect', 'tls', 'greeting', 'capability', 'auth', 'select', 'quit'],
    ['connect', 'greeting', 'capability', 'starttls', 'tls', 'capability', 'quit'],
    ['starttls', 'auth', 'mail', 'rcpt', 'quit'],
    ['capability', 'mail'],
    ['starttls', 'mail'],
  ])('differ from their neighbours in a run: %s %s %s …', (...run) => {
    for (const [index, phase] of run.slice(1).entries()) {
      expect(distance(phaseColour(run[index] ?? ''), phaseColour(phase)), `${run[index]}, ${phase}`).toBeGreaterThan(
        0.1,
      );
    }
  });
});
