import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Series } from '../../api/types';
import { statusWords } from '../../ui/StatusMark';
import { clockTime, exactTime, millis } from '../../ui/time';
import { type StackedChart, segmentsOf, stackPhases } from './chartData';
import type { Span } from './losses';
import classes from './PhaseChart.module.css';
import { phaseColour, phaseWord } from './phases';

interface PhaseChartProps {
  series: Series;
  /** Of the place, and of the address family where there are several. */
  name: string;
  from: string;
  to: string;
  periodSeconds: number;
  /** Where results were lost: hatched. */
  lost: readonly Span[];
  /** The same for all places, so that they can be compared by eye. */
  highest: number;
  height?: number;
}

/** The phases of every run at one place, stacked over time. */
export function PhaseChart({ series, name, from, to, periodSeconds, lost, highest, height = 190 }: PhaseChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const shown = useRef<Shown | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const scheme = useComputedColorScheme('light');
  const chart = useMemo(() => stackPhases(series.points, periodSeconds), [series.points, periodSeconds]);

  shown.current = {
    chart,
    from: Date.parse(from) / 1_000,
    to: Date.parse(to) / 1_000,
    highest: Math.max(highest, 1),
    periodSeconds,
    lost,
  };

  // The plot is made once per colour scheme; new data is only handed to it.
  useEffect(() => {
    const element = frame.current;
    if (!element) {
      return undefined;
    }
    const made = new uPlot(
      options(element, height, scheme, shown, setPointed),
      [shown.current?.chart.times ?? [], shown.current?.chart.totals ?? []],
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => {
      made.setSize({ width: Math.max(120, element.clientWidth), height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [height, scheme]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the window and the scale are read through the ref
  useEffect(() => {
    plot.current?.setData([chart.times, chart.totals]);
  }, [chart, from, to, highest, lost]);

  const point = pointed === null ? null : chart.points[pointed];
  return (
    <figure className={classes.figure}>
      <div ref={frame} className={classes.plot} role="img" aria-label={summaryOf(name, chart)} />
      <figcaption className={classes.readout} aria-hidden>
        {point ? (
          <>
            <span title={exactTime(new Date(point.at))}>{clockTime(new Date(point.at), new Date())}</span>
            <strong>
              {statusWords[point.status]}
              {point.failureCode ? `: ${point.failureCode}` : ''}, {millis(point.totalMillis)}
            </strong>
            {chart.phases
              .filter((phase) => point.phases[phase] !== undefined)
              .map((phase) => (
                <span key={phase}>
                  <i className={classes.swatch} style={{ background: phaseColour(phase) }} />
                  {phaseWord(phase)} {millis(point.phases[phase] ?? 0)}
                </span>
              ))}
          </>
        ) : (
          <span>Point at the chart to read a run.</span>
        )}
      </figcaption>
    </figure>
  );
}

interface Shown {
  chart: StackedChart;
  from: number;
  to: number;
  highest: number;
  periodSeconds: number;
  lost: readonly Span[];
}

function options(
  element: HTMLElement,
  height: number,
  scheme: string,
  shown: { readonly current: Shown | null },
  onPoint: (index: number | null) => void,
): uPlot.Options {
  const style = getComputedStyle(element);
  const line = style.getPropertyValue('--pw-line');
  const dimmed = style.getPropertyValue('--mantine-color-dimmed');
  const error = style.getPropertyValue('--pw-error');
  const warning = style.getPropertyValue('--pw-warning');
  const axis = { stroke: dimmed, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: '11px system-ui' };
  return {
    width: Math.max(120, element.clientWidth),
    height,
    padding: [14, 20, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: 'postwatch-phases' }, y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: true, range: () => [shown.current?.from ?? 0, shown.current?.to ?? 1] },
      y: { range: () => [0, (shown.current?.highest ?? 1) * 1.08] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        space: 80,
        values: (plot, splits, __, ___, step) => splits.map((at) => (isAtEdge(plot, at) ? '' : axisTime(at, step))),
      },
      {
        ...axis,
        size: 58,
        space: 34,
        values: (_, splits) => splits.map((value) => (value === 0 ? '0' : millis(value))),
      },
    ],
    series: [{}, { label: `Total (${scheme})`, paths: () => null, points: { show: false } }],
    hooks: {
      draw: [
        (plot) => {
          if (shown.current) {
            drawLost(plot, shown.current.lost, warning);
            drawLayers(plot, shown.current.chart, shown.current.periodSeconds);
            drawMarks(plot, shown.current.chart, { ERROR: error, WARNING: warning });
          }
        },
      ],
      setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)],
    },
  };
}

/** There a label would run into that of the other axis, or out of the chart. */
function isAtEdge(plot: uPlot, at: number): boolean {
  const x = plot.valToPos(at, 'x');
  return x < 12 || x > plot.over.clientWidth - 12;
}

const dayStep = 24 * 3_600;
const axisDay = new Intl.DateTimeFormat('sv-SE', { month: '2-digit', day: '2-digit' });
const axisClock = new Intl.DateTimeFormat('sv-SE', { hour: '2-digit', minute: '2-digit' });
const axisSecond = new Intl.DateTimeFormat('sv-SE', { timeStyle: 'medium' });

function axisTime(at: number, step: number): string {
  const time = new Date(at * 1_000);
  if (step >= dayStep || (time.getHours() === 0 && time.getMinutes() === 0)) {
    return axisDay.format(time);
  }
  return (step < 60 ? axisSecond : axisClock).format(time);
}

function drawLayers(plot: uPlot, chart: StackedChart, periodSeconds: number) {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const x = (index: number) => plot.valToPos(chart.times[index] ?? 0, 'x', true);
  const y = (value: number) => plot.valToPos(value, 'y', true);
  const widest = 8 * ratio;
  const period = plot.valToPos(periodSeconds, 'x', true) - plot.valToPos(0, 'x', true);
  const half = Math.max(1.5 * ratio, Math.min(widest, 0.2 * period));
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width + widest, bbox.height);
  ctx.clip();
  for (const [first, last] of segmentsOf(chart.totals)) {
    chart.phases.forEach((phase, layer) => {
      const upper = chart.edges[layer] ?? [];
      const lower = layer === 0 ? [] : (chart.edges[layer - 1] ?? []);
      ctx.fillStyle = phaseColour(phase);
      ctx.beginPath();
      if (first === last) {
        // A run alone between two gaps has no neighbour to draw an area to.
        const top = y(upper[first] ?? 0);
        ctx.rect(x(first) - half, top, 2 * half, y(lower[first] ?? 0) - top);
      } else {
        for (let index = first; index <= last; index++) {
          ctx.lineTo(x(index), y(upper[index] ?? 0));
        }
        for (let index = last; index >= first; index--) {
          ctx.lineTo(x(index), y(lower[index] ?? 0));
        }
      }
      ctx.fill();
    });
  }
  ctx.restore();
}

const hatchStep = 6;

/** Slanting lines where results were lost, so that the hole is not taken for one that nobody knows of. */
function drawLost(plot: uPlot, lost: readonly Span[], colour: string) {
  const { ctx, bbox } = plot;
  const step = hatchStep * devicePixelRatio;
  for (const [from, to] of lost) {
    const left = Math.max(bbox.left, plot.valToPos(from, 'x', true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(to, 'x', true));
    const width = Math.max(right - left, step / 2);
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, width, bbox.height);
    ctx.clip();
    ctx.strokeStyle = colour;
    ctx.globalAlpha = 0.55;
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    for (let x = left - bbox.height; x < left + width; x += step) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
}

/** Above the plot: a square for a run in error, a triangle for a warning, as everywhere in the console. */
function drawMarks(plot: uPlot, chart: StackedChart, colours: Record<'ERROR' | 'WARNING', string>) {
  const { ctx, bbox } = plot;
  const size = 3.5 * devicePixelRatio;
  const top = bbox.top - 2.4 * size;
  ctx.save();
  chart.points.forEach((point, index) => {
    const status = point?.status;
    if (status !== 'ERROR' && status !== 'WARNING') {
      return;
    }
    const x = plot.valToPos(chart.times[index] ?? 0, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) {
      return;
    }
    ctx.fillStyle = colours[status];
    ctx.beginPath();
    if (status === 'ERROR') {
      ctx.rect(x - size, top, 2 * size, 2 * size);
    } else {
      ctx.moveTo(x, top);
      ctx.lineTo(x + 1.2 * size, top + 2 * size);
      ctx.lineTo(x - 1.2 * size, top + 2 * size);
    }
    ctx.fill();
  });
  ctx.restore();
}

/** The chart in words, for those who don't see it. The table beside it has the numbers. */
export function summaryOf(name: string, chart: StackedChart): string {
  const runs = chart.points.filter((point) => point !== null);
  if (runs.length === 0) {
    return `${name}: no runs in this time.`;
  }
  const bad = runs.filter((run) => run.status === 'ERROR').length;
  const totals = runs.map((run) => run.totalMillis).sort((a, b) => a - b);
  const median = totals[Math.floor(totals.length / 2)] ?? 0;
  const longest = totals.at(-1) ?? 0;
  return (
    `${name}: ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}, ${bad === 0 ? 'none' : bad} in error, ` +
    `median ${millis(median)}, longest ${millis(longest)}.`
  );
}
