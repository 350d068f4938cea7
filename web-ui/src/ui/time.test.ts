import { describe, expect, it } from 'vitest';
import { distance, millis, period } from './time';
import { enumerated } from './words';

const now = new Date('2026-11-22T05:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);

describe('Times in words', () => {
  it.each([
    [-1, 'just now'],
    [-12, '12 s ago'],
    [-240, '4 min ago'],
    [-3 * 3_600, '3 h ago'],
    [-5 * 86_400, '5 days ago'],
    [12, 'in 12 s'],
    [90 * 86_400, 'in 90 days'],
  ])('%i s from now is %s', (seconds, words) => {
    expect(distance(later(seconds), now)).toBe(words);
  });

  it.each([
    [60, '60 s'],
    [90, '90 s'],
    [300, '5 min'],
    [86_400, '24 h'],
  ])('every %i s is %s', (seconds, words) => {
    expect(period(seconds)).toBe(words);
  });

  it.each([
    [0.42, '0.4 ms'],
    [12.6, '13 ms'],
    [1_234, '1.23 s'],
    [30_000, '30.0 s'],
  ])('%d ms is %s', (value, words) => {
    expect(millis(value)).toBe(words);
  });

  it('are joined as people do', () => {
    expect([[], ['A'], ['A', 'B'], ['A', 'B', 'C']].map(enumerated)).toEqual(['', 'A', 'A and B', 'A, B and C']);
  });
});
