/** What the suite knows about values: which fields a client may send, what may be asked of one, how MongoDB orders it. */
import type { FieldSpec } from '../../app/core/field.ts';
import type { Operator } from '../../app/core/kinds.ts';
import { fieldPaths, isPrivate, type FieldAt, type Model } from '../../app/core/model.ts';
import { fieldTypes } from '../../app/core/types.ts';

/** Every path that the query language knows: nothing private, nor anything below something private. */
export const publicPaths = (model: Model): FieldAt[] =>
  fieldPaths(model.fields, { privates: false });

/** Top-level fields that a client may send. */
export const writable = (model: Model): [string, FieldSpec][] =>
  Object.entries(model.fields).filter(([, field]) => field.readonly !== true);

/** The value as it is answered: without private members, at any level. */
export function answered(of: Pick<FieldSpec, 'fields'>, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => answered(of, item));
  const { fields } = of;
  if (fields === undefined || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !(fields[name] && isPrivate(fields[name])))
      .map(([name, member]) => [name, fields[name] ? answered(fields[name], member) : member]),
  );
}

/** Whether no two documents may have the same value here, or in a member. */
export const isUnique = ({ unique, fields = {} }: FieldSpec): boolean =>
  unique === true || Object.values(fields).some(isUnique);

/** What may be asked of a field; `all` only where there can be several values. */
export function operators(field: FieldSpec): readonly Operator[] {
  const known = fieldTypes[field.type].operators;
  return field.array === true && known.includes('in') ? [...known, 'all'] : known;
}

/** One member of an array field. */
export function one(field: FieldSpec): FieldSpec {
  const member: { -readonly [K in keyof FieldSpec]: FieldSpec[K] } = { ...field };
  delete member.array;
  return member;
}

const textual = new Set(['string', 'text', 'email', 'url', 'slug']);
const numeric = new Set(['integer', 'number', 'decimal']);

export const isText = (field: FieldSpec): boolean => textual.has(field.type);

/** The values at a dotted path of an answered document, through arrays, as MongoDB looks at them. */
export function valuesAt(document: unknown, path: string): unknown[] {
  let values: unknown[] = [document];
  for (const name of path.split('.')) {
    values = values.flatMap((value) => {
      const next = (value as Record<string, unknown> | null | undefined)?.[name];
      return Array.isArray(next) ? (next as unknown[]) : [next];
    });
  }
  return values.filter((value) => value !== undefined && value !== null);
}

/** The order MongoDB gives two values of one field: numbers by size, all else by its bytes; a missing value comes first. */
export function compareValues(field: FieldSpec, a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (numeric.has(field.type) || field.type === 'boolean') return Number(a) - Number(b);
  return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
}
