import type { Item, Remembered } from '../apply/reconcile/index.ts';
import type { UndoContent } from '../apply/types.ts';
import { mergePolicyOf } from '../plan/policy.ts';
import type { EmittedFile, FileMode, Tree } from '../render/types.ts';
import { itemsOf } from './items.ts';
import { specPath } from './spec-text.ts';
import { stateFolder, type State } from './state.ts';

/** Whether a path is one of those that remember what was emitted. */
export function isBook(path: string): boolean {
  return path.startsWith(`${stateFolder}/`);
}

/** A file of an undo entry with the sides turned round: what the command wrote is the base, what lay there before is wanted. */
export function turnedRound({ path, mode, after, beforeBytes }: UndoContent): Item {
  const kind = mergePolicyOf(path);
  const known = after === undefined ? undefined : { kind, base: after, ...modeEntry(mode) };
  const theirs: EmittedFile | undefined =
    beforeBytes === undefined
      ? undefined
      : { content: beforeBytes, merge: kind, mode: fileMode(mode), owner: 'project' };
  return { path, from: path, known, theirs, ...(theirs !== undefined && { exact: true }) };
}

/**
 * The files of an undo entry when other commands were run since: what is wanted is what the spec that remains means, so
 * that only edits of the user have to be merged. What the command had deleted comes back as it was.
 *
 * @param tree the files that the remaining spec means
 */
export function remaining(
  contents: readonly UndoContent[],
  { files }: Pick<State, 'files'>,
  tree: Tree,
): readonly Item[] {
  const byPlace = new Map(
    Object.entries(files).map(([path, known]) => [known.at ?? path, { path, known }]),
  );
  const own = contents.map((content) => {
    const now = byPlace.get(content.path);
    const theirs = tree.get(content.path);
    // It went with a later command, and what remains needs it.
    if (now === undefined && content.after !== undefined && theirs !== undefined)
      return { path: content.path, from: content.path, known: undefined, theirs };
    if (now === undefined || content.path === specPath || content.after === undefined)
      return turnedRound(content);
    const { path, known } = now;
    return { path, from: path, known, theirs: tree.get(path) };
  });
  // What two commands needed came with the first of them, and went with the last.
  const none = new Map<string, never>();
  const all = { state: { files }, tree, kept: new Set<string>() };
  const others = itemsOf({ ...all, renames: none, revised: none, decided: none });
  const covered = new Set(own.map(({ path }) => path));
  return [...own, ...others.filter(({ path }) => path !== specPath && !covered.has(path))];
}

function fileMode(mode: number): FileMode {
  if ((mode & 0o077) === 0) return 0o600;
  return (mode & 0o111) === 0 ? 0o644 : 0o755;
}

function modeEntry(mode: number): Pick<Remembered, 'mode'> {
  const own = fileMode(mode);
  return own === 0o644 ? {} : { mode: own.toString(8) };
}
