import { Button, Loader } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useApi } from '../../api/client';
import type { AuditEntry } from '../../api/types';
import { EmptyState } from '../../ui/EmptyState';
import { IconDownload, IconHistory, IconSearch } from '../../ui/icons';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { clockTime, exactTime, useNow } from '../../ui/time';
import { currentTenant, useSession } from '../identity/session';
import { AuditFilters } from './AuditFilters';
import classes from './AuditPage.module.css';
import { type AuditSearch, exportUrl, isFiltered } from './auditSearch';
import { entriesQuery } from './queries';

interface AuditPageProps {
  search: AuditSearch;
  onSearch: (search: AuditSearch) => void;
}

export function AuditPage({ search, onSearch }: AuditPageProps) {
  const list = useInfiniteQuery(entriesQuery(useApi(), search));
  const entries = list.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = isFiltered(search);
  const none = list.isSuccess && entries.length === 0 && !list.isPlaceholderData;

  return (
    <>
      <PageHead title="Audit" actions={entries.length > 0 && <ExportLinks search={search} />}>
        Who did what, and from where. Postwatch never changes or deletes an entry.
      </PageHead>
      <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />
      <Panel flush>
        {(!none || filtered) && <AuditFilters search={search} onSearch={onSearch} />}
        {list.isPending && (
          <div className="pw-loading">
            <Loader aria-label="Loading the record" />
          </div>
        )}
        {none && !filtered && (
          <EmptyState icon={<IconHistory aria-hidden />} title="Nothing on record yet">
            Each sign-in and each change of monitors, components, locations, agents and tokens appears here, with who
            did it and when.
          </EmptyState>
        )}
        {none && filtered && (
          <EmptyState
            icon={<IconSearch aria-hidden />}
            title="Nothing matches"
            action={
              <Button variant="default" onClick={() => onSearch({})}>
                Clear the filters
              </Button>
            }
          >
            There is nothing on record that fits all of these filters.
          </EmptyState>
        )}
        {entries.length > 0 && <Entries entries={entries} busy={list.isPlaceholderData} />}
        {list.hasNextPage && (
          <div className="pw-more">
            <span className="pw-dimmed" role="status">
              {entries.length} shown
            </span>
            <Button
              variant="default"
              size="xs"
              loading={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              Show older entries
            </Button>
          </div>
        )}
      </Panel>
    </>
  );
}

/** What the filters find, all of it, as a file. */
function ExportLinks({ search }: { search: AuditSearch }) {
  const tenant = currentTenant(useSession());
  if (!tenant) {
    return null;
  }
  return (
    <>
      {(['csv', 'jsonl'] as const).map((format) => (
        <Button
          key={format}
          component="a"
          variant="default"
          href={exportUrl(format, tenant.id, search)}
          download
          leftSection={<IconDownload className="pw-icon" aria-hidden />}
        >
          {format === 'csv' ? 'Export CSV' : 'Export JSON lines'}
        </Button>
      ))}
    </>
  );
}

function Entries({ entries, busy }: { entries: AuditEntry[]; busy: boolean }) {
  return (
    <div className="pw-table-scroll" aria-busy={busy}>
      <table className={`pw-table ${classes.entries}`}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col" className={classes.who}>
              Who
            </th>
            <th scope="col">What</th>
            <th scope="col" className={classes.about}>
              About
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const actorWords: Record<AuditEntry['actor']['kind'], string | null> = {
  user: null,
  agent: 'Agent',
  system: null,
  controller: 'Controller',
};

function EntryRow({ entry }: { entry: AuditEntry }) {
  const at = new Date(entry.at);
  const details = Object.entries(entry.details);
  return (
    <tr className="pw-hover">
      <td className={`pw-number ${classes.time}`}>
        <time dateTime={entry.at} title={exactTime(at)}>
          <Clock at={at} />
        </time>
      </td>
      <td className={classes.who}>
        <Who entry={entry} />
      </td>
      <td className={classes.what}>
        {entry.sentence}
        {details.length > 0 && (
          <div className={classes.details}>
            {details.map(([name, value]) => (
              <span key={name}>
                {wordsOf(name)}: {value}
              </span>
            ))}
          </div>
        )}
        <div className={classes.under}>
          <Who entry={entry} />
        </div>
      </td>
      <td className={classes.about}>
        <Link to="/audit" search={{ subject: entry.subject.id ?? entry.subject.name }} className="pw-link">
          {entry.subject.name}
        </Link>
        <div className={classes.small}>{entry.subject.kind.replaceAll('-', ' ')}</div>
      </td>
    </tr>
  );
}

function Who({ entry: { actor, address } }: { entry: AuditEntry }) {
  const kind = actorWords[actor.kind];
  return (
    <>
      <Link to="/audit" search={{ actor: actor.name }} className="pw-link">
        {actor.name}
      </Link>
      {(kind || address) && <div className={classes.small}>{[kind, address].filter(Boolean).join(', ')}</div>}
    </>
  );
}

function Clock({ at }: { at: Date }) {
  return <>{clockTime(at, useNow())}</>;
}

/** nameBefore: name before */
function wordsOf(detail: string): string {
  return detail.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
