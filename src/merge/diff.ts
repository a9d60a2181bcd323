import { diffArrays } from 'diff';

/** Where a side differs from the base: `base[b0..b1)` became `side[s0..s1)`. Two changes of a side never touch. */
export interface Change {
  readonly b0: number;
  readonly b1: number;
  readonly s0: number;
  readonly s1: number;
}

/** The number of inserted and removed lines beyond which two texts have nothing to do with each other. */
const maxEditLength = 1000;

/** The changes from base to side, in order; `undefined` when they are too different to tell. */
export function changesOf(
  base: readonly string[],
  side: readonly string[],
): readonly Change[] | undefined {
  let head = 0;
  const shortest = Math.min(base.length, side.length);
  while (head < shortest && base[head] === side[head]) head++;
  let tail = 0;
  while (tail < shortest - head && base[base.length - 1 - tail] === side[side.length - 1 - tail]) {
    tail++;
  }
  const found = diffOf(base.slice(head, base.length - tail), side.slice(head, side.length - tail));
  return found?.map(({ b0, b1, s0, s1 }) => ({
    b0: b0 + head,
    b1: b1 + head,
    s0: s0 + head,
    s1: s1 + head,
  }));
}

function diffOf(base: readonly string[], side: readonly string[]): readonly Change[] | undefined {
  // Nothing in common to look for: the whole is one change, whatever its size.
  if (base.length === 0 && side.length === 0) return [];
  if (base.length === 0 || side.length === 0) {
    return [{ b0: 0, b1: base.length, s0: 0, s1: side.length }];
  }
  const parts = diffArrays([...base], [...side], { maxEditLength });
  if (parts === undefined) return undefined;
  const changes: Change[] = [];
  let b = 0;
  let s = 0;
  let open: { b0: number; s0: number } | undefined;
  const close = () => {
    if (open !== undefined) changes.push({ ...open, b1: b, s1: s });
    open = undefined;
  };
  for (const { added, removed, count } of parts) {
    if (!added && !removed) close();
    else open ??= { b0: b, s0: s };
    if (!added) b += count;
    if (!removed) s += count;
  }
  close();
  return changes;
}

/** For each element of base the index of the same one in side; `undefined` where it was changed. */
export function matches(
  base: readonly string[],
  side: readonly string[],
): readonly (number | undefined)[] | undefined {
  const changes = changesOf(base, side);
  if (changes === undefined) return undefined;
  const result: (number | undefined)[] = [];
  let shift = 0;
  for (const { b0, b1, s1 } of changes) {
    while (result.length < b0) result.push(result.length + shift);
    while (result.length < b1) result.push(undefined);
    shift = s1 - b1;
  }
  while (result.length < base.length) result.push(result.length + shift);
  return result;
}

/** How many lines were removed and added between two texts; infinite when they are too different to tell. */
export function distance(a: readonly string[], b: readonly string[]): number {
  const changes = changesOf(a, b);
  if (changes === undefined) return Number.POSITIVE_INFINITY;
  return changes.reduce((sum, { b0, b1, s0, s1 }) => sum + (b1 - b0) + (s1 - s0), 0);
}
