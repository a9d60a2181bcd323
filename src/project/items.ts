import { isUnchanged } from '../apply/reconcile/facts.ts';
import type { Decision, Item } from '../apply/reconcile/types.ts';
import type { Tree } from '../render/types.ts';
import type { State } from './state.ts';

interface Question {
  readonly state: Pick<State, 'files'>;
  readonly tree: Tree;
  /** Places that files have now, by the places they had. */
  readonly renames: ReadonlyMap<string, string>;
  /** Files in which a name is to be another one, by the place on disk. */
  readonly revised: ReadonlyMap<string, unknown>;
  /** What somebody decided about single paths. */
  readonly decided: ReadonlyMap<string, Decision>;
}

/**
 * The files that something may become of: those that the generator wants otherwise than last time, and those somebody
 * decided about. The rest is not even read, so that a small change of a large project stays small.
 */
export function itemsOf({
  state: { files },
  tree,
  renames,
  revised,
  decided,
}: Question): readonly Item[] {
  const carried = new Map(
    [...renames]
      .filter(([from, to]) => Object.hasOwn(files, from) && tree.has(to))
      .map(([from, to]) => [to, from]),
  );
  const taken = new Set(carried.values());
  const wanted = [...tree].map(([path, theirs]): Item => {
    const from = carried.get(path);
    const known = files[from ?? path];
    // What lay here goes elsewhere with its edits, so that this is a new file.
    const left = from === undefined && taken.has(path);
    return { path, from: from ?? path, known: left ? undefined : known, theirs };
  });
  const unwanted = Object.entries(files)
    .filter(([path]) => !tree.has(path) && !taken.has(path))
    .map(([path, known]): Item => ({ path, from: path, known, theirs: undefined }));
  return [...wanted, ...unwanted]
    .filter(
      (item) =>
        decided.has(item.path) || revised.has(item.known?.at ?? item.from) || !isUnchanged(item),
    )
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
