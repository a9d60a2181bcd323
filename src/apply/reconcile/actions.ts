import type { Change } from '../change.ts';
import { modeOf, putAt, remembered, still, writing } from './change-of.ts';
import type { Decisions } from './decide.ts';
import { placeIn } from './decide.ts';
import { disputeEdited, disputeExisting, disputeMoved } from './disputes.ts';
import { factsOf } from './facts.ts';
import { merge, wanted } from './merging.ts';
import { actionFor, type Action } from './rows.ts';
import type { Item, Outcome, Rules, Sides, Sources } from './types.ts';

/** What the planner of one file works with. */
export interface Work {
  readonly sources: Sources;
  readonly rules: Rules;
  readonly decisions: Decisions;
  /** Places that a missing file may have been moved to, the likeliest first. */
  readonly search: (item: Item) => Promise<readonly string[]>;
}

/** Finds the row of a file and does what it says. */
export async function reconcileFile(item: Item, work: Work): Promise<Outcome> {
  const at = item.known?.at;
  return reconcileAt(item, at ?? item.from, at ?? item.path, work);
}

async function reconcileAt(item: Item, at: string, to: string, work: Work): Promise<Outcome> {
  const ours = await work.sources.ours(at);
  const sides: Sides = { item, at, to, ours };
  // Whatever the row: a file that is not there can always be asked for, and where it went be told.
  if (ours === undefined && item.known !== undefined && item.theirs !== undefined) {
    const decision = work.decisions.early(item.path);
    if (decision !== undefined) return found(sides, decision, work);
  }
  return actions[actionFor(await factsOf(item, at, ours, work.sources))](sides, work);
}

type Act = (sides: Sides, work: Work) => Outcome | Promise<Outcome>;

const actions: Readonly<Record<Action, Act>> = {
  create: (sides, { rules }) => create(sides, rules),
  adopt: ({ item, at, to, ours }) => {
    if (at !== to) return putAt({ item, at, to, ours }, ours);
    return {
      changes: [still('identical', { path: at, before: ours, mode: modeOf(item) })],
      entry: remembered(item, to),
    };
  },
  leave,
  replace: merge,
  merge,
  exists: disputeExisting,
  missing,
  'stay-deleted': stayDeleted,
  delete: ({ item, at, ours }) => ({
    changes: only(writing({ path: at, before: ours, mode: modeOf(item) })),
    entry: undefined,
  }),
  edited: disputeEdited,
  drop: () => ({ changes: [], entry: undefined }),
};

/** The generator asks for nothing; a name that is another one from now on is changed all the same. */
function leave({ item, at, to, ours }: Sides, { sources }: Work): Outcome {
  const after = ours === undefined ? undefined : (sources.revised?.get(at)?.ours ?? ours);
  return {
    changes: only(writing({ path: at, before: ours, after, mode: modeOf(item) })),
    entry: item.known?.gone === undefined ? remembered(item, to) : { gone: item.known.gone },
  };
}

async function create(sides: Sides, rules: Rules): Promise<Outcome> {
  // Wherever it lay before: what is asked for back comes to the generator's own place.
  const { item } = sides;
  return putAt({ item, at: item.path, to: item.path, ours: undefined }, await wanted(item, rules));
}

async function missing(sides: Sides, work: Work): Promise<Outcome> {
  const places = await work.search(sides.item);
  const [place] = places;
  if (place === undefined) return stayDeleted(sides);
  if (places.length === 1 && work.rules.takeMoves)
    return reconcileAt(sides.item, place, place, work);
  const decided = await disputeMoved(sides, places, work);
  return typeof decided === 'string' ? found(sides, decided, work) : decided;
}

/** What becomes of a file that is not at its place, once it is said where it is. */
async function found(
  sides: Sides,
  decision: Exclude<ReturnType<Decisions['early']>, undefined>,
  work: Work,
): Promise<Outcome> {
  const place = placeIn(decision);
  if (place !== undefined) {
    await work.decisions.refuseEmpty(sides.item.path, place, work.sources);
    return reconcileAt(sides.item, place, place, work);
  }
  return decision === 'restore' || decision === 'theirs'
    ? create(sides, work.rules)
    : { ...stayDeleted(sides), decided: true };
}

function stayDeleted({ item }: Sides): Outcome {
  const note = `deleted by you, so not created again (--decide ${item.path}=restore creates it)`;
  return {
    changes: [still('keep', { path: item.path, before: undefined, mode: modeOf(item), note })],
    entry: { gone: 'user' },
  };
}

function only(change: Change | undefined): readonly Change[] {
  return change === undefined ? [] : [change];
}
