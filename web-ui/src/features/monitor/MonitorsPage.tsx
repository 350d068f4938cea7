import { Button, Loader } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/client';
import { EmptyState } from '../../ui/EmptyState';
import { IconMail, IconPlus, IconSearch } from '../../ui/icons';
import { LinkButton } from '../../ui/LinkButton';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { locationsQuery } from '../fleet/queries';
import { useMay } from '../identity/session';
import { isFiltered, type MonitorListSearch } from './listSearch';
import { MonitorFilters } from './MonitorFilters';
import { MonitorTable } from './MonitorTable';
import { overviewSentence } from './overview';
import { countsQuery, monitorsQuery } from './queries';

interface MonitorsPageProps {
  search: MonitorListSearch;
  onSearch: (search: MonitorListSearch) => void;
}

export function MonitorsPage({ search, onSearch }: MonitorsPageProps) {
  const list = useInfiniteQuery(monitorsQuery(useApi(), search));
  const may = useMay();
  const monitors = list.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = isFiltered(search);
  const none = list.isSuccess && monitors.length === 0 && !list.isPlaceholderData;
  const add = may.edit ? (
    <LinkButton to="/monitors/new" leftSection={<IconPlus className="pw-icon" aria-hidden />}>
      Add monitor
    </LinkButton>
  ) : undefined;

  return (
    <>
      <PageHead title="Monitors" actions={none && !filtered ? undefined : add}>
        {none && !filtered ? null : <Overview />}
      </PageHead>
      <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />
      <Panel flush>
        {(!none || filtered) && <MonitorFilters search={search} onSearch={onSearch} />}
        {list.isPending && (
          <div className="pw-loading">
            <Loader aria-label="Loading the monitors" />
          </div>
        )}
        {none && !filtered && (
          <EmptyState icon={<IconMail aria-hidden />} title="No monitors yet" action={add}>
            Each mail server you watch appears here with its status from every place, the days its certificate has left
            and its last run. A host name is all that is needed.
          </EmptyState>
        )}
        {none && filtered && (
          <EmptyState
            icon={<IconSearch aria-hidden />}
            title="No monitor matches"
            action={
              <Button variant="default" onClick={() => onSearch({ sort: search.sort })}>
                Clear the filters
              </Button>
            }
          >
            There are monitors, but none that fits all of these filters.
          </EmptyState>
        )}
        {monitors.length > 0 && (
          <MonitorTable
            monitors={monitors}
            sort={search.sort}
            onSort={(sort) => onSearch({ ...search, sort })}
            busy={list.isPlaceholderData}
          />
        )}
        {list.hasNextPage && (
          <div className="pw-more">
            <span className="pw-dimmed" role="status">
              {monitors.length} shown
            </span>
            <Button
              variant="default"
              size="xs"
              loading={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              Show more
            </Button>
          </div>
        )}
      </Panel>
    </>
  );
}

/** The state of everything in one sentence; spoken when it changes. */
function Overview() {
  const api = useApi();
  const counts = useQuery(countsQuery(api));
  const locations = useQuery(locationsQuery(api));
  if (!counts.data || !locations.data) {
    return <span>&nbsp;</span>;
  }
  const silent = locations.data.filter((location) => location.state === 'silent').map(({ name }) => name);
  return <span role="status">{overviewSentence(counts.data, silent)}</span>;
}
