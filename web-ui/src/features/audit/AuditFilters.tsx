import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/client';
import { SearchField } from '../../ui/SearchField';
import classes from './AuditFilters.module.css';
import { type AuditSearch, readAuditSearch } from './auditSearch';
import { actsQuery } from './queries';

interface AuditFiltersProps {
  search: AuditSearch;
  onSearch: (search: AuditSearch) => void;
}

export function AuditFilters({ search, onSearch }: AuditFiltersProps) {
  const acts = useQuery(actsQuery(useApi())).data ?? [];
  const change = (part: Record<string, string | null>) => onSearch(readAuditSearch({ ...search, ...part }));

  return (
    <search className={classes.filters} aria-label="Filter the record">
      <Select
        aria-label="What"
        placeholder="Anything done"
        data={acts.map(({ code, title }) => ({ value: code, label: title }))}
        clearable
        searchable
        value={search.act ?? null}
        onChange={(act) => change({ act })}
      />
      <SearchField label="Who" value={search.actor ?? ''} onChange={(actor) => change({ actor })} />
      <SearchField label="About" value={search.subject ?? ''} onChange={(subject) => change({ subject })} />
      <TextInput
        type="date"
        aria-label="From the day"
        leftSection={<span className="pw-dimmed">from</span>}
        leftSectionWidth={50}
        value={search.from ?? ''}
        max={search.to}
        onChange={(event) => change({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        aria-label="To the day"
        leftSection={<span className="pw-dimmed">to</span>}
        leftSectionWidth={34}
        value={search.to ?? ''}
        min={search.from}
        onChange={(event) => change({ to: event.currentTarget.value })}
      />
    </search>
  );
}
