import { exit, UserError } from '../../errors.ts';
import { mergeFile, type MergeResult } from '../../merge/index.ts';
import type { Conflict } from '../change.ts';
import { bytesOf } from '../hash.ts';
import type { Work } from './actions.ts';
import { disputed, putAt } from './change-of.ts';
import { hasMarkers, theirSide } from './markers.ts';
import type { Item, Outcome, Pending, Rules, Sides } from './types.ts';

type Refused = Extract<MergeResult, { kind: 'conflict' }>;

/** What the generator wants of a file that has no counterpart on disk, as this project lays out its files. */
export function wanted({ theirs }: Item, _rules: Rules): Uint8Array {
  if (theirs === undefined) throw new TypeError('nothing is wanted');
  return bytesOf(theirs.content);
}

/** Brings the edits of the user and of the generator together, or says why that cannot be. */
export async function merge(sides: Sides, work: Work): Promise<Outcome> {
  const { item, at, to, ours } = sides;
  const { known, theirs } = item;
  const { sources } = work;
  if (theirs === undefined || ours === undefined) throw new TypeError('there are not three sides');
  if (at !== to && (await sources.ours(to)) !== undefined) return occupied(sides);
  if (hasMarkers(ours))
    throw new UserError(
      exit.conflict,
      `${at} holds conflict markers`,
      'finish the merge in it, then run the command again',
    );
  const base =
    known?.base === undefined || known.kind === 'bin' ? undefined : await sources.base(known.base);
  const { style, labels } = work.rules;
  const { merge: policy, content } = theirs;
  const result: MergeResult =
    policy === 'bin'
      ? { kind: 'conflict', reason: 'it is binary, and both sides changed it', hunks: [] }
      : await mergeFile({
          path: item.path,
          policy,
          base,
          ours: sources.revised?.get(at) ?? ours,
          theirs: bytesOf(content),
          style,
          labels,
        });
  if (result.kind === 'clean')
    return putAt(
      sides,
      result.content,
      result.notes.length === 0 ? undefined : result.notes.join('; '),
    );
  return settle(sides, result, work);
}

async function settle(sides: Sides, result: Refused, work: Work): Promise<Outcome> {
  const { item, at, ours } = sides;
  const { reason, hunks, marked, kept } = result;
  const conflict: Conflict = { kind: 'merge', reason, hunks };
  const change = disputed(sides, conflict);
  const decision = await work.decisions.settle({ change, conflict, answers: ['ours', 'theirs'] });
  const count = Math.max(hunks.length, 1);
  if (decision === 'theirs')
    return putAt(sides, marked === undefined ? wanted(item, work.rules) : theirSide(marked));
  if (decision === 'ours') {
    const base = item.known?.base;
    const pending: Pending = {
      path: item.path,
      hunks: count,
      skipped: true,
      ...(base !== undefined && { base }),
    };
    return { ...putAt(sides, kept ?? ours, `${places(count)} kept as yours`), pending };
  }
  if (marked !== undefined && work.rules.conflicts === 'markers') {
    const note = `${places(count)} to decide between markers`;
    return { ...putAt(sides, marked, note), pending: { path: item.path, hunks: count } };
  }
  return { changes: [change], entry: at === item.path ? {} : { at } };
}

/** A file should move to a place where something else lies. */
function occupied(sides: Sides): Outcome {
  const { item, to } = sides;
  const reason = `${item.from} would become ${to}, and a file that was not generated lies there`;
  const change = disputed({ ...sides, at: to }, { kind: 'exists', reason, hunks: [] });
  return { changes: [change], entry: {} };
}

function places(count: number): string {
  return count === 1 ? '1 place' : `${count} places`;
}
