import { describe, expect, it } from 'vitest';
import { aPlace } from '../../test/aController';
import { vantageName, vantages } from './families';

describe('The families of a place', () => {
  const plain = aPlace('Oslo');
  const parted = aPlace('Paris', {
    status: 'ERROR',
    families: [
      { addressFamily: 'ipv4', status: 'OK', sentence: 'OK in 120 ms', sync: 'in-sync' },
      { addressFamily: 'ipv6', status: 'ERROR', sentence: 'Connection refused', sync: 'in-sync' },
    ],
  });

  it('stand for their place one by one', () => {
    const all = vantages([plain, parted]);
    expect(all.map(vantageName)).toEqual(['Oslo', 'Paris, IPv4', 'Paris, IPv6']);
    expect(all.map(({ status }) => status)).toEqual(['OK', 'OK', 'ERROR']);
    expect(new Set(all.map(({ locationId }) => locationId)).size).toBe(2);
  });
});
