import { exit, UserError } from '../../errors.ts';
import { inUserStyle, mergeFile, relocated, type MergeResult } from '../../merge/index.ts';
import type { Conflict } from '../change.ts';
import { bytesOf, sha256 } from '../hash.ts';
import type { Work } from './actions.ts';
import { disputed, putAt } from './change-of.ts';
import { hasMarkers, theirSide } from './markers.ts';
import type { Decision, Item, Outcome, Pending, Rules, Sides, Sources } from './types.ts';

type Refused = Extract<MergeResult, { kind: 'conflict' }>;

/** What the generator wants of a file, whatever lies there, as this project lays out its files. */
export async function wanted({ path, theirs, exact }: Item, { style }: Rules): Promise<Uint8Array> {
  if (theirs === undefined) throw new TypeError('nothing is wanted');
  const content = bytesOf(theirs.content);
  const whole = exact === true || theirs.merge === 'bin' || theirs.merge === 'seed';
  return whole ? content : inUserStyle(path, content, undefined, undefined, style);
}

/** Brings the edits of the user and of the generator together, or says why that cannot be. */
export async function merge(sides: Sides, work: Work): Promise<Outcome> {
  const { item, at, to, ours } = sides;
  const { theirs } = item;
  const { sources } = work;
  if (theirs === undefined || ours === undefined) throw new TypeError('there are not three sides');
  if (at !== to && (await sources.ours(to)) !== undefined) return occupied(sides);
  if (item.exact === true && sha256(ours) === item.known?.base)
    return putAt(sides, bytesOf(theirs.content));
  const base = await baseOf(sides, sources);
  // Where the user moved it, it is compared with what would have been emitted there.
  const there = (content: Uint8Array, path: string) =>
    at === to ? relocated(content, theirs.merge, path, at) : content;
  // What was written with markers is known, and may be taken back as it is.
  if (hasMarkers(ours) && (base === undefined || !hasMarkers(base)))
    throw new UserError(
      exit.conflict,
      `${at} holds conflict markers`,
      'finish the merge in it, then run the command again',
    );
  const revised = sources.revised?.get(at);
  const { style, labels } = work.rules;
  const { merge: policy, content } = theirs;
  const result = await mergeFile({
    path: item.path,
    policy,
    base: revised?.base ?? (base && (await there(base, item.from))),
    ours: revised?.ours ?? ours,
    theirs: await there(bytesOf(content), item.path),
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

/** The file as it was emitted. Of a binary one only the hash is known, which is enough as long as nobody changed it. */
async function baseOf(
  { item: { known }, ours }: Sides,
  sources: Sources,
): Promise<Uint8Array | undefined> {
  if (known?.base === undefined) return undefined;
  if (known.kind !== 'bin') return sources.base(known.base);
  return ours !== undefined && sha256(ours) === known.base ? ours : undefined;
}

async function settle(sides: Sides, result: Refused, work: Work): Promise<Outcome> {
  const { item, at, ours } = sides;
  const { reason, hunks, marked, kept } = result;
  const answers: readonly Decision[] = ['ours', 'theirs'];
  const marks = marked === undefined ? {} : { markable: true as const };
  const conflict: Conflict = { kind: 'merge', reason, hunks, answers, ...marks };
  const change = disputed(sides, conflict);
  const decision = await work.decisions.settle({ change, conflict, answers });
  const count = Math.max(hunks.length, 1);
  if (decision === 'theirs')
    return putAt(sides, marked === undefined ? await wanted(item, work.rules) : theirSide(marked));
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
  const conflict: Conflict = { kind: 'exists', reason, hunks: [], answers: [] };
  const change = disputed({ ...sides, at: to }, conflict);
  return { changes: [change], entry: {} };
}

function places(count: number): string {
  return count === 1 ? '1 place' : `${count} places`;
}
