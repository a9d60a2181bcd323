import type { Spec } from './schema.ts';

/** The words that the query string of a list keeps for itself. */
const queryWords = new Set('page limit cursor sort fields embed q count deleted near'.split(' '));

/** What a user should know of a spec that is accepted: fields that the query string names in a longer form. */
export function notesOn(spec: Spec): string[] {
  return Object.entries(spec.resources).flatMap(([key, { path, fields }]) =>
    Object.entries(fields)
      .filter(([name, field]) => queryWords.has(name) && !field.private)
      .map(
        ([name]) =>
          `${key}.${name} is a word of the query string: filter by it with ${path}?${name}[eq]=...`,
      ),
  );
}
