/**
 * The candidate that a mistyped word most likely meant: at most a third of its letters wrong (a swap of two
 * neighbours counts once), else the first that begins like it; undefined when none is near.
 */
export function nearest<T extends string>(word: string, candidates: readonly T[]): T | undefined {
  // Bounded, since the word comes from outside and the distance takes length times length.
  const wanted = word.toLowerCase().slice(0, 64);
  let best: T | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  let byStart: T | undefined;
  for (const candidate of candidates) {
    const name = candidate.toLowerCase();
    const distance = editDistance(wanted, name);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
    if (wanted.length >= 2 && (name.startsWith(wanted) || wanted.startsWith(name)))
      byStart ??= candidate;
  }
  return best ?? byStart;
}

/** The hint behind an unknown word: the nearest candidate, or all of them. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  return near === undefined ? `one of: ${candidates.join(', ')}` : `did you mean ${near}?`;
}

/** Insertions, deletions, replacements and swaps of neighbours between two words. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length] ?? 0;
}
