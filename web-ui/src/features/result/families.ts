import type { LocationStatus, Result } from '../../api/types';

/** Over which addresses a run went. */
export type RunFamily = Result['addressFamily'];

export const familyTitles: Record<RunFamily, string> = { any: 'any family', ipv4: 'IPv4', ipv6: 'IPv6' };

/** A place or, of a monitor that checks both address families, one of them there: what has a last run of its own. */
export type Vantage = Omit<LocationStatus, 'families'> & { addressFamily?: RunFamily };

/** Every place, and the families of a place one by one. */
export function vantages(places: readonly LocationStatus[]): Vantage[] {
  return places.flatMap(({ families, ...place }): Vantage[] => {
    const { locationId, locationName } = place;
    return families ? families.map((family) => ({ locationId, locationName, ...family })) : [place];
  });
}

/** "Frankfurt" or "Frankfurt, IPv6". */
export function vantageName({ locationName, addressFamily }: Pick<Vantage, 'locationName' | 'addressFamily'>): string {
  return addressFamily && addressFamily !== 'any' ? `${locationName}, ${familyTitles[addressFamily]}` : locationName;
}
