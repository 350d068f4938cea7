import type { AddressFamily, LocationStatus, Monitor, Result } from '../../api/types';

/** Over which addresses a run went. */
export type RunFamily = Result['addressFamily'];

export const familyTitles: Record<RunFamily, string> = { any: 'any family', ipv4: 'IPv4', ipv6: 'IPv6' };

/** A place or, of a monitor that checks both address families, one of them there: what has a last run of its own. */
export type Vantage = Omit<LocationStatus, 'families'> & { addressFamily?: RunFamily };

/** Every place, and the families of a place one by one. */
export function vantages(places: readonly LocationStatus[]): Vantage[] {
  return places.flatMap(({ families, ...place }): Vantage[] => {
    const { locationId, locationName, silentSince } = place;
    return families ? families.map((family) => ({ locationId, locationName, silentSince, ...family })) : [place];
  });
}

/** "Frankfurt" or, where a family is told, "Frankfurt, IPv6". */
export function vantageName({ locationName, addressFamily }: Pick<Vantage, 'locationName' | 'addressFamily'>): string {
  return addressFamily ? `${locationName}, ${familyTitles[addressFamily]}` : locationName;
}

/** A place over one family: where the results of a monitor come from. */
export interface SeriesPlace {
  locationId: string;
  addressFamily: RunFamily;
}

/**
 * Names for what comes from these series. The family is told where a place has several of them, and where it is not
 * what the monitor asks for: a series from before its settings were changed.
 */
export function vantageNames(all: readonly SeriesPlace[], asked: AddressFamily) {
  const families = new Map<string, Set<RunFamily>>();
  for (const { locationId, addressFamily } of all) {
    families.set(locationId, (families.get(locationId) ?? new Set()).add(addressFamily));
  }
  return ({ locationId, locationName, addressFamily }: SeriesPlace & { locationName: string }): string => {
    const told = addressFamily !== asked || (families.get(locationId)?.size ?? 0) > 1;
    return vantageName({ locationName, addressFamily: told ? addressFamily : undefined });
  };
}

/** The series that a monitor has as its settings are now. */
export function currentSeries({ addressFamily: asked, status }: Monitor): SeriesPlace[] {
  const families: RunFamily[] = asked === 'both' ? ['ipv4', 'ipv6'] : [asked];
  return status.locations.flatMap(({ locationId }) => families.map((addressFamily) => ({ locationId, addressFamily })));
}
