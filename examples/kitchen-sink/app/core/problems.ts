// Problem documents (RFC 9457), and the one error class that handlers and services throw.
import type { FieldError } from './field.ts';
import { catalogue, codeOf, isProblemCode, type ProblemCode } from './problem-codes.ts';

export { isProblemCode, type ProblemCode } from './problem-codes.ts';

export interface ProblemExtras {
  readonly errors?: readonly FieldError[];
  readonly headers?: { readonly [name: string]: string };
  readonly cause?: unknown;
}

/** An answer other than success. Throw it anywhere; the problem handler writes it. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  readonly errors: readonly FieldError[];
  readonly headers: { readonly [name: string]: string };

  constructor(
    code: ProblemCode,
    detail?: string,
    { errors = [], headers = {}, cause }: ProblemExtras = {},
  ) {
    const [status, title, text] = catalogue[code];
    super(detail ?? (errors.length > 0 ? errors.map((error) => error.detail).join('; ') : text), {
      cause,
    });
    this.name = 'Problem';
    this.code = code;
    this.status = status;
    this.title = title;
    this.errors = errors;
    this.headers = headers;
  }
}

/**
 * Makes a problem to throw: `throw problem('not_found')`, `throw problem(409, 'The shop is closed')`.
 * Its detail is shown to the client.
 */
export const problem = (
  code: ProblemCode | number,
  detail?: string,
  extras?: ProblemExtras,
): Problem => new Problem(typeof code === 'number' ? codeOf(code) : code, detail, extras);

/** The problem for a list of mistakes in the query: their own code when they share one, else invalid_query. */
export const queryProblem = (errors: readonly FieldError[]): Problem => {
  const codes = new Set(errors.map((error) => error.code));
  const [only = ''] = codes;
  const shared = codes.size === 1 && isProblemCode(only) ? only : 'invalid_query';
  return new Problem(shared, undefined, { errors });
};

/** 400 for a header of the wrong form; `text` follows its name. */
export const headerProblem = (header: string, text: string): Problem =>
  new Problem('invalid_header', undefined, {
    errors: [{ header, code: 'invalid_header', detail: `${header} ${text}` }],
  });

/** What a problem document says besides what the catalogue knows. */
export interface Occasion {
  readonly instance?: string | undefined;
  readonly requestId?: string | undefined;
  /** Prefix of `type`, when the API has a public address. */
  readonly publicUrl?: string | undefined;
  /** Only in debug mode. */
  readonly stack?: string | undefined;
}

/** Mistakes that an answer lists; whoever looks for them may stop at one more. */
export const mostErrors = 20;

/** What is sent for a problem: the members of RFC 9457, plus code, error and requestId. */
export const problemDocument = (problem: Problem, occasion: Occasion) => {
  const listed = problem.errors.slice(0, mostErrors);
  const detail =
    problem.errors.length > mostErrors
      ? listed.map((error) => error.detail).join('; ')
      : problem.message;
  return {
    type: `${occasion.publicUrl ?? ''}/problems/${problem.code}`,
    title: problem.title,
    status: problem.status,
    detail,
    instance: occasion.instance,
    code: problem.code,
    error: detail,
    requestId: occasion.requestId,
    ...(listed.length > 0 && { errors: listed }),
    ...(problem.errors.length > mostErrors && { truncated: true }),
    stack: occasion.stack,
  };
};
