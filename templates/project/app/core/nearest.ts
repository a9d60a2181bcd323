// "Did you mean ...?": the known name that is closest to a mistyped one.

/** Edit distance (insert, delete, replace), by rows. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, from] of Array.from(a).entries()) {
    let diagonal = i;
    row = row.reduce<number[]>((next, above, j) => {
      const left = next[j - 1];
      const value =
        left === undefined
          ? i + 1
          : Math.min(above + 1, left + 1, diagonal + (from === b[j - 1] ? 0 : 1));
      diagonal = above;
      next.push(value);
      return next;
    }, []);
  }
  return row.at(-1) ?? a.length;
};

/** The nearest of the names when it is near enough to be meant: about a third of the letters may differ. */
export const nearest = (name: string, names: Iterable<string>): string | undefined => {
  if (name.length > 64) return undefined;
  let best: string | undefined;
  let least = Math.ceil(name.length / 3) + 1;
  for (const candidate of names) {
    const away = distance(name.toLowerCase(), candidate.toLowerCase());
    if (away < least) [best, least] = [candidate, away];
  }
  return best;
};
