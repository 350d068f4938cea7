import { describe, expect, it } from 'vitest';
import type { LocationGap, Series } from '../../api/types';
import { aPoint, idOf } from '../../test/aController';
import { lossesOf } from './losses';

const minute = (number: number) => `2026-11-22T05:${String(number).padStart(2, '0')}:00Z`;
const second = (number: number) => Date.parse(minute(number)) / 1_000;
const hour = { from: minute(0), to: minute(20) };

function series(minutes: number[], more: Partial<Series> = {}): Series {
  return {
    id: 's',
    locationId: idOf('Office'),
    locationName: 'Office',
    addressFamily: 'any',
    truncated: false,
    points: minutes.map((each) => aPoint(minute(each), { connect: 1 })),
    ...more,
  };
}

function gap(from: number, to: number, place = 'Office'): LocationGap {
  const told = {
    from: minute(from),
    to: minute(to),
    reason: 'spool-full' as const,
    message: 'Lost.',
    toldAt: minute(19),
  };
  return { locationId: idOf(place), agentName: 'office-1', gap: told };
}

const every = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('What was lost', () => {
  it('is where runs are missing, as long as a run stands for', () => {
    const { gaps, spans } = lossesOf(series([...every(0, 5), ...every(12, 20)]), [gap(6, 11)], hour, 60);
    expect(gaps).toHaveLength(1);
    expect(spans).toEqual([[second(5) + 30, second(11) + 30]]);
  });

  it('may be a single run', () => {
    const { spans } = lossesOf(series([...every(0, 5), ...every(7, 20)]), [gap(6, 6)], hour, 60);
    expect(spans).toEqual([[second(6) - 30, second(6) + 30]]);
  });

  it('concerns no series whose runs are all there', () => {
    expect(lossesOf(series(every(0, 20)), [gap(6, 11)], hour, 60)).toEqual({ gaps: [], spans: [] });
  });

  it('concerns no other place', () => {
    expect(lossesOf(series([0, 20]), [gap(6, 11, 'Oslo')], hour, 60).gaps).toEqual([]);
  });

  it('is no reason for a hole at another time', () => {
    expect(lossesOf(series([...every(0, 5), ...every(12, 20)]), [gap(14, 15)], hour, 60).gaps).toEqual([]);
  });

  it('reaches to the ends of the chart where nothing else is there', () => {
    expect(lossesOf(series([]), [gap(0, 20)], hour, 60).spans).toEqual([[second(0), second(20)]]);
  });

  it('is not looked for before the first run of an answer that was cut', () => {
    const cut = series(every(12, 20), { truncated: true });
    expect(lossesOf(cut, [gap(6, 11)], hour, 60).gaps).toEqual([]);
  });
});
