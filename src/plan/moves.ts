import type { Spec } from '../spec/schema.ts';
import { placeOfLayout } from './beside.ts';
import { identifiersOf } from './identifiers.ts';
import { resourcePath } from './index.ts';
import { tableFile } from './table-file.ts';

/** Where templates lie now, by where an earlier version had them; paths as they are emitted, with the holes of resources. */
export type TemplateMoves = ReadonlyMap<string, string>;

/**
 * Reads `moves.json` beside the template sets; a version that moved nothing has none.
 * @param folder the `templates/` of this package
 * @throws {TypeError} when it does not say one path for each path
 */
export async function loadMoves(folder: string): Promise<TemplateMoves> {
  const rows = await tableFile(folder, 'moves.json');
  return new Map(
    rows.map(([from, to]) => {
      if (typeof to !== 'string') throw new TypeError(`moves.json: ${from} has no new path`);
      return [from, to];
    }),
  );
}

/** The moves of templates as moves of the files of one project, old to new. */
export function movedFiles(moves: TemplateMoves, spec: Spec): ReadonlyMap<string, string> {
  const names = Object.entries(spec.resources).map(([key, resource]) =>
    identifiersOf(key, resource),
  );
  const files = [...moves].flatMap(([from, to]): (readonly [string, string])[] =>
    from.includes('{{')
      ? names.map((own) => [resourcePath(from, own), resourcePath(to, own)])
      : [[from, to]],
  );
  return new Map(
    files.map((pair) => [placeOfLayout(pair[0], spec), placeOfLayout(pair[1], spec)] as const),
  );
}
