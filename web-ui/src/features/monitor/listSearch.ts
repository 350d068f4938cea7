import type { MonitorSort, MonitorType, Status } from '../../api/types';

/** The monitors list as its URL says it. */
export interface MonitorListSearch {
  q?: string;
  status?: Status | 'PAUSED';
  type?: MonitorType;
  location?: string;
  component?: string;
  tag?: string;
  sort?: MonitorSort;
}

const statuses = ['ERROR', 'WARNING', 'OK', 'NO_DATA', 'PAUSED'] as const;
const types = ['smtp', 'imap', 'pop3'] as const;
const sorts = ['name', '-name', 'status', 'host', 'createdAt', '-createdAt'] as const;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What of a URL makes sense; the rest is left out rather than refused, for people edit URLs. */
export function readListSearch(search: Record<string, unknown>): MonitorListSearch {
  return withoutGaps({
    q: textOf(search.q),
    status: oneOf(statuses, search.status),
    type: oneOf(types, search.type),
    location: idOf(search.location),
    component: idOf(search.component),
    tag: textOf(search.tag),
    sort: oneOf(sorts, search.sort),
  });
}

export function isFiltered({ sort: _, ...filters }: MonitorListSearch): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}

/** The same as the query of `GET /monitors`. PAUSED is an overlay, not a status, and so asked for by itself. */
export function listQuery(search: MonitorListSearch) {
  return withoutGaps({
    q: search.q,
    status: search.status === 'PAUSED' ? undefined : search.status,
    paused: search.status === 'PAUSED' ? true : undefined,
    type: search.type,
    locationId: search.location,
    componentId: search.component,
    tag: search.tag,
    sort: search.sort ?? ('status' as const),
  });
}

/** What a click on a column's head asks for: first this column, then backwards where the API can, then the default. */
export function nextSort(
  current: MonitorSort | undefined,
  column: 'name' | 'host' | 'status',
): MonitorSort | undefined {
  if (column === 'name') {
    return current === 'name' ? '-name' : current === '-name' ? undefined : 'name';
  }
  if (column === 'host') {
    return current === 'host' ? undefined : 'host';
  }
  return undefined;
}

function withoutGaps<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((each) => each === value);
}

function idOf(value: unknown): string | undefined {
  return typeof value === 'string' && uuid.test(value) ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') {
    return undefined;
  }
  const text = String(value).trim();
  return text === '' ? undefined : text.slice(0, 200);
}
