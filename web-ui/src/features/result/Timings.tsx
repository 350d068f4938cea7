import { Button, Loader, SegmentedControl } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/client';
import type { Monitor, Series } from '../../api/types';
import { IconChartAreaLine, IconTable } from '../../ui/icons';
import { Panel } from '../../ui/Panel';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { StatusIcon, statusWords } from '../../ui/StatusMark';
import { exactTime, millis } from '../../ui/time';
import { count } from '../../ui/words';
import { beginOfCharts, commonHeight } from './chartData';
import { vantageNames } from './families';
import { LostResults } from './LostResults';
import { lossesOf } from './losses';
import { PhaseLegend } from './PhaseBar';
import { PhaseChart } from './PhaseChart';
import { inPhaseOrder, phaseWord } from './phases';
import { type Range, ranges, seriesQuery } from './queries';
import classes from './Timings.module.css';

interface TimingsProps {
  monitor: Monitor;
  range: Range;
  onRange: (range: Range) => void;
}

/** What each run took, by phase, per place: as charts or as a table of the same numbers. */
export function Timings({ monitor, range, onRange }: TimingsProps) {
  const query = useQuery(seriesQuery(useApi(), monitor.id, range));
  const [table, { toggle }] = useDisclosure(false);
  const series = query.data?.series ?? [];
  const highest = commonHeight(series);
  const begin = query.data && beginOfCharts(series, { ...query.data, ...monitor });
  const phases = inPhaseOrder(series.flatMap((each) => each.points.flatMap((point) => Object.keys(point.phases))));
  const nameOf = vantageNames(series, monitor.addressFamily);
  const charted = useMemo(() => {
    const { series: all = [], gaps = [], to = '' } = query.data ?? {};
    return all.map((each) => ({
      each,
      losses: lossesOf(each, gaps, { from: begin ?? to, to }, monitor.periodSeconds),
    }));
  }, [query.data, begin, monitor.periodSeconds]);
  const empty = query.isSuccess && charted.every(({ each, losses }) => each.points.length + losses.gaps.length === 0);

  return (
    <Panel
      title="Timings"
      hint="What each run took, by phase. Where nothing was measured is a gap; long runs in error are cut off at the top."
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            aria-pressed={table}
            onClick={toggle}
            leftSection={
              table ? (
                <IconChartAreaLine className="pw-icon" aria-hidden />
              ) : (
                <IconTable className="pw-icon" aria-hidden />
              )
            }
          >
            {table ? 'As charts' : 'As a table'}
          </Button>
          <SegmentedControl
            size="xs"
            aria-label="Time range"
            value={range}
            onChange={(value) => onRange(value as Range)}
            data={Object.entries(ranges).map(([value, { word }]) => ({ value, label: word }))}
          />
        </>
      }
    >
      <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
      {query.isPending && <Loader aria-label="Loading the timings" />}
      {empty && (
        <p className={`pw-dimmed ${classes.none}`}>
          No runs in the last {ranges[range].word}.{' '}
          {monitor.paused ? 'The monitor is paused.' : 'The chart grows with each run.'}
        </p>
      )}
      {query.data && begin && !empty && (
        <>
          {!table && <PhaseLegend names={phases} />}
          <div className={classes.places}>
            {charted.map(({ each, losses }) => (
              <section key={each.id} aria-label={nameOf(each)}>
                <h3 className={classes.place}>{nameOf(each)}</h3>
                <LostResults gaps={losses.gaps} />
                {each.truncated && (
                  <p className="pw-dimmed">
                    Only a part of this time is shown: it holds more runs than one answer may.
                  </p>
                )}
                {table ? (
                  <PointTable series={each} name={nameOf(each)} />
                ) : (
                  <PhaseChart
                    series={each}
                    name={nameOf(each)}
                    from={begin}
                    to={query.data.to}
                    periodSeconds={monitor.periodSeconds}
                    lost={losses.spans}
                    highest={highest}
                  />
                )}
              </section>
            ))}
          </div>
        </>
      )}
    </Panel>
  );
}

const mostRows = 500;

function PointTable({ series, name }: { series: Series; name: string }) {
  const phases = inPhaseOrder(series.points.flatMap((point) => Object.keys(point.phases)));
  const newest = [...series.points].sort((a, b) => b.at.localeCompare(a.at)).slice(0, mostRows);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.table} aria-label={`Timings from ${name}`} tabIndex={0}>
      <table className="pw-table">
        <caption className="pw-hidden">
          {newest.length < series.points.length
            ? `The newest ${newest.length} of ${series.points.length} runs from ${name}`
            : `${count(series.points.length, 'run')} from ${name}`}
        </caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Status</th>
            <th scope="col" className="pw-end">
              Total
            </th>
            {phases.map((phase) => (
              <th key={phase} scope="col" className="pw-end">
                {phaseWord(phase)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="pw-number">
          {newest.map((point) => (
            <tr key={point.at}>
              <th scope="row" className="pw-nowrap">
                {exactTime(new Date(point.at))}
              </th>
              <td className="pw-nowrap">
                <StatusIcon status={point.status} /> {statusWords[point.status]}
                {point.failureCode && <span className="pw-dimmed"> {point.failureCode}</span>}
              </td>
              <td className="pw-end pw-nowrap">{millis(point.totalMillis)}</td>
              {phases.map((phase) => (
                <td key={phase} className="pw-end pw-nowrap">
                  {point.phases[phase] === undefined ? '–' : millis(point.phases[phase])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
