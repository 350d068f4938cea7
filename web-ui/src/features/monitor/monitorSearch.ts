import type { Status } from '../../api/types';
import { type Range, ranges } from '../result/queries';

/** The monitor page as its URL says it: the charts' range and the filters of the runs. */
export interface MonitorPageSearch {
  range?: Range;
  place?: string;
  outcome?: Status;
}

const statuses = ['ERROR', 'WARNING', 'OK', 'NO_DATA'] as const;

export function readMonitorSearch(search: Record<string, unknown>): MonitorPageSearch {
  const range = Object.keys(ranges).find((each) => each === search.range) as Range | undefined;
  const outcome = statuses.find((each) => each === search.outcome);
  return {
    ...(range && { range }),
    ...(typeof search.place === 'string' && search.place !== '' && { place: search.place }),
    ...(outcome && { outcome }),
  };
}
