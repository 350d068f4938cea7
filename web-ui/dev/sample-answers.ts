import type { Problem } from '../src/api/types';

/** The answer that says no. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

export function refuse(status: number, code: string, detail: string, fieldErrors?: Problem['fieldErrors']): never {
  throw new Refusal({ title: detail, detail, status, code, fieldErrors });
}

export function found<T extends { id: string }>(things: T[], id: string): T {
  return things.find((each) => each.id === id) ?? refuse(404, 'not-found', 'There is no such thing.');
}

export function editable<T extends { id: string }>(
  things: T[],
  method: string,
  id: string | undefined,
  change: Partial<T>,
): unknown {
  if (!id) {
    return { items: things };
  }
  const thing = found(things, id);
  if (method === 'DELETE') {
    things.splice(things.indexOf(thing), 1);
    return undefined;
  }
  return method === 'PUT' ? Object.assign(thing, change) : thing;
}

export function paged<T>(items: T[], query: URLSearchParams) {
  const from = Number(query.get('cursor') ?? 0);
  const to = from + Number(query.get('limit') ?? 100);
  return { items: items.slice(from, to), nextCursor: to < items.length ? String(to) : undefined };
}
