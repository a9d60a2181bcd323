import type { FieldSpec, FieldType } from './schema.ts';

/** The modifiers without a value. */
export const flags = [
  'required',
  'unique',
  'index',
  'array',
  'private',
  'readonly',
  'search',
] as const;

/** Every modifier, in the order in which a field prints them: flags first, and last the two that take the rest of the text. */
export const modifiers = [
  ...flags,
  'min',
  'max',
  'minLength',
  'maxLength',
  'maxItems',
  'onDelete',
  'pattern',
  'default',
] as const;

export type Modifier = (typeof modifiers)[number];

/** The types whose values are texts in JSON, so that a default is written without quotes. */
export const textual: readonly FieldType[] = [
  'string',
  'text',
  'decimal',
  'date',
  'datetime',
  'email',
  'url',
  'slug',
  'uuid',
  'enum',
];

const text: readonly Modifier[] = ['unique', 'index', 'array', 'search', 'default'];
const lengths: readonly Modifier[] = ['minLength', 'maxLength'];
const ordered: readonly Modifier[] = ['unique', 'index', 'array', 'min', 'max', 'default'];
/** The modifiers of each type, besides those that every type takes. */
const allowed: Readonly<Record<FieldType, readonly Modifier[]>> = {
  string: [...text, ...lengths, 'pattern'],
  text: ['index', 'array', 'search', ...lengths, 'pattern', 'default'],
  integer: ordered,
  number: ordered,
  decimal: ordered,
  boolean: ['index', 'array', 'default'],
  date: ordered,
  datetime: ordered,
  email: [...text, ...lengths],
  url: [...text, ...lengths],
  slug: [...text, ...lengths],
  uuid: ['unique', 'index', 'array', 'default'],
  ref: ['unique', 'index', 'array', 'onDelete'],
  enum: text,
  object: ['array'],
  json: ['default'],
  point: ['index', 'array', 'default'],
  password: lengths,
};

/** Whether a field of this type takes the modifier at all. */
export function allows(type: FieldType, modifier: Modifier): boolean {
  return (
    modifier === 'required' ||
    modifier === 'private' ||
    modifier === 'readonly' ||
    modifier === 'maxItems' ||
    allowed[type].includes(modifier)
  );
}

/** What contradicts itself in a field, each as the end of a sentence about it; its values are checked elsewhere. */
export function fieldProblems(field: FieldSpec): string[] {
  const problems: string[] = [];
  const { type } = field;
  for (const modifier of modifiers)
    if (field[modifier] !== undefined && !allows(type, modifier))
      problems.push(`cannot be ${modifier}: ${article(type)} has no ${modifier}`);
  if (problems.length > 0) return problems;
  if (type === 'password' && field.readonly) problems.push('is a password that nobody could set');
  if ((type === 'enum') !== (field.values !== undefined))
    problems.push(
      type === 'enum' ? 'is an enum without values' : 'has values, which only an enum has',
    );
  if ((type === 'ref') !== (field.to !== undefined))
    problems.push(type === 'ref' ? 'is a ref without a target' : 'has "to", which only a ref has');
  if (field.fields !== undefined && type !== 'object')
    problems.push('has fields, which only an object has');
  if (type === 'object' && Object.keys(field.fields ?? {}).length === 0)
    problems.push('is an object without fields');
  if (field.maxItems !== undefined && !field.array) problems.push('has maxItems but is no array');
  if (type === 'object' && field.array) problems.push(...itemProblems(field.fields));
  if (field.private && field.readonly)
    problems.push('is private and readonly: nobody could write it and nobody could read it');
  if (field.private && field.search) problems.push('is private, so it cannot be searched');
  if (field.readonly && field.required && field.default === undefined)
    problems.push('is required and readonly without a default: no document could be created');
  if (field.unique && field.default !== undefined)
    problems.push('is unique with a default: the second document would be refused');
  if (field.onDelete === 'nullify' && field.required)
    problems.push('is required, so onDelete cannot be nullify');
  return [...problems, ...rangeProblems(field), ...valuesProblems(field.values)];
}

/**
 * A list is replaced as a whole, so what a client cannot read it could not send back: nothing hidden or
 * read-only inside lists of objects.
 */
function itemProblems(fields: Readonly<Record<string, FieldSpec>> = {}): string[] {
  return Object.entries(fields).flatMap(
    ([name, { type, private: hidden, readonly, fields: inner }]) => {
      const unseen =
        type === 'password' ? 'a password' : hidden ? 'private' : readonly && 'readonly';
      if (unseen) return [`is a list of objects, so ${name} inside cannot be ${unseen}`];
      return itemProblems(inner);
    },
  );
}

/** The longest value of a type when maxLength is not given, where the type has such a limit of its own. */
const longestOf: Readonly<Partial<Record<FieldType, number>>> = {
  string: 255,
  slug: 255,
  password: 128,
};

function rangeProblems(field: FieldSpec): string[] {
  const problems: string[] = [];
  const longest = field.maxLength ?? longestOf[field.type];
  const shortest = field.minLength ?? (field.type === 'password' ? 8 : 0);
  if (longest !== undefined && shortest > longest)
    problems.push(`has minLength ${shortest} above maxLength ${longest}`);
  if (field.type === 'password' && (shortest < 8 || (longest ?? 128) > 128))
    problems.push('is a password, which has 8 to 128 characters');
  if (field.maxLength === 0) problems.push('has maxLength 0, so no text would fit');
  return problems;
}

function valuesProblems(values: readonly string[] = []): string[] {
  const seen = new Set<string>();
  for (const value of values) {
    if (value.trim() === '' || value.length > 255 || /\p{Cc}/u.test(value))
      return [`has the value ${JSON.stringify(value)}, which is empty, too long or not one line`];
    if (seen.has(value)) return [`has the value ${JSON.stringify(value)} twice`];
    seen.add(value);
  }
  return [];
}

/** The word with `a` or `an` before it. */
export function article(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}
