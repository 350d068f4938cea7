import { describe, expect, it } from 'vitest';
import { aPlace } from '../../test/aController';
import { vantageName, vantageNames, vantages } from './families';

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

describe('The name of a series', () => {
  const of = (name: string, addressFamily: 'any' | 'ipv4' | 'ipv6') => ({
    locationId: name,
    locationName: name,
    addressFamily,
  });

  it('is that of its place where there is nothing to mistake it for', () => {
    const all = [of('Oslo', 'ipv4'), of('Paris', 'ipv4')];
    expect(all.map(vantageNames(all, 'ipv4'))).toEqual(['Oslo', 'Paris']);
    expect([of('Oslo', 'any')].map(vantageNames([of('Oslo', 'any')], 'any'))).toEqual(['Oslo']);
  });

  it('tells every family where a place has several, also that of before', () => {
    const all = [of('Oslo', 'any'), of('Oslo', 'ipv4'), of('Paris', 'ipv4')];
    expect(all.map(vantageNames(all, 'ipv4'))).toEqual(['Oslo, any family', 'Oslo, IPv4', 'Paris']);
    const back = [of('Oslo', 'any'), of('Oslo', 'ipv6')];
    expect(back.map(vantageNames(back, 'any'))).toEqual(['Oslo, any family', 'Oslo, IPv6']);
  });

  it('tells the family where it is not what the monitor asks for', () => {
    const all = [of('Oslo', 'any'), of('Paris', 'ipv6')];
    expect(all.map(vantageNames(all, 'ipv6'))).toEqual(['Oslo, any family', 'Paris']);
    expect(all.map(vantageNames(all, 'both'))).toEqual(['Oslo, any family', 'Paris, IPv6']);
  });

  it('does not mistake the same series told twice for two', () => {
    const twice = [of('Oslo', 'ipv4'), of('Oslo', 'ipv4')];
    expect(twice.map(vantageNames(twice, 'ipv4'))).toEqual(['Oslo', 'Oslo']);
  });
});
