import { exit, UserError } from '../../errors.ts';
import { folded, quote } from '../names.ts';
import { nearest } from '../nearest.ts';
import type { FieldSpec, ResourceSpec } from '../schema.ts';

export type Fields = Readonly<Record<string, FieldSpec>>;

/**
 * The path of a field that was typed with dots, in the case of the spec. Throws a UserError with the nearest field of
 * the resource when there is none.
 */
export function fieldPath(typed: string, resource: ResourceSpec, key: string): string[] {
  const path = foundPath(typed, resource);
  if (path === undefined) throw unknownField(typed, resource, key);
  return path;
}

/** Whether a resource has a field that was typed with dots. */
export function hasField(resource: ResourceSpec, typed: string): boolean {
  return foundPath(typed, resource) !== undefined;
}

function foundPath(typed: string, resource: ResourceSpec): string[] | undefined {
  const path: string[] = [];
  let level: Fields | undefined = resource.fields;
  for (const segment of typed.split('.')) {
    const known: string[] = Object.keys(level ?? {});
    const name = known.find((one) => one === segment) ?? known.find(sameName(segment));
    if (name === undefined) return undefined;
    path.push(name);
    level = level?.[name]?.fields;
  }
  return path;
}

/** The fields that lie in the object at a path; of the resource itself for an empty one. */
export function fieldsAt(fields: Fields, path: readonly string[]): Fields {
  return path.reduce((level: Fields, segment) => level[segment]?.fields ?? {}, fields);
}

/** The fields with those of the object at a path replaced; nothing that is given is changed. */
export function withFieldsAt(
  fields: Fields,
  path: readonly string[],
  replace: (level: Fields) => Fields,
): Record<string, FieldSpec> {
  const [first, ...rest] = path;
  if (first === undefined) return { ...replace(fields) };
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      name === first
        ? { ...field, fields: withFieldsAt(field.fields ?? {}, rest, replace) }
        : field,
    ]),
  );
}

/** An object with other keys, each at the place of the old one. */
export function withKey<Value>(
  record: Readonly<Record<string, Value>>,
  from: string,
  to: string,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key === from ? to : key, value]),
  );
}

/** An object without a key. */
export function withoutKey<Value>(
  record: Readonly<Record<string, Value>>,
  key: string,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

/** Whether any field is searched by `?q=`. */
export function isSearched(fields: Fields): boolean {
  return Object.values(fields).some(
    (field) => field.search === true || isSearched(field.fields ?? {}),
  );
}

function sameName(typed: string): (name: string) => boolean {
  return (name) => folded(name) === folded(typed);
}

function unknownField(typed: string, { fields }: ResourceSpec, key: string): UserError {
  const known = pathsOf(fields);
  const near = known.find((path) => path.endsWith(`.${typed}`)) ?? nearest(typed, known);
  return new UserError(
    exit.usage,
    `${key} has no field ${quote(typed)}`,
    near === undefined ? `it has: ${known.slice(0, 20).join(', ')}` : `did you mean ${near}?`,
  );
}

function pathsOf(fields: Fields, prefix = ''): string[] {
  return Object.entries(fields).flatMap(([name, field]) => [
    prefix + name,
    ...pathsOf(field.fields ?? {}, `${prefix}${name}.`),
  ]);
}
