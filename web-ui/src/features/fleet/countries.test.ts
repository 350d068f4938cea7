import { describe, expect, it } from 'vitest';
import { countries, countryName } from './countries';

describe('Countries', () => {
  const codes = countries().map(({ code }) => code);

  it('are those of ISO 3166, each once', () => {
    expect(codes).toEqual(expect.arrayContaining(['DE', 'FR', 'JP', 'US', 'ZA', 'AX']));
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.length).toBe(249);
  });

  it('are neither unions of them nor what a country was called before', () => {
    for (const code of ['EU', 'UN', 'ZZ', 'DD', 'SU', 'UK']) {
      expect(codes).not.toContain(code);
    }
  });

  it('have names', () => {
    expect(countryName('DE')).toBe('Germany');
    expect(countries().find(({ code }) => code === 'AX')?.name).toBe('Åland Islands');
  });
});
