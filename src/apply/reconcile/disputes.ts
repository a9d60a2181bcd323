import type { Conflict } from '../change.ts';
import { disputed, modeOf, putAt, remembered, still, writing } from './change-of.ts';
import { wanted } from './merging.ts';
import type { Work } from './actions.ts';
import type { Decision, Outcome, Sides } from './types.ts';

/** Something that is not ours lies where a file of ours should. */
export async function disputeExisting(sides: Sides, work: Work): Promise<Outcome> {
  const { item, at, ours } = sides;
  const answers: readonly Decision[] = ['ours', 'theirs'];
  const conflict = conflictOf('exists', 'a file that was not generated lies here', answers);
  const change = disputed(sides, conflict);
  const decision = await work.decisions.settle({ change, conflict, answers });
  if (decision === 'theirs') return putAt(sides, await wanted(item, work.rules));
  const entry = remembered(item, at);
  if (decision === undefined) return { changes: [change], entry };
  const note = 'yours is kept; from now on it is merged with what is generated';
  return { changes: [still('keep', { path: at, before: ours, mode: modeOf(item), note })], entry };
}

/** A file should go, and it was edited. */
export async function disputeEdited(sides: Sides, work: Work): Promise<Outcome> {
  const { item, at, ours } = sides;
  const answers: readonly Decision[] = ['ours', 'delete', 'theirs'];
  const reason = 'it is no longer generated, and you have edited it';
  // To take the other side of a file that goes is to delete it: one word for that is enough to tell.
  const conflict = conflictOf('edited', reason, ['ours', 'delete']);
  const change = disputed(sides, conflict);
  const decision = await work.decisions.settle({ change, conflict, answers });
  const mode = modeOf(item);
  if (decision === undefined) return { changes: [change], entry: remembered(item, at) };
  const note = 'yours is kept, and is no longer generated';
  const done =
    decision === 'ours'
      ? still('keep', { path: at, before: ours, mode, note })
      : writing({ path: at, before: ours, mode });
  return { changes: done === undefined ? [] : [done], entry: undefined };
}

/**
 * A file is not at its place and may be at others.
 * @returns the decision, or the conflict when there is none
 */
export async function disputeMoved(
  sides: Sides,
  places: readonly string[],
  work: Work,
): Promise<Decision | Outcome> {
  const { item } = sides;
  const moves = places.map((place): Decision => `moved:${place}`);
  const answers: readonly Decision[] = [...moves, 'restore', 'delete'];
  const reason = `it is not there; it may be ${places.join(' or ')} now`;
  const conflict = conflictOf('moved', reason, answers);
  const change = disputed({ ...sides, at: item.path }, conflict);
  const decision = await work.decisions.settle({ change, conflict, answers });
  return decision ?? { changes: [change], entry: remembered(item, sides.to) };
}

function conflictOf(
  kind: Conflict['kind'],
  reason: string,
  answers: readonly Decision[],
): Conflict {
  return { kind, reason, hunks: [], answers };
}
