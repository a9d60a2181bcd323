import type { Tree } from '../../render/types.ts';
import { reconcileFile, type Work } from './actions.ts';
import { refuseDangling } from './dangling.ts';
import { Decisions } from './decide.ts';
import { FolderMoves } from './moves.ts';
import { searchFor } from './search.ts';
import type { Item, Outcome, Rules, Sources } from './types.ts';

export type {
  Ask,
  ConflictMode,
  Decision,
  Item,
  Outcome,
  Pending,
  Question,
  Remembered,
  Revised,
  Rules,
  Sources,
} from './types.ts';

/** The files in question, and everything around them that counts. */
export interface Reconciled {
  readonly items: readonly Item[];
  /** Everything that the generator wants now, in question or not. */
  readonly tree: Tree;
  /** Moves of the user that are known already: places of the generator, and where the files lie. */
  readonly moved: ReadonlyMap<string, string>;
}

/**
 * What becomes of each file: what was emitted last, what lies on disk and what the generator wants now are brought
 * together. Writes nothing, and reads nothing but what it asks `sources` for.
 *
 * @throws UserError 1 for a decision that fits nothing, 3 for a file with conflict markers
 */
export async function reconcileFiles(
  { items, tree, moved }: Reconciled,
  sources: Sources,
  rules: Rules,
): Promise<ReadonlyMap<Item, Outcome>> {
  const decisions = new Decisions(rules);
  const folders = new FolderMoves(moved);
  const work: Work = { sources, rules, decisions, search: searchFor(folders, sources) };
  const outcomes = new Map<Item, Outcome>();
  // One after the other: questions come in the order of the paths, and a folder that was moved shows itself.
  for (const item of items) {
    const outcome = await reconcileFile(item, work);
    outcomes.set(item, outcome);
    if (outcome.entry?.at !== undefined) folders.learn(item.path, outcome.entry.at);
  }
  await refuseDangling(outcomes, { tree, sources, rules, decisions });
  decisions.refuseUnused();
  return outcomes;
}
