import { ProblemError } from '../api/problem';

/** `tags[2]` belongs to `tags`; in a test of a monitor, `monitor.host` is `host`. */
function isAt(named: string, field: string): boolean {
  const name = named.replace(/^monitor\./, '');
  return name === field || name.startsWith(`${field}[`);
}

/** What the controller says about one field: shown at the field. */
export function errorAt(error: unknown, field: string): string | undefined {
  if (!(error instanceof ProblemError)) {
    return undefined;
  }
  const messages = error.fieldErrors.filter((each) => isAt(each.field, field)).map((each) => each.message);
  return messages.length > 0 ? messages.join(' ') : undefined;
}

/** The error itself unless every part of it is shown at one of these fields. */
export function otherErrors(error: unknown, shownFields: readonly string[]): unknown {
  if (error instanceof ProblemError && error.fieldErrors.length > 0) {
    const shown = error.fieldErrors.every((each) => shownFields.some((field) => isAt(each.field, field)));
    return shown ? null : error;
  }
  return error;
}
