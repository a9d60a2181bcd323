import type { Item } from './types.ts';

/** How alike two items must be to be the same thing under another name. */
const alike = 0.6;

/**
 * For each item of the base the index of the same one in a side: by name, by content, and with `renames` by likeness
 * between the same neighbours.
 */
export function matchItems(
  base: readonly Item[],
  side: readonly Item[],
  renames: boolean,
): readonly (number | undefined)[] {
  const found: (number | undefined)[] = base.map(() => undefined);
  const taken = new Set<number>();
  const pair = (from: number, to: number) => {
    found[from] = to;
    taken.add(to);
  };
  const keys = uniqueKeys(side);
  for (const [key, from] of uniqueKeys(base)) {
    const to = keys.get(key);
    if (to !== undefined) pair(from, to);
  }
  const byCode = new Map<string, number[]>();
  // Codes are made when they are asked for: most items are known by their names.
  for (const [at, item] of side.entries()) {
    if (!taken.has(at)) byCode.set(item.code, [...(byCode.get(item.code) ?? []), at]);
  }
  for (const [from, item] of base.entries()) {
    if (found[from] !== undefined) continue;
    const to = byCode.get(item.code)?.shift();
    if (to !== undefined) pair(from, to);
  }
  if (!renames) return found;
  for (const [from, item] of base.entries()) {
    if (found[from] !== undefined) continue;
    const to = likest(item, side, taken, gapAround(found, from, side.length));
    if (to !== undefined) pair(from, to);
  }
  return found;
}

/** The names that only one item has, with its index. */
export function uniqueKeys(items: readonly Item[]): ReadonlyMap<string, number> {
  const result = new Map<string, number>();
  const twice = new Set<string>();
  for (const [at, { key }] of items.entries()) {
    if (key === undefined) continue;
    if (result.has(key)) twice.add(key);
    result.set(key, at);
  }
  for (const key of twice) result.delete(key);
  return result;
}

/** The indices of the side between the neighbours that an item of the base has there. */
export function gapAround(
  found: readonly (number | undefined)[],
  at: number,
  end: number,
): readonly [from: number, to: number] {
  const before = found.slice(0, at).findLast((index) => index !== undefined) ?? -1;
  const after = found.slice(at + 1).find((index) => index !== undefined) ?? end;
  return [before + 1, after];
}

function likest(
  item: Item,
  side: readonly Item[],
  taken: ReadonlySet<number>,
  [from, to]: readonly [number, number],
): number | undefined {
  let best: number | undefined;
  let most = alike;
  for (let at = from; at < to; at++) {
    const other = side[at];
    if (other === undefined || taken.has(at) || other.shape !== item.shape) continue;
    const likeness = dice(item.code, other.code);
    if (likeness < most) continue;
    most = likeness;
    best = at;
  }
  return best;
}

/** Dice's coefficient of the tokens of two codes: 0 nothing in common, 1 the same tokens. */
export function dice(a: string, b: string): number {
  const left = a.split(' ');
  const right = b.split(' ');
  const counts = new Map<string, number>();
  for (const token of left) counts.set(token, (counts.get(token) ?? 0) + 1);
  let common = 0;
  for (const token of right) {
    const count = counts.get(token) ?? 0;
    if (count > 0) common++;
    counts.set(token, count - 1);
  }
  return (2 * common) / (left.length + right.length);
}
