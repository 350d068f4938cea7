import type { Monitor } from '../../api/types';
import { enumerated } from '../../ui/words';

export interface Silenced {
  /** No other place has data of them. */
  everywhere: string[];
  /** Other places go on. */
  here: string[];
}

/** What is lost where a location no longer runs anything. A paused monitor loses nothing. */
export function silencedBy(locationId: string, monitors: readonly Monitor[]): Silenced {
  const running = monitors.filter(({ paused }) => !paused);
  const elsewhere = ({ status }: Monitor) =>
    status.locations.some((place) => place.locationId !== locationId && place.status !== 'NO_DATA');
  return {
    everywhere: running.filter((monitor) => !elsewhere(monitor)).map(({ name }) => name),
    here: running.filter(elsewhere).map(({ name }) => name),
  };
}

const mostNamed = 5;

/** "A, B and C"; of many the first few and how many more there are. */
export function named(names: readonly string[]): string {
  return names.length <= mostNamed + 1
    ? enumerated(names)
    : enumerated([...names.slice(0, mostNamed), `${names.length - mostNamed} more`]);
}
