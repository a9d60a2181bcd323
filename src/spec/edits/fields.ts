import { exit, UserError } from '../../errors.ts';
import { buildFields, resolveRefs, resourceKey } from '../build.ts';
import { checkSpec, fieldNameProblem } from '../check.ts';
import { quote } from '../names.ts';
import { refuse } from '../parse.ts';
import type { FieldSpec, ResourceSpec, Spec } from '../schema.ts';
import { parseField } from '../shorthand.ts';
import { sameField, shown } from './difference.ts';
import {
  fieldPath,
  fieldsAt,
  isSearched,
  withFieldsAt,
  withKey,
  withoutKey,
  type Fields,
} from './place.ts';

/**
 * The spec with more fields in a resource, at the end or behind the field `after`; the same spec when it has them
 * already. Throws a UserError that says the difference when it has others of that name.
 */
export function addFields(
  spec: Spec,
  typed: string,
  texts: readonly string[],
  after?: string,
): Spec {
  const key = resourceKey(typed, spec);
  const resource = resourceAt(spec, key);
  const asked = buildFields(texts);
  resolveRefs(asked, spec);
  const adding: Adding = {
    key,
    described: new Set(texts.map((text) => parseField(text).path.join('.'))),
    after: after === undefined ? undefined : fieldPath(after, resource, key),
    count: 0,
    beside: 0,
  };
  const fields = joined(resource.fields, asked, [], adding);
  if (adding.count === 0) return spec;
  if (adding.after !== undefined && adding.beside === 0)
    throw new UserError(
      exit.usage,
      `--after ${adding.after.join('.')} is not beside a field that is added`,
      'name a field of the same object',
    );
  return withResource(spec, key, { ...resource, fields });
}

interface Adding {
  readonly key: string;
  /** The paths that were typed; the objects on the way to them are only passed through. */
  readonly described: ReadonlySet<string>;
  readonly after: readonly string[] | undefined;
  count: number;
  /** How many of them stand behind `after`. */
  beside: number;
}

function joined(
  there: Fields,
  asked: Fields,
  at: readonly string[],
  adding: Adding,
): Record<string, FieldSpec> {
  const result = { ...there };
  const added: [string, FieldSpec][] = [];
  for (const [name, field] of Object.entries(asked)) {
    const path = [...at, name];
    const known = Object.hasOwn(there, name) ? there[name] : undefined;
    if (known === undefined) added.push([name, field]);
    else result[name] = joinedField(known, field, path, adding);
  }
  adding.count += added.length;
  const behind = adding.after?.at(-1);
  const level = adding.after?.slice(0, -1).join('.') === at.join('.');
  if (behind === undefined || !level) return { ...result, ...Object.fromEntries(added) };
  adding.beside += added.length;
  const rows = Object.entries(result);
  rows.splice(rows.findIndex(([name]) => name === behind) + 1, 0, ...added);
  return Object.fromEntries(rows);
}

function joinedField(
  there: FieldSpec,
  asked: FieldSpec,
  path: readonly string[],
  adding: Adding,
): FieldSpec {
  const name = path.join('.');
  const described = adding.described.has(name);
  // Of two objects their fields are joined; what is compared is the rest.
  const objects = asked.type === 'object' && there.type === 'object';
  const [left, right] = objects ? [bare(there), bare(asked)] : [there, asked];
  const same = sameField(left, right) || (objects && !described);
  if (same && !objects) return there;
  if (same)
    return { ...there, fields: joined(there.fields ?? {}, asked.fields ?? {}, path, adding) };
  throw new UserError(
    exit.usage,
    described
      ? `${adding.key} has ${shown(name, left)} already, not ${shown(name, right)}`
      : `${adding.key}.${name} is no object: it has no fields inside`,
    'edit flask-style.json and run apply',
  );
}

function bare({ fields: _fields, ...own }: FieldSpec): FieldSpec {
  return own;
}

/** The spec without a field; objects that hold nothing else go with it. Throws a UserError. */
export function removeField(spec: Spec, typed: string, field: string): Spec {
  const key = resourceKey(typed, spec);
  const resource = resourceAt(spec, key);
  let path = fieldPath(field, resource, key);
  while (path.length > 1 && Object.keys(fieldsAt(resource.fields, path.slice(0, -1))).length === 1)
    path = path.slice(0, -1);
  const name = path.at(-1) ?? '';
  const fields = withFieldsAt(resource.fields, path.slice(0, -1), (level) =>
    withoutKey(level, name),
  );
  if (Object.keys(fields).length === 0)
    throw new UserError(
      exit.usage,
      `${field} is the only field of ${key}`,
      `remove resource ${key}`,
    );
  const { search, ...rest } = resource;
  // An index of texts that nothing is in would be refused.
  const searched = search !== undefined && isSearched(fields);
  return withResource(spec, key, { ...rest, ...(searched && { search }), fields });
}

/**
 * The spec with a field under another name, at its place; `to` is its last segment, or the whole path with the same
 * parent. Throws a UserError when there is such a field already, or the name would move it into another object.
 */
export function renameField(spec: Spec, typed: string, from: string, to: string): Spec {
  const { key, path, name } = fieldRename(spec, typed, from, to);
  const resource = resourceAt(spec, key);
  const old = path.at(-1) ?? '';
  if (old === name) return spec;
  const fields = withFieldsAt(resource.fields, path.slice(0, -1), (level) =>
    withKey(level, old, name),
  );
  return withResource(spec, key, { ...resource, fields });
}

/** What a rename is about: the resource, the path of the field, its new last segment. */
export interface FieldRename {
  readonly key: string;
  readonly path: readonly string[];
  readonly name: string;
}

/** Reads the words of a rename. Throws a UserError as {@link renameField} does. */
export function fieldRename(spec: Spec, typed: string, from: string, to: string): FieldRename {
  const key = resourceKey(typed, spec);
  const resource = resourceAt(spec, key);
  const path = fieldPath(from, resource, key);
  const parent = path.slice(0, -1);
  const wanted = to.split('.');
  const name = wanted.at(-1) ?? '';
  if (wanted.length > 1 && wanted.slice(0, -1).join('.') !== parent.join('.'))
    throw new UserError(
      exit.usage,
      `${key}.${path.join('.')} cannot be moved to ${quote(to)} by a rename`,
      `its new name is ${[...parent, '<name>'].join('.')}`,
    );
  const problem = fieldNameProblem(name);
  if (problem !== undefined) throw new UserError(exit.usage, problem.message, problem.hint);
  const level = fieldsAt(resource.fields, parent);
  if (name !== path.at(-1) && Object.hasOwn(level, name))
    throw new UserError(
      exit.usage,
      `${key} has a field ${quote([...parent, name].join('.'))} already`,
      'choose another name',
    );
  return { key, path, name };
}

function resourceAt(spec: Spec, key: string): ResourceSpec {
  const resource = spec.resources[key];
  if (resource === undefined) throw new TypeError(`${key} is no resource of the spec`);
  return resource;
}

function withResource(spec: Spec, key: string, resource: ResourceSpec): Spec {
  const next: Spec = { ...spec, resources: { ...spec.resources, [key]: resource } };
  refuse(checkSpec(next));
  return next;
}
