import type { FieldError, Problem } from './types';

/** A refusal of the controller, or the lack of any answer, as something that can be thrown and shown. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ProblemError';
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }

  get fieldErrors(): FieldError[] {
    return this.problem.fieldErrors ?? [];
  }
}

const noAnswer: Problem = {
  title: 'No answer',
  detail: 'The controller does not answer. It is tried again by itself as soon as it is back.',
  status: 0,
  code: 'no-answer',
};

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What the call brought, or the problem it ended in. */
export async function answerOf<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch {
    throw new ProblemError(noAnswer);
  }
  if (!answer.response.ok) {
    throw new ProblemError(problemOf(answer.error, answer.response));
  }
  return answer.data as T;
}

/** The same, for calls that answer with nothing. */
export async function doneOf(call: Promise<Answer<unknown>>): Promise<void> {
  await answerOf(call);
}

function problemOf(error: unknown, response: Response): Problem {
  if (typeof error === 'object' && error !== null && 'code' in error && 'title' in error) {
    return error as Problem;
  }
  return {
    title: 'Unexpected answer',
    detail: `The controller, or something before it, answered ${response.status} ${response.statusText}`.trim(),
    status: response.status,
    code: 'unexpected-answer',
  };
}

export function isGone(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 404;
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 401;
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong in the console itself.';
}

export function isUnanswered(error: unknown): boolean {
  return error instanceof ProblemError && error.code === noAnswer.code;
}
