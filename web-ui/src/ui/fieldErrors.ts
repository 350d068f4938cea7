import { ProblemError } from '../api/problem';

/** `tags[2]` belongs to `tags`; in a test of a monitor, `monitor.host` is `host`. */
function isAt(named: string, field: string): boolean {
  const name = named.replace(/^monitor\./, '');
  return name === field || name.startsWith(`${field}[`);
}

function isAtAny(named: string, fields: readonly string[]): boolean {
  return fields.some((field) => isAt(named, field));
}

/** What the controller says about one field: shown at the field. Parts of it that have a place of their own are not. */
export function errorAt(error: unknown, field: string, ownPlaces: readonly string[] = []): string | undefined {
  if (!(error instanceof ProblemError)) {
    return undefined;
  }
  const messages = error.fieldErrors
    .filter((each) => isAt(each.field, field) && !isAtAny(each.field, ownPlaces))
    .map((each) => each.message);
  return messages.length > 0 ? messages.join(' ') : undefined;
}

/** The error if any of these fields is wrong. */
export function errorWithin(error: unknown, fields: readonly string[]): unknown {
  return error instanceof ProblemError && error.fieldErrors.some((each) => isAtAny(each.field, fields)) ? error : null;
}

/** The error itself unless every part of it is shown at one of these fields. */
export function otherErrors(error: unknown, shownFields: readonly string[]): unknown {
  if (error instanceof ProblemError && error.fieldErrors.length > 0) {
    return error.fieldErrors.every((each) => isAtAny(each.field, shownFields)) ? null : error;
  }
  return error;
}
