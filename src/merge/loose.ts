import { indentOf, unitOf } from './indent.ts';
import { merge3 } from './merge3.ts';

/** What a line says whose indentation does not count. */
export const withoutIndent = (line: string) => line.trim();

/**
 * Merges by what lines say, not by how they are laid out: the user wrapped a block, or indents otherwise. What the
 * generator adds moves as its neighbours moved. `undefined` when it is a conflict all the same.
 */
export function mergeLoose(
  ours: string,
  base: string,
  theirs: string,
  says: (line: string) => string = withoutIndent,
): string | undefined {
  const sides = [ours, base, theirs].map((text) => text.split('\n'));
  const [mine = [], old = [], other = []] = sides;
  const bare = (lines: readonly string[]) => lines.map(says);
  const stretches = merge3(bare(mine), bare(old), bare(other), true);
  if (stretches === undefined) return undefined;
  const units = { ours: unitOf(ours), theirs: unitOf(theirs) };
  const result: string[] = [];
  let near: readonly [ours: string, theirs: string] = ['', ''];
  for (const { kind, ours: a, base: b, theirs: c } of stretches) {
    if (kind === 'conflict') return undefined;
    if (kind === 'same') {
      // Layout alone is the user's where the user changed it, else the generator's.
      for (let at = a[0]; at < a[1]; at++) {
        const line = mine[at] ?? '';
        const kept = old[at - a[0] + b[0]] !== line;
        result.push(kept ? line : (other[at - a[0] + c[0]] ?? line));
      }
      near = nearest(mine.slice(...a), other.slice(...c)) ?? near;
      continue;
    }
    if (kind !== 'theirs') {
      result.push(...mine.slice(...a));
      continue;
    }
    for (const line of other.slice(...c)) result.push(follow(line, near, units));
  }
  return result.join('\n');
}

/** The indentation, in both sides, of the last line of these that has any text. */
function nearest(
  ours: readonly string[],
  theirs: readonly string[],
): readonly [string, string] | undefined {
  const at = ours.findLastIndex((line) => line.trim() !== '');
  const mine = ours[at];
  const other = theirs[at];
  return mine === undefined || other === undefined ? undefined : [indentOf(mine), indentOf(other)];
}

/** A line of theirs, as far further in or out than its neighbour of ours as it is from that neighbour there. */
function follow(
  line: string,
  [ours, theirs]: readonly [string, string],
  units: { readonly ours: string; readonly theirs: string },
): string {
  const white = indentOf(line);
  if (white.length === line.length) return line;
  const text = line.slice(white.length);
  if (white.startsWith(theirs)) {
    return ours + white.slice(theirs.length).replaceAll(units.theirs, units.ours) + text;
  }
  const steps = Math.ceil((theirs.length - white.length) / units.theirs.length);
  return ours.slice(0, Math.max(0, ours.length - steps * units.ours.length)) + text;
}
