import { describe, expect, it } from 'vitest';
import { aPlace, aPoint, aResult } from '../../test/aController';
import { groupChains } from './Certificates';
import { beginOfCharts, commonHeight, segmentsOf, stackPhases } from './chartData';
import { summaryOf } from './PhaseChart';
import { inPhaseOrder } from './phases';

const minute = (number: number) => new Date(Date.UTC(2026, 10, 22, 5, number)).toISOString();

describe('Stacked phases', () => {
  it('lie on each other in the order of a run, whatever order they come in', () => {
    const chart = stackPhases([aPoint(minute(0), { greeting: 30, connect: 10, resolve: 5 })], 60);
    expect(chart.phases).toEqual(['resolve', 'connect', 'greeting']);
    expect(chart.edges).toEqual([[5], [15], [45]]);
  });

  it('have no height where a phase did not happen', () => {
    const chart = stackPhases([aPoint(minute(0), { connect: 10, auth: 20 }), aPoint(minute(1), { connect: 12 })], 60);
    expect(chart.edges).toEqual([
      [10, 12],
      [30, 12],
    ]);
  });

  it('are interrupted where runs are missing', () => {
    const chart = stackPhases(
      [0, 1, 9, 10].map((at) => aPoint(minute(at), { connect: 10 })),
      60,
    );
    expect(chart.edges[0]).toEqual([10, 10, null, 10, 10]);
    expect(segmentsOf(chart.totals)).toEqual([
      [0, 1],
      [3, 4],
    ]);
  });

  it('are not interrupted by a run that is merely late', () => {
    const chart = stackPhases([aPoint(minute(0), { connect: 10 }), aPoint(minute(2), { connect: 10 })], 60);
    expect(segmentsOf(chart.totals)).toEqual([[0, 1]]);
  });

  it('are interrupted where our own agent measured nothing', () => {
    const chart = stackPhases(
      [
        aPoint(minute(0), { connect: 10 }),
        aPoint(minute(1), {}, { status: 'NO_DATA' }),
        aPoint(minute(2), { connect: 10 }),
      ],
      60,
    );
    expect(chart.edges[0]).toEqual([10, null, 10]);
    expect(chart.points[1]).toBeNull();
  });

  it('are in order of time even if late results come last', () => {
    const chart = stackPhases([aPoint(minute(3), { connect: 3 }), aPoint(minute(2), { connect: 2 })], 60);
    expect(chart.edges[0]).toEqual([2, 3]);
  });

  it('of nothing are nothing', () => {
    expect(stackPhases([], 60)).toMatchObject({ phases: [], times: [], edges: [] });
    expect(segmentsOf([])).toEqual([]);
  });

  it('keep phases of a newer controller, last', () => {
    expect(inPhaseOrder(['quit', 'teleport', 'resolve'])).toEqual(['resolve', 'quit', 'teleport']);
  });
});

describe('The time that the charts show', () => {
  const window = { from: minute(-57), to: new Date(Date.UTC(2026, 10, 22, 5, 3)).toISOString() };
  const shown = (runs: number[], createdAt: string) =>
    beginOfCharts([{ points: runs.map((at) => aPoint(minute(at), { connect: 10 })) }], {
      ...window,
      createdAt,
      periodSeconds: 60,
    });

  it('begins with the first run of a monitor that is younger, at a full step', () => {
    expect(shown([-4, -3, -2, -1, 0, 1, 2], minute(-5))).toBe(minute(-4));
    expect(
      beginOfCharts([{ points: [aPoint('2026-11-22T04:31:42Z', {})] }], {
        ...window,
        createdAt: minute(-40),
        periodSeconds: 60,
      }),
    ).toBe(minute(-30));
  });

  it('is long enough for a few runs even when there is one', () => {
    expect(shown([2], minute(1))).toBe(minute(-2));
    expect(shown([], minute(1))).toBe(minute(-2));
  });

  it('is never longer than was asked for', () => {
    expect(beginOfCharts([], { ...window, createdAt: minute(1), periodSeconds: 86_400 })).toBe(window.from);
  });

  it('is all that was asked for where the monitor is older: a silence at the beginning is a gap', () => {
    expect(shown([1, 2], minute(-58))).toBe(window.from);
  });
});

describe('The height all charts share', () => {
  it('is not raised by a timeout', () => {
    const points = [aPoint(minute(0), { connect: 100 }), aPoint(minute(1), { connect: 30_000 }, { status: 'ERROR' })];
    expect(commonHeight([{ points }])).toBe(100);
  });

  it('is that of the failures where there is nothing else', () => {
    expect(commonHeight([{ points: [aPoint(minute(1), { connect: 40 }, { status: 'ERROR' })] }])).toBe(40);
  });

  it('has room for a place that only fails, as long as the others are not pressed flat', () => {
    const good = { points: [aPoint(minute(0), { connect: 100 })] };
    const failing = (millis: number) => ({
      points: [millis, 30_000, 10].map((each, at) => aPoint(minute(at), { connect: each }, { status: 'ERROR' })),
    });
    expect(commonHeight([good, failing(300)])).toBe(300);
    expect(commonHeight([good, failing(8_000)])).toBe(100);
  });
});

describe('A chart in words', () => {
  it('tells runs, errors, median and longest', () => {
    const points = [
      aPoint(minute(0), { connect: 10 }),
      aPoint(minute(1), { connect: 30 }, { status: 'ERROR' }),
      aPoint(minute(2), { connect: 20 }),
    ];
    expect(summaryOf('Oslo', stackPhases(points, 60))).toBe('Oslo: 3 runs, 1 in error, median 20 ms, longest 30 ms.');
  });

  it('says when there is nothing', () => {
    expect(summaryOf('Oslo', stackPhases([], 60))).toBe('Oslo: no runs in this time.');
  });
});

describe('Certificate chains', () => {
  const findings = (fingerprint: string) => ({
    daysLeft: 3,
    notAfter: minute(0),
    fingerprints: [fingerprint],
    chain: [],
    verdicts: [],
  });
  const seenFrom = (name: string, fingerprint?: string) =>
    aPlace(name, { lastResult: aResult({ certificate: fingerprint ? findings(fingerprint) : undefined }) });

  it('that are the same from several places are shown once', () => {
    const groups = groupChains([
      seenFrom('Oslo', 'a'),
      seenFrom('Paris', 'b'),
      seenFrom('Rome', 'a'),
      seenFrom('Bonn'),
    ]);
    expect(groups.map(({ places }) => places)).toEqual([['Oslo', 'Rome'], ['Paris']]);
  });
});
