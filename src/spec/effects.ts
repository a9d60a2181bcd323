import { featureCollections } from './check-features.ts';
import type { FieldSpec, ResourceSpec, Spec } from './schema.ts';

/**
 * What a change of the spec means for data that is there, a line each. Nothing of it is done by us: what is in the
 * database belongs to whoever runs it.
 */
export function databaseEffects(before: Spec, after: Spec): string[] {
  const kept = featureCollections(after);
  return [
    ...Object.entries(before.resources).flatMap(([key, old]) => {
      const now = after.resources[key];
      return now === undefined ? [staying(old.collection)] : resourceEffects(old, now);
    }),
    ...featureCollections(before)
      .filter((collection) => !kept.includes(collection))
      .map(staying),
  ];
}

function staying(collection: string): string {
  return `the collection ${collection} stays, with its documents`;
}

function resourceEffects(before: ResourceSpec, after: ResourceSpec): string[] {
  const { collection } = after;
  if (before.collection !== collection)
    return [`the documents stay in ${before.collection}; ${collection} begins empty`];
  const [old, now] = [pathsOf(before.fields), pathsOf(after.fields)];
  const gone = [...old.keys()].filter((path) => !now.has(path));
  const needed = [...now.keys()].filter(
    (path) => now.get(path)?.required && !old.get(path)?.required,
  );
  return [
    ...(gone.length === 0 ? [] : [`documents in ${collection} keep their ${gone.join(', ')}`]),
    ...(needed.length === 0
      ? []
      : [
          `documents in ${collection} have no ${needed.join(', ')} yet: a migration can fill it in`,
        ]),
  ];
}

/** Every field by its path; of an object that is not there at all only itself. */
function pathsOf(
  fields: Readonly<Record<string, FieldSpec>>,
  prefix = '',
): ReadonlyMap<string, FieldSpec> {
  return new Map(
    Object.entries(fields).flatMap(([name, field]): [string, FieldSpec][] => [
      [prefix + name, field],
      ...pathsOf(field.fields ?? {}, `${prefix}${name}.`),
    ]),
  );
}
