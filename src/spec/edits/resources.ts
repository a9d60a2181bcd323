import { exit, UserError } from '../../errors.ts';
import {
  buildFields,
  findResource,
  resolveRefs,
  resourceKey,
  type TypedResource,
} from '../build.ts';
import { checkSpec } from '../check.ts';
import { pathOf, quote, resourceNames, snakeCase } from '../names.ts';
import { refuse } from '../parse.ts';
import type { FieldSpec, ResourceSpec, Spec } from '../schema.ts';
import { differences } from './difference.ts';
import { withKey, withoutKey, type Fields } from './place.ts';

/**
 * The spec with one resource more, at the end; the same spec when it has it already. Throws a UserError that says the
 * difference when another resource has that name.
 */
export function addResource(spec: Spec, { name, fields: texts }: TypedResource): Spec {
  const { singular, plural, path, collection } = resourceNames(name);
  const fields = buildFields(texts);
  const there = findResource(name, spec) ?? findResource(singular, spec);
  if (there !== undefined) {
    resolveRefs(fields, spec);
    refuseDifferent(there, spec, fields, name.includes('/') ? plural : undefined);
    return spec;
  }
  const next: Spec = {
    ...spec,
    resources: { ...spec.resources, [singular]: { plural, path, collection, fields } },
  };
  resolveRefs(fields, next);
  refuse(checkSpec(next));
  return next;
}

function refuseDifferent(key: string, spec: Spec, asked: Fields, plural: string | undefined): void {
  const there = spec.resources[key];
  const found = [
    ...(plural === undefined || plural === there?.plural
      ? []
      : [`has the plural ${there?.plural ?? ''}, not ${plural}`]),
    ...differences(there?.fields ?? {}, asked),
  ];
  const [first] = found;
  if (first === undefined) return;
  const more = found.length > 1 ? ` (and ${found.length - 1} more)` : '';
  throw new UserError(
    exit.usage,
    `there is a resource ${key} already: it ${first}${more}`,
    `add field ${key} <field ...>, or edit flask-style.json and run apply`,
  );
}

/** The spec without a resource. Throws a UserError that names the fields of others which point to it. */
export function removeResource(spec: Spec, typed: string): Spec {
  const key = resourceKey(typed, spec);
  const [ref, ...others] = Object.entries(spec.resources)
    .filter(([name]) => name !== key)
    .flatMap(([name, { fields }]) => refsTo(key, fields).map((field) => [name, field] as const));
  if (ref !== undefined)
    throw new UserError(
      exit.usage,
      `${key} cannot go: ${[ref, ...others].map((path) => path.join('.')).join(', ')} ${others.length === 0 ? 'points' : 'point'} to it`,
      `remove field ${ref.join(' ')} first`,
    );
  return { ...spec, resources: withoutKey(spec.resources, key) };
}

function refsTo(key: string, fields: Fields, prefix = ''): string[] {
  return Object.entries(fields).flatMap(([name, field]) => [
    ...(field.to === key ? [prefix + name] : []),
    ...refsTo(key, field.fields ?? {}, `${prefix}${name}.`),
  ]);
}

/**
 * The spec with a resource under another name: key and plural, and path and collection as far as they followed from the
 * old plural; refs point to the new name. The same spec when that is its name already. Throws a UserError.
 */
export function renameResource(spec: Spec, from: string, to: string): Spec {
  const key = resourceKey(from, spec);
  const { singular, plural } = resourceNames(to);
  const old = spec.resources[key];
  if (old === undefined || (key === singular && old.plural === plural)) return spec;
  if (key !== singular && Object.hasOwn(spec.resources, singular))
    throw new UserError(
      exit.usage,
      `there is a resource ${quote(singular)} already`,
      'choose another name, or rename that one first',
    );
  const renamed: ResourceSpec = {
    ...old,
    plural,
    path: old.path === pathOf(old.plural) ? pathOf(plural) : old.path,
    collection: old.collection === snakeCase(old.plural) ? snakeCase(plural) : old.collection,
  };
  const resources = Object.entries(
    withKey({ ...spec.resources, [key]: renamed }, key, singular),
  ).map(([name, resource]) => [
    name,
    { ...resource, fields: repointed(resource.fields, key, singular) },
  ]);
  const next: Spec = { ...spec, resources: Object.fromEntries(resources) };
  refuse(checkSpec(next));
  return next;
}

function repointed(fields: Fields, from: string, to: string): Record<string, FieldSpec> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      {
        ...field,
        ...(field.to === from && { to }),
        ...(field.fields !== undefined && { fields: repointed(field.fields, from, to) }),
      },
    ]),
  );
}
