import { reconcileFile, type Work } from './actions.ts';
import { Decisions } from './decide.ts';
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
  Rules,
  Sources,
} from './types.ts';

/**
 * What becomes of each file: what was emitted last, what lies on disk and what the generator wants now are brought
 * together. Writes nothing, and reads nothing but what it asks `sources` for.
 *
 * @throws UserError 1 for a decision that fits nothing, 3 for a file with conflict markers
 */
export async function reconcileFiles(
  items: readonly Item[],
  sources: Sources,
  rules: Rules,
): Promise<ReadonlyMap<Item, Outcome>> {
  const decisions = new Decisions(rules);
  const search = async (_item: Item): Promise<readonly string[]> => [];
  const work: Work = { sources, rules, decisions, search };
  const outcomes = new Map<Item, Outcome>();
  // One after the other: questions come in the order of the paths.
  for (const item of items) outcomes.set(item, await reconcileFile(item, work));
  decisions.refuseUnused();
  return outcomes;
}
