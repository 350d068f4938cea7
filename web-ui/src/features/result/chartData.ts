import type { SeriesPoint } from '../../api/types';
import { inPhaseOrder } from './phases';

/** A series as it is drawn: times, and per phase the upper edge of its layer. */
export interface StackedChart {
  phases: string[];
  /** Seconds since 1970, ascending. A gap is a time of its own without values. */
  times: number[];
  /** One array per phase; each value includes the phases below it. Null in a gap. */
  edges: (number | null)[][];
  /** The upper edge of everything: what the run took. */
  totals: (number | null)[];
  /** The point of each time; null in a gap. */
  points: (SeriesPoint | null)[];
}

/** How much later than planned the next run may be before its absence is a gap. */
const patience = 2.5;

/**
 * Stacks the phases of each run. No line is drawn over a time without runs, nor over a run that measured nothing
 * because our own agent failed: both are gaps. A phase that did not happen is a layer without height.
 */
export function stackPhases(points: readonly SeriesPoint[], periodSeconds: number): StackedChart {
  const runs = [...points].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const phases = inPhaseOrder(runs.flatMap((run) => Object.keys(run.phases)));
  const chart: StackedChart = { phases, times: [], edges: phases.map(() => []), totals: [], points: [] };

  let previous: number | undefined;
  for (const run of runs) {
    const time = Date.parse(run.at) / 1_000;
    if (previous !== undefined && time - previous > periodSeconds * patience) {
      addGap(chart, previous + periodSeconds);
    }
    if (run.status === 'NO_DATA') {
      addGap(chart, time);
    } else {
      addRun(chart, time, run);
    }
    previous = time;
  }
  return chart;
}

function addGap(chart: StackedChart, time: number) {
  chart.times.push(time);
  chart.points.push(null);
  chart.totals.push(null);
  for (const edge of chart.edges) {
    edge.push(null);
  }
}

function addRun(chart: StackedChart, time: number, run: SeriesPoint) {
  let height = 0;
  chart.phases.forEach((phase, index) => {
    height += run.phases[phase] ?? 0;
    chart.edges[index]?.push(height);
  });
  chart.times.push(time);
  chart.points.push(run);
  // Between the phases nothing is measured, so the total may be a little higher than the stack.
  chart.totals.push(Math.max(height, run.totalMillis));
}

/** Index ranges [first, last] of runs without a gap between them. */
export function segmentsOf(totals: readonly (number | null)[]): [number, number][] {
  const segments: [number, number][] = [];
  let first: number | undefined;
  totals.forEach((total, index) => {
    if (total === null) {
      if (first !== undefined) {
        segments.push([first, index - 1]);
      }
      first = undefined;
    } else {
      first ??= index;
    }
  });
  if (first !== undefined) {
    segments.push([first, totals.length - 1]);
  }
  return segments;
}

export interface ChartedTime {
  from: string;
  to: string;
  /** Of the monitor. */
  createdAt: string;
  periodSeconds: number;
}

const fewRuns = 5;
const stepSeconds = [10, 60, 300, 900, 3_600, 6 * 3_600];
const leastSteps = 6;

/**
 * When the charts begin: as asked for or, for a monitor that is younger, with its first run, rounded down to a step
 * that is small beside the whole. A silence of an older monitor stays the gap that it is.
 */
export function beginOfCharts(
  series: readonly { points: readonly SeriesPoint[] }[],
  { from, to, createdAt, periodSeconds }: ChartedTime,
): string {
  if (Date.parse(createdAt) <= Date.parse(from)) {
    return from;
  }
  const end = Date.parse(to) / 1_000;
  const latest = end - fewRuns * periodSeconds;
  const runs = series.flatMap(({ points }) => points.map(({ at }) => Date.parse(at) / 1_000));
  const first = runs.reduce((earliest, run) => Math.min(earliest, run), latest);
  const step = stepSeconds.findLast((each) => each * leastSteps <= end - first) ?? 1;
  const begin = Math.floor(first / step) * step * 1_000;
  return begin > Date.parse(from) ? new Date(begin).toISOString() : from;
}

/** A place that only fails counts too, unless that would press the others this flat. */
const flattest = 4;

/**
 * The height all charts of a monitor share. Runs in error don't raise it: a single timeout would press every
 * other run flat. They are cut off at the top, where a mark stands for each. A place where every run fails counts by
 * its median.
 */
export function commonHeight(series: readonly { points: readonly SeriesPoint[] }[]): number {
  const measured = series.map(({ points }) => points.filter(({ status }) => status !== 'NO_DATA'));
  const heights = (points: SeriesPoint[]) => points.map(({ phases }) => sumOf(phases)).sort((a, b) => a - b);
  const good = measured.map((points) => heights(points.filter(({ status }) => status !== 'ERROR')).at(-1) ?? 0);
  const highest = Math.max(0, ...good);
  const failing = measured.filter((points) => points.every(({ status }) => status === 'ERROR')).map(heights);
  const medians = failing.map((each) => each[Math.floor(each.length / 2)] ?? 0);
  return Math.max(highest, ...medians.filter((median) => highest === 0 || median <= flattest * highest));
}

function sumOf(phases: SeriesPoint['phases']): number {
  return Object.values(phases).reduce((sum, duration) => sum + duration, 0);
}
