import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/client';
import { SearchField } from '../../ui/SearchField';
import { statusWords } from '../../ui/StatusMark';
import { locationsQuery } from '../fleet/queries';
import { componentsQuery } from '../inventory/queries';
import { type MonitorListSearch, readListSearch } from './listSearch';
import classes from './MonitorFilters.module.css';
import { typeWords } from './words';

interface MonitorFiltersProps {
  search: MonitorListSearch;
  onSearch: (search: MonitorListSearch) => void;
}

const statuses = [
  ...(['ERROR', 'WARNING', 'OK', 'NO_DATA'] as const).map((value) => ({
    value: value as string,
    label: statusWords[value],
  })),
  { value: 'PAUSED', label: 'Paused' },
];
const types = Object.entries(typeWords).map(([value, label]) => ({ value, label }));

export function MonitorFilters({ search, onSearch }: MonitorFiltersProps) {
  const api = useApi();
  const locations = useQuery(locationsQuery(api)).data ?? [];
  const components = useQuery(componentsQuery(api)).data ?? [];
  const change = (part: Record<string, string | null>) => onSearch(readListSearch({ ...search, ...part }));

  return (
    <search className={classes.filters} aria-label="Filter the monitors">
      <SearchField
        className={classes.search}
        label="Search by name or host"
        value={search.q ?? ''}
        onChange={(q) => change({ q })}
      />
      <Select
        aria-label="Status"
        placeholder="Any status"
        data={statuses}
        clearable
        value={search.status ?? null}
        onChange={(status) => change({ status })}
      />
      <Select
        aria-label="Type"
        placeholder="Any type"
        data={types}
        clearable
        value={search.type ?? null}
        onChange={(type) => change({ type })}
      />
      <Select
        aria-label="Location"
        placeholder="Any location"
        data={locations.map(({ id, name }) => ({ value: id, label: name }))}
        clearable
        searchable={locations.length > 8}
        value={search.location ?? null}
        onChange={(location) => change({ location })}
      />
      <Select
        aria-label="Component"
        placeholder="Any component"
        data={components.map(({ id, name }) => ({ value: id, label: name }))}
        clearable
        searchable={components.length > 8}
        value={search.component ?? null}
        onChange={(component) => change({ component })}
      />
    </search>
  );
}
