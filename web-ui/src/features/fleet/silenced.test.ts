import { describe, expect, it } from 'vitest';
import { named } from './silenced';

describe('The monitors that a question names', () => {
  it.each([
    [1, 'm1'],
    [3, 'm1, m2 and m3'],
    [6, 'm1, m2, m3, m4, m5 and m6'],
    [7, 'm1, m2, m3, m4, m5 and 2 more'],
    [1_000, 'm1, m2, m3, m4, m5 and 995 more'],
  ])('%i', (number, words) => {
    expect(named(Array.from({ length: number }, (_, index) => `m${index + 1}`))).toBe(words);
  });
});
