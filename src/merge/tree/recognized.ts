import { merge3 } from '../merge3.ts';
import type { Context } from './context.ts';
import { entryOf } from './list.ts';
import { matchItems } from './match.ts';
import { mergeItem, type Entry } from './merge.ts';
import type { Item } from './types.ts';

interface Stretches {
  readonly mine: readonly Item[];
  readonly old: readonly Item[];
  readonly other: readonly Item[];
}

/**
 * Steps that both sides changed, where each one still is what it was: an item that one side changed and one that the other
 * side put beside it do not collide. `undefined` where that is not so.
 */
export function mergeRecognized(
  { mine, old, other }: Stretches,
  context: Context,
  path: readonly string[],
): readonly Entry[] | undefined {
  const ours = namesIn(mine, old, 'ours');
  const theirs = namesIn(other, old, 'theirs');
  if (ours === undefined || theirs === undefined) return undefined;
  const base = old.map((_, at) => String(at));
  const stretches = merge3(ours, base, theirs, true);
  if (stretches === undefined || !stretches.some(({ kind }) => kind === 'same')) return undefined;
  const entries: Entry[] = [];
  for (const { kind, ...ranges } of stretches) {
    const [here, before, there] = [
      mine.slice(...ranges.ours),
      old.slice(...ranges.base),
      other.slice(...ranges.theirs),
    ];
    if (kind === 'conflict' || kind === 'both') return undefined;
    // What one side takes away is not what the other one changed.
    const kept = kind === 'ours' ? there : here;
    if (kind !== 'same' && before.some(({ code }, at) => kept[at]?.code !== code)) return undefined;
    for (const [at, item] of (kind === 'theirs' ? there : here).entries()) {
      if (kind === 'ours') entries.push(entryOf(item));
      else if (kind === 'theirs') entries.push({ ...entryOf(item), ours: undefined, theirs: item });
      else
        entries.push(
          mergeItem({ ours: item, base: before[at], theirs: there[at] ?? item }, context, path),
        );
    }
  }
  return entries;
}

/** For each item of a side the index of the one in the base that it comes from; `undefined` when any changed places. */
function namesIn(
  side: readonly Item[],
  old: readonly Item[],
  own: string,
): readonly string[] | undefined {
  const names = side.map(({ code }) => `${own}: ${code}`);
  let last = -1;
  for (const [from, to] of matchItems(old, side, true).entries()) {
    if (to === undefined) continue;
    if (to < last) return undefined;
    last = to;
    names[to] = String(from);
  }
  return names;
}
