import type { LocationGap, Series } from '../../api/types';

/** Seconds since 1970. */
export type Span = readonly [from: number, to: number];

export interface Losses {
  /** What was told, the last told first. */
  gaps: LocationGap[];
  /** Where runs are missing in the chart because of it. */
  spans: Span[];
}

/** How much later than planned the next run may be before one is missing between them. */
const patience = 1.5;

/**
 * What of the gaps that agents of a series' location told concerns this series. An agent tells of the time and number of
 * all that it lost: where the runs of this series are there all the same, it lost those of others.
 */
export function lossesOf(
  series: Series,
  gaps: readonly LocationGap[],
  time: { from: string; to: string },
  periodSeconds: number,
): Losses {
  const holes = holesIn(series, time, periodSeconds);
  const losses: Losses = { gaps: [], spans: [] };
  for (const told of gaps) {
    const [from, to] = [seconds(told.gap.from), seconds(told.gap.to)];
    const missing = holes.filter(([after, before]) => from < before && to > after);
    if (told.locationId === series.locationId && missing.length > 0) {
      losses.gaps.push(told);
      // A run stands for the time around it.
      const [first, last] = [from - periodSeconds / 2, to + periodSeconds / 2];
      losses.spans.push(...missing.map(([after, before]): Span => [Math.max(first, after), Math.min(last, before)]));
    }
  }
  return losses;
}

/** The times between two runs, or a run and an end of the chart, in which there should have been another one. */
function holesIn({ points, truncated }: Series, time: { from: string; to: string }, periodSeconds: number): Span[] {
  const runs = points.map(({ at }) => seconds(at)).sort((a, b) => a - b);
  const edges = [truncated ? (runs[0] ?? seconds(time.to)) : seconds(time.from), ...runs, seconds(time.to)];
  return edges
    .slice(1)
    .map((next, index): Span => [edges[index] ?? next, next])
    .filter(([after, before]) => before - after > patience * periodSeconds);
}

function seconds(at: string): number {
  return Date.parse(at) / 1_000;
}
