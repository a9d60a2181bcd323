/** How often each text is there. */
export type Counts = ReadonlyMap<string, number>;

export function countsOf(texts: Iterable<string>): Counts {
  const result = new Map<string, number>();
  for (const text of texts) result.set(text, (result.get(text) ?? 0) + 1);
  return result;
}

/** The counts of one thing in the versions of a file and their merge. */
export interface Versions<T> {
  readonly ours: T;
  readonly base: T;
  readonly theirs: T;
  readonly merged: T;
}

/**
 * The first text of a side that a merge lost: the side has it, and the other side did not take it away. Of both sides:
 * what the user wrote (I1), and what the generator did.
 */
export function lostText({ ours, base, theirs, merged }: Versions<Counts>): string | undefined {
  const lost = (side: Counts, other: Counts) =>
    [...side].find(([text, count]) => {
      const removed = Math.max(0, (base.get(text) ?? 0) - (other.get(text) ?? 0));
      return (merged.get(text) ?? 0) < count - removed;
    })?.[0];
  return lost(ours, theirs) ?? lost(theirs, ours);
}

/** The first text that is there more often than the user left it and the generator added it. */
export function raisedText({ ours, base, theirs, merged }: Versions<Counts>): string | undefined {
  return [...merged].find(([text, count]) => {
    const added = Math.max(0, (theirs.get(text) ?? 0) - (base.get(text) ?? 0));
    const removed = (base.get(text) ?? 0) > (ours.get(text) ?? 0);
    return removed && count > (ours.get(text) ?? 0) + added;
  })?.[0];
}
