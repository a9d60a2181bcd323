// One condition of the query language: `price[gte]=10` → { price: { $gte: 10 } }. Only declared names and operators get through.
import { storedItem, type Doc } from './bson.ts';
import { bad } from './checks.ts';
import type { FieldSpec, Violation } from './field.ts';
import { askedFields, type Asked, type Model } from './model.ts';
import { fieldTypes, zodOf, type Operator } from './types.ts';

const mostValues = 100;
const mostCharacters = 64;

/** A field that may be asked for, compiled. */
export interface Queryable extends Asked {
  /** The stored value of a text, or what is wrong with it. */
  readonly read: (text: string) => { readonly value: unknown } | { readonly wrong: string };
}

const numeral = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** Texts become what JSON would carry; nothing is guessed, the type of the field decides. */
const wireOf = ({ type }: FieldSpec, text: string): unknown => {
  if (type === 'number' || type === 'integer') return numeral.test(text) ? Number(text) : text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
};

/** Limits of a field do not bind a question about it: price[gte]=-1 is fine. */
const reader = (field: FieldSpec): Queryable['read'] => {
  const { type, values } = field;
  const row = fieldTypes[type];
  if (row.operators.includes('contains')) return (text) => ({ value: text });
  const schema = zodOf({ type, ...(values && { values }) });
  // What JSON has in quotes has none in a URL.
  const wrong = `must be ${values ? `one of ${values.join(', ')}` : row.one.replace(' in quotes', '')}`;
  const day = zodOf({ type: 'date' });
  return (text) => {
    const wire = wireOf(field, text);
    // A day is a moment too: its first.
    if (type === 'datetime' && day.safeParse(text).success) return { value: new Date(text) };
    return schema.safeParse(wire).success ? { value: storedItem(field, wire) } : { wrong };
  };
};

/** What clients may name in filters, sorting and projection, by path. */
export const queryables = (model: Model): ReadonlyMap<string, Queryable> =>
  new Map(askedFields(model).map((asked) => [asked.path, { ...asked, read: reader(asked.field) }]));

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A text inside others, or with `^` at their beginning; taken literally, but for upper and lower case. */
export const matching = (path: string, text: string, from: '' | '^'): Doc => ({
  [path]: { $regex: from + escaped(text), $options: 'i' },
});

/** Why a text cannot be looked for, if so. */
export const searchMistake = (text: string): Violation | undefined => {
  if (text.length > mostCharacters) {
    return bad('too_long', `must have at most ${mostCharacters} characters`);
  }
  return text.includes('\0') ? bad('type', 'must not contain NUL') : undefined;
};

const lists: ReadonlySet<string> = new Set(['in', 'nin', 'all'] satisfies Operator[]);

/** Whether the operator takes several values: `in`, `nin`, `all`. */
const takesList = (operator: string): boolean => lists.has(operator);

type Condition = { readonly filter: Doc } | { readonly mistake: Violation };

const listed = (
  { path, read }: Queryable,
  operator: string,
  given: string | readonly string[],
): Condition => {
  const texts = typeof given === 'string' ? given.split(',') : given;
  if (texts.length > mostValues) {
    return { mistake: bad('too_many_values', `must have at most ${mostValues} values`) };
  }
  const values: unknown[] = [];
  for (const text of texts) {
    const result = read(text);
    if ('wrong' in result) return { mistake: bad('type', result.wrong) };
    values.push(result.value);
  }
  return { filter: { [path]: { [`$${operator}`]: values } } };
};

/** The filter for one declared field, an operator and its value; a list of texts stands for a repeated parameter. */
export const condition = (
  target: Queryable,
  operator: string,
  given: string | readonly string[],
): Condition => {
  const { path, operators, read } = target;
  if (!operators.includes(operator)) {
    const known = operators.join(', ');
    return { mistake: bad('unknown_operator', `takes only these operators: ${known}`) };
  }
  if (takesList(operator)) return listed(target, operator, given);
  if (typeof given !== 'string') {
    return { mistake: bad('repeated_parameter', 'must not be repeated') };
  }
  if (operator === 'exists') {
    if (given === 'true') return { filter: { [path]: { $ne: null } } };
    if (given === 'false') return { filter: { [path]: null } };
    return { mistake: bad('type', 'must be true or false') };
  }
  if (operator === 'contains' || operator === 'startsWith') {
    const wrong = searchMistake(given);
    if (wrong) return { mistake: wrong };
    return { filter: matching(path, given, operator === 'contains' ? '' : '^') };
  }
  const result = read(given);
  if ('wrong' in result) return { mistake: bad('type', result.wrong) };
  return { filter: { [path]: { [`$${operator}`]: result.value } } };
};

/** Conditions that must all hold, in the smallest form. */
export const and = (filters: readonly Doc[]): Doc =>
  filters.length === 1 && filters[0] ? filters[0] : filters.length === 0 ? {} : { $and: filters };

export const or = (filters: readonly Doc[]): Doc =>
  filters.length === 1 && filters[0] ? filters[0] : { $or: filters };
