import { Button, Loader, Select } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { useApi } from '../../api/client';
import type { Monitor, Result, Status } from '../../api/types';
import { IconChevronDown, IconChevronRight } from '../../ui/icons';
import { Panel } from '../../ui/Panel';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { StatusMark, statusWords } from '../../ui/StatusMark';
import { clockTime, exactTime, millis, useNow } from '../../ui/time';
import { currentSeries, familyTitles, type RunFamily, vantageNames } from './families';
import { PhaseBar } from './PhaseBar';
import { type Range, type RunFilter, resultQuery, resultsQuery, seriesQuery } from './queries';
import { ResultDetail } from './ResultDetail';
import classes from './Runs.module.css';

interface RunsProps {
  monitor: Monitor;
  /** Of the charts: what they show is known of the monitor's past. */
  range: Range;
  filter: RunFilter;
  onFilter: (filter: RunFilter) => void;
}

const statuses = (['ERROR', 'WARNING', 'OK', 'NO_DATA'] as const).map((value) => ({
  value,
  label: statusWords[value],
}));

const everyFamily = Object.keys(familyTitles) as RunFamily[];

/** Every run, newest first; each opens to its phases, certificate and transcript. */
export function Runs({ monitor, range, filter, onFilter }: RunsProps) {
  const api = useApi();
  const list = useInfiniteQuery(resultsQuery(api, monitor.id, filter));
  // The charts have asked for it and keep it fresh.
  const charted = useQuery({ ...seriesQuery(api, monitor.id, range), refetchInterval: false }).data?.series ?? [];
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const results = list.data?.pages.flatMap((page) => page.items) ?? [];
  const longest = Math.max(0, ...results.map((result) => result.totalMillis));
  const places = monitor.status.locations;
  // Runs may be older than the charts, and of a series that has ended since.
  const known = [...currentSeries(monitor), ...charted, ...results];
  const families = everyFamily.filter(
    (family) => family === filter.addressFamily || known.some(({ addressFamily }) => addressFamily === family),
  );
  const seriesName = vantageNames(known, monitor.addressFamily);
  const nameOf = ({ locationId, addressFamily }: Result) =>
    seriesName({
      locationId,
      locationName: places.find((place) => place.locationId === locationId)?.locationName ?? 'a former place',
      addressFamily,
    });
  const filtered = filter.locationId || filter.addressFamily || filter.status;
  const toggle = (id: string) =>
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(id)) {
        after.add(id);
      }
      return after;
    });

  return (
    <Panel
      title="Runs"
      flush
      actions={
        <>
          <Select
            size="xs"
            w={150}
            aria-label="Runs from"
            placeholder="All places"
            clearable
            data={places.map(({ locationId, locationName }) => ({ value: locationId, label: locationName }))}
            value={filter.locationId ?? null}
            onChange={(locationId) => onFilter({ ...filter, locationId: locationId ?? undefined })}
          />
          {(families.length > 1 || filter.addressFamily) && (
            <Select
              size="xs"
              w={130}
              aria-label="Runs over"
              placeholder="All families"
              clearable
              data={families.map((value) => ({ value, label: familyTitles[value] }))}
              value={filter.addressFamily ?? null}
              onChange={(family) => onFilter({ ...filter, addressFamily: (family as RunFamily | null) ?? undefined })}
            />
          )}
          <Select
            size="xs"
            w={130}
            aria-label="Runs with status"
            placeholder="Any status"
            clearable
            data={statuses}
            value={filter.status ?? null}
            onChange={(status) => onFilter({ ...filter, status: (status as Status | null) ?? undefined })}
          />
        </>
      }
    >
      <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending && (
        <div className="pw-loading">
          <Loader aria-label="Loading the runs" />
        </div>
      )}
      {list.isSuccess && results.length === 0 && (
        <p className={classes.none}>
          {filtered ? (
            <>
              No run fits these filters.{' '}
              <Button size="compact-xs" variant="default" onClick={() => onFilter({})}>
                Clear the filters
              </Button>
            </>
          ) : monitor.paused ? (
            'No runs yet, and the monitor is paused: resume it for its first one.'
          ) : (
            'No runs yet. Each appears here as soon as it ends.'
          )}
        </p>
      )}
      {results.length > 0 && (
        <div className="pw-table-scroll">
          <table className={`pw-table ${classes.runs}`}>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col" className={classes.place}>
                  Place
                </th>
                <th scope="col">Status</th>
                <th scope="col">What happened</th>
                <th scope="col" className={classes.bar}>
                  Phases
                </th>
                <th scope="col" className={`pw-end ${classes.total}`}>
                  Total
                </th>
              </tr>
            </thead>
            <tbody>
              {results.map((result) => (
                <Fragment key={result.id}>
                  <RunRow
                    result={result}
                    place={nameOf(result)}
                    longest={longest}
                    open={open.has(result.id)}
                    onToggle={() => toggle(result.id)}
                  />
                  {open.has(result.id) && (
                    <tr>
                      <td colSpan={6} className={classes.detail} id={`run-${result.id}`}>
                        <RunDetail monitorId={monitor.id} resultId={result.id} />
                      </td>
                    </tr>
                  )}
                </Fragment>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.hasNextPage && (
        <div className="pw-more">
          <Button
            variant="default"
            size="xs"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show older runs
          </Button>
        </div>
      )}
    </Panel>
  );
}

interface RunRowProps {
  result: Result;
  place: string;
  longest: number;
  open: boolean;
  onToggle: () => void;
}

function RunRow({ result, place, longest, open, onToggle }: RunRowProps) {
  const started = new Date(result.startedAt);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <tr className={`pw-hover ${classes.row}`}>
      <td className="pw-nowrap pw-number">
        <button
          type="button"
          className={classes.toggle}
          aria-expanded={open}
          aria-controls={open ? `run-${result.id}` : undefined}
          onClick={onToggle}
        >
          <Chevron className="pw-icon" aria-hidden />
          <time dateTime={result.startedAt} title={exactTime(started)}>
            <Clock at={started} />
          </time>
        </button>
        <div className={classes.under}>{place}</div>
      </td>
      <td className={classes.place}>{place}</td>
      <td>
        <StatusMark status={result.status} />
      </td>
      <td className={classes.sentence}>
        {result.sentence}
        {result.triggered && <span className={classes.triggered}>on demand</span>}
      </td>
      <td className={classes.bar}>
        <PhaseBar phases={result.phases} longest={longest} />
      </td>
      <td className={`pw-end pw-nowrap pw-number ${classes.total}`}>{millis(result.totalMillis)}</td>
    </tr>
  );
}

function Clock({ at }: { at: Date }) {
  return <>{clockTime(at, useNow())}</>;
}

function RunDetail({ monitorId, resultId }: { monitorId: string; resultId: string }) {
  const result = useQuery(resultQuery(useApi(), monitorId, resultId));
  if (result.isPending) {
    return <Loader size="sm" aria-label="Loading the run" />;
  }
  return result.isError ? (
    <ProblemAlert error={result.error} onRetry={() => void result.refetch()} />
  ) : (
    <ResultDetail result={result.data} />
  );
}
