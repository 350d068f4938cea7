import type { Status } from '../../api/types';
import { familyTitles, type RunFamily } from '../result/families';
import { type Range, ranges } from '../result/queries';

/** The monitor page as its URL says it: the charts' range and the filters of the runs. */
export interface MonitorPageSearch {
  range?: Range;
  place?: string;
  family?: RunFamily;
  outcome?: Status;
}

const statuses = ['ERROR', 'WARNING', 'OK', 'NO_DATA'] as const;

export function readMonitorSearch(search: Record<string, unknown>): MonitorPageSearch {
  const range = Object.keys(ranges).find((each) => each === search.range) as Range | undefined;
  const outcome = statuses.find((each) => each === search.outcome);
  const family = Object.keys(familyTitles).find((each) => each === search.family) as RunFamily | undefined;
  return {
    ...(range && { range }),
    ...(typeof search.place === 'string' && search.place !== '' && { place: search.place }),
    ...(family && { family }),
    ...(outcome && { outcome }),
  };
}
