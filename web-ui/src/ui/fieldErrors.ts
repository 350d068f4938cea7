import { ProblemError } from '../api/problem';

/** What the controller says about one field: shown at the field. */
export function errorAt(error: unknown, field: string): string | undefined {
  if (!(error instanceof ProblemError)) {
    return undefined;
  }
  const messages = error.fieldErrors.filter((each) => each.field === field).map((each) => each.message);
  return messages.length > 0 ? messages.join(' ') : undefined;
}

/** The error itself unless every part of it is shown at one of these fields. */
export function otherErrors(error: unknown, shownFields: readonly string[]): unknown {
  if (error instanceof ProblemError && error.fieldErrors.length > 0) {
    return error.fieldErrors.every((each) => shownFields.includes(each.field)) ? null : error;
  }
  return error;
}
