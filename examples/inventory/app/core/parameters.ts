// Reads single query parameters and keeps the list of everything that is wrong with them.
import { parse } from 'node:querystring';
import type { Request } from 'express';
import type { FieldError } from './field.ts';
import { mostErrors, queryProblem } from './problems.ts';

/** Edit distance (insert, delete, replace), by rows. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, from] of Array.from(a).entries()) {
    let diagonal = i;
    row = row.reduce<number[]>((next, above, j) => {
      const left = next[j - 1];
      const value =
        left === undefined
          ? i + 1
          : Math.min(above + 1, left + 1, diagonal + (from === b[j - 1] ? 0 : 1));
      diagonal = above;
      next.push(value);
      return next;
    }, []);
  }
  return row.at(-1) ?? a.length;
};

/** The nearest other one of the names when it is near enough to be meant: about a third of the letters may differ. */
export const nearest = (name: string, names: Iterable<string>): string | undefined => {
  if (name.length > 64) return undefined;
  let best: string | undefined;
  let least = Math.ceil(name.length / 3) + 1;
  for (const candidate of names) {
    if (candidate === name || Math.abs(candidate.length - name.length) >= least) continue;
    const away = distance(name.toLowerCase(), candidate.toLowerCase());
    if (away < least) [best, least] = [candidate, away];
  }
  return best;
};

/** Parameters as Express's simple parser gives them: a repeated one is a list. */
export type Parameters = { readonly [name: string]: string | readonly string[] | undefined };

const none: Parameters = {};

/** The parameters in the URL, flat: `price[gte]` is one name, and no value is an object. */
export const parameters = ({ url }: Request): Parameters => {
  const start = url.indexOf('?');
  return start < 0 ? none : parse(url.slice(start + 1), '&', '=', { maxKeys: 0 });
};

const isText = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** The same parameters as members of a JSON object; numbers and booleans need no quotes. */
export const bodyParameters = (body: object): Parameters => {
  const entries = Object.entries(body).map(([name, value]: [string, unknown]) => {
    if (isText(value)) return [name, String(value)] as const;
    if (Array.isArray(value) && value.every(isText)) return [name, value.map(String)] as const;
    const detail = `${name} must be text or a list of texts`;
    throw queryProblem([{ parameter: name, code: 'type', detail }]);
  });
  return Object.fromEntries<string | readonly string[]>(entries);
};

const mostParameters = 50;

export interface Reading {
  readonly parameters: Parameters;
  readonly errors: FieldError[];
  /** Notes a mistake; `text` follows the name of the parameter. */
  readonly fail: (parameter: string, code: string, text: string) => void;
  /** Notes a name that does not exist, with the nearest that does. */
  readonly unknown: (parameter: string, name: string, text: string) => void;
  /** The same for a field that the value of a parameter names, of those that it may name. */
  readonly unknownField: (parameter: string, name: string, known: Iterable<string>) => void;
  /** The value of a parameter that may not be repeated. */
  readonly word: (name: string) => string | undefined;
  /** Its value as a whole number from `low` on. */
  readonly number: (name: string, low: number, otherwise: number) => number;
  /** Notes every parameter that is not one of these. */
  readonly only: (known: readonly string[]) => void;
  /** Throws the collected mistakes, if there are any. */
  readonly settle: () => void;
}

/** Starts reading; `names` are those that may be suggested. Throws at once when there are too many parameters. */
export const reading = (parameters: Parameters, names: readonly string[]): Reading => {
  const errors: FieldError[] = [];
  const given = Object.values(parameters).flat().length;
  if (given > mostParameters) {
    const detail = `At most ${mostParameters} parameters are read`;
    throw queryProblem([{ parameter: '', code: 'too_many_parameters', detail }]);
  }
  const fail: Reading['fail'] = (name, code, text) => {
    if (errors.length > mostErrors) return;
    const parameter = name.slice(0, 120);
    errors.push({ parameter, code, detail: `${parameter || '""'} ${text}` });
  };
  const word: Reading['word'] = (name) => {
    const value = parameters[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'string') fail(name, 'repeated_parameter', 'must not be repeated');
    else if (value.includes('\ufffd')) fail(name, 'type', 'is not percent-encoded UTF-8');
    else return value;
    return undefined;
  };
  const hint = (name: string, known: Iterable<string>): string => {
    const near = errors.length < mostErrors ? nearest(name, known) : undefined;
    return near === undefined ? '' : `; did you mean ${near}?`;
  };
  const unknown: Reading['unknown'] = (parameter, name, text) => {
    fail(parameter, 'unknown_parameter', text + hint(name, names));
  };
  return {
    parameters,
    errors,
    fail,
    word,
    only: (known) => {
      for (const name of Object.keys(parameters)) {
        if (!known.includes(name)) unknown(name, name, 'is not a parameter of this request');
      }
    },
    unknown,
    unknownField: (parameter, name, known) => {
      const text = `names ${name.slice(0, 120)}, which it does not know${hint(name, known)}`;
      fail(parameter, 'unknown_field', text);
    },
    number: (name, low, otherwise) => {
      const text = word(name);
      if (text === undefined) return otherwise;
      const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= low) return value;
      const code = Number.isNaN(value) ? 'type' : 'range';
      fail(name, code, `must be a whole number from ${low}`);
      return otherwise;
    },
    settle: () => {
      if (errors.length > 0) throw queryProblem(errors);
    },
  };
};

/** For requests that take no parameters at all. */
export const refuseParameters = (parameters: Parameters): void => {
  const read = reading(parameters, []);
  read.only([]);
  read.settle();
};
