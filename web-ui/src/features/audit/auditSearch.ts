/** The audit record as its URL says it; days are days of the person's zone. */
export interface AuditSearch {
  act?: string;
  actor?: string;
  subject?: string;
  from?: string;
  to?: string;
}

const actCode = /^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/;
const dayForm = /^\d{4}-\d{2}-\d{2}$/;
const longestText = 200;

/** What of a URL makes sense; the rest is left out rather than refused, for people edit URLs. */
export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  return withoutGaps({
    act: typeof search.act === 'string' && actCode.test(search.act) ? search.act : undefined,
    actor: textOf(search.actor),
    subject: textOf(search.subject),
    from: dayOf(search.from),
    to: dayOf(search.to),
  });
}

export function isFiltered(search: AuditSearch): boolean {
  return Object.values(search).some((value) => value !== undefined);
}

/** The same as the query of `GET /audit`. The last day counts as a whole. */
export function auditQuery({ act, actor, subject, from, to }: AuditSearch) {
  return withoutGaps({
    act: act ? [act] : undefined,
    actor,
    subject,
    from: from && startOf(from, 0),
    to: to && startOf(to, 1),
  });
}

/** Where the browser finds the record as a file. A link sends no headers, so the tenant is in the URL. */
export function exportUrl(format: 'csv' | 'jsonl', tenantId: string, search: AuditSearch): string {
  const query = new URLSearchParams({ format, tenant: tenantId });
  for (const [name, value] of Object.entries(auditQuery(search))) {
    query.set(name, String(value));
  }
  return new URL(`api/v1/audit/export?${query}`, document.baseURI).href;
}

function startOf(day: string, later: number): string {
  const start = new Date(`${day}T00:00:00`);
  start.setDate(start.getDate() + later);
  return start.toISOString();
}

function withoutGaps<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

function dayOf(value: unknown): string | undefined {
  const day = typeof value === 'string' && dayForm.test(value) ? value : undefined;
  return day && !Number.isNaN(Date.parse(`${day}T00:00:00`)) ? day : undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') {
    return undefined;
  }
  const text = String(value).trim();
  return text === '' ? undefined : text.slice(0, longestText);
}
