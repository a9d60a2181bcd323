import { changesOf, type Change } from './diff.ts';

/**
 * One stretch of a three-way merge as ranges of the three sides. `same`: nobody changed it; `ours`, `theirs`: one
 * side did; `both`: both did the same; `conflict`: both did something else.
 */
export interface Stretch {
  readonly kind: 'same' | 'ours' | 'theirs' | 'both' | 'conflict';
  readonly ours: Range;
  readonly base: Range;
  readonly theirs: Range;
}

export type Range = readonly [from: number, to: number];

/**
 * The three-way merge of lists of strings (lines, or the tokens of statements), as in section 3.6 of the design.
 * Changes that touch count as overlapping. `undefined`: a side is too different from the base.
 */
export function merge3(
  ours: readonly string[],
  base: readonly string[],
  theirs: readonly string[],
): readonly Stretch[] | undefined {
  const oursChanges = changesOf(base, ours);
  const theirsChanges = changesOf(base, theirs);
  if (oursChanges === undefined || theirsChanges === undefined) return undefined;
  const left = new Side(oursChanges);
  const right = new Side(theirsChanges);
  const result: Stretch[] = [];
  let at = 0;
  const same = (to: number) => {
    if (to > at) {
      const range = (side: Side): Range => [at + side.shift, to + side.shift];
      result.push({ kind: 'same', ours: range(left), base: [at, to], theirs: range(right) });
    }
    at = to;
  };
  for (;;) {
    const from = Math.min(left.next(), right.next());
    if (from === Number.POSITIVE_INFINITY) break;
    same(from);
    const shifts = [left.shift, right.shift] as const;
    let to = from;
    let grown = true;
    const taken = { left: 0, right: 0 };
    while (grown) {
      const mine = left.take(to);
      const other = right.take(mine ?? to);
      grown = mine !== undefined || other !== undefined;
      if (mine !== undefined) taken.left++;
      if (other !== undefined) taken.right++;
      to = Math.max(to, mine ?? to, other ?? to);
    }
    const oursRange: Range = [from + shifts[0], to + left.shift];
    const theirsRange: Range = [from + shifts[1], to + right.shift];
    const equal = sameItems(ours, oursRange, theirs, theirsRange);
    const kind =
      taken.right === 0 ? 'ours' : taken.left === 0 ? 'theirs' : equal ? 'both' : 'conflict';
    result.push({ kind, ours: oursRange, base: [from, to], theirs: theirsRange });
    at = to;
  }
  same(base.length);
  return result;
}

/** The changes of one side, consumed in order. */
class Side {
  readonly #changes: readonly Change[];
  #at = 0;
  /** Index in the side minus index in the base, behind what was consumed. */
  shift = 0;

  constructor(changes: readonly Change[]) {
    this.#changes = changes;
  }

  next(): number {
    return this.#changes[this.#at]?.b0 ?? Number.POSITIVE_INFINITY;
  }

  /** Consumes the next change when it begins at or before this index of the base; where it ends. */
  take(to: number): number | undefined {
    const change = this.#changes[this.#at];
    if (change === undefined || change.b0 > to) return undefined;
    this.#at++;
    this.shift = change.s1 - change.b1;
    return Math.max(to, change.b1);
  }
}

function sameItems(
  a: readonly string[],
  [a0, a1]: Range,
  b: readonly string[],
  [b0, b1]: Range,
): boolean {
  if (a1 - a0 !== b1 - b0) return false;
  for (let at = a0; at < a1; at++) if (a[at] !== b[at - a0 + b0]) return false;
  return true;
}
