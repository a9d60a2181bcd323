import type { Spec } from '../spec/schema.ts';
import { identifiersOf } from './identifiers.ts';
import { resourcePath } from './index.ts';
import type { Templates } from './templates.ts';

/**
 * Where the files of resources go that get another name.
 *
 * @param renamed keys of resources, old to new
 * @returns paths, old to new
 */
export function renamedFiles(
  before: Spec,
  after: Spec,
  templates: Templates,
  renamed: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const paths = [...(templates.get('resource') ?? new Map()).keys()];
  const pairs = [...renamed].flatMap(([from, to]) => {
    const [old, now] = [before.resources[from], after.resources[to]];
    if (old === undefined || now === undefined) return [];
    const [oldNames, names] = [identifiersOf(from, old), identifiersOf(to, now)];
    return paths.map((path) => [resourcePath(path, oldNames), resourcePath(path, names)] as const);
  });
  return new Map(pairs.filter(([from, to]) => from !== to));
}
