import { exit, UserError } from '../errors.ts';
import { checkSpec, unknownResource } from './check.ts';
import { quote, resourceNames, singularName, type ResourceNames } from './names.ts';
import { refuse } from './parse.ts';
import type { FieldSpec, ResourceSpec, Spec } from './schema.ts';
import { parseField } from './shorthand.ts';

/** What a project is besides its resources. */
export type Choices = Omit<Spec, '$schema' | 'version' | 'resources'>;

/** A resource as it was typed: its name, and its fields in shorthand. */
export interface TypedResource {
  name: string;
  fields: readonly string[];
}

type Fields = Record<string, FieldSpec>;

/** The spec of a project from arguments or answers. Throws a UserError for the first thing that is wrong. */
export function buildSpec(choices: Choices, resources: readonly TypedResource[]): Spec {
  const named = resources.map(({ name, fields }) => ({ names: resourceNames(name), name, fields }));
  const seen = new Map<string, string>();
  for (const { names, name } of named) {
    const twin = seen.get(names.singular);
    if (twin !== undefined)
      throw new UserError(
        exit.usage,
        `${quote(twin)} and ${quote(name)} are both the resource ${names.singular}`,
        'give its fields behind one --resource',
      );
    seen.set(names.singular, name);
  }
  const spec: Spec = {
    version: 1,
    ...choices,
    resources: Object.fromEntries(
      named.map(({ names, fields }) => [names.singular, resourceOf(names, fields)]),
    ),
  };
  for (const resource of Object.values(spec.resources)) resolveRefs(resource.fields, spec);
  refuse(checkSpec(spec));
  return spec;
}

function resourceOf(
  { plural, path, collection }: ResourceNames,
  fields: readonly string[],
): ResourceSpec {
  return { plural, path, collection, fields: buildFields(fields) };
}

/**
 * Fields from their shorthand, nested ones in their objects: `address.street:string` makes the object `address`
 * when no field before it did. Targets of refs stay as typed. Throws a UserError.
 */
export function buildFields(texts: readonly string[]): Fields {
  const fields: Fields = {};
  // Objects that only a nested name has made: a field of that name may still describe them, once.
  const implied = new Set<FieldSpec>();
  for (const text of texts) {
    const { path, field } = parseField(text);
    let level = fields;
    for (const segment of path.slice(0, -1)) {
      const given = Object.hasOwn(level, segment) ? level[segment] : undefined;
      const parent: FieldSpec = given ?? { type: 'object', fields: {} };
      if (parent.type !== 'object')
        throw new UserError(
          exit.usage,
          `the field ${quote(text)} lies in ${segment}, which is no object`,
        );
      if (given === undefined) implied.add(parent);
      level[segment] = parent;
      level = parent.fields ??= {};
    }
    const last = path.at(-1) ?? '';
    const known = Object.hasOwn(level, last) ? level[last] : undefined;
    if (known !== undefined && !(implied.delete(known) && field.type === 'object'))
      throw new UserError(exit.usage, `the field ${quote(path.join('.'))} is given twice`);
    level[last] = field.type === 'object' ? { ...field, fields: known?.fields ?? {} } : field;
  }
  return fields;
}

/** Puts the key of its resource into each ref. Throws a UserError for a target that is none. */
export function resolveRefs(fields: Fields, spec: Spec): void {
  for (const field of Object.values(fields)) {
    if (field.fields !== undefined) resolveRefs(field.fields, spec);
    if (field.to !== undefined) field.to = resourceKey(field.to, spec);
  }
}

/** The key of the resource that a word means, in either number and any case. Throws a UserError with the nearest. */
export function resourceKey(typed: string, spec: Spec): string {
  const key = findResource(typed, spec);
  if (key !== undefined) return key;
  const { message, hint } = unknownResource(typed, spec);
  throw new UserError(exit.usage, message, hint);
}

/** The same; undefined when no resource is meant. */
export function findResource(typed: string, spec: Spec): string | undefined {
  const wanted = singularName(typed);
  for (const [key, { plural }] of Object.entries(spec.resources))
    if ([typed, wanted.given, wanted.singular].some((name) => name === key || name === plural))
      return key;
  return undefined;
}
