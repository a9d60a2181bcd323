import { indentOf, unitOf } from './indent.ts';
import { merge3 } from './merge3.ts';

/**
 * Merges by lines whose indentation does not count: the user wrapped a block, or indents otherwise. What the
 * generator adds moves as its neighbours moved. `undefined` when it is a conflict all the same.
 */
export function mergeLoose(ours: string, base: string, theirs: string): string | undefined {
  const sides = [ours, base, theirs].map((text) => text.split('\n'));
  const [mine = [], old = [], other = []] = sides;
  const bare = (lines: readonly string[]) => lines.map((line) => line.trim());
  const stretches = merge3(bare(mine), bare(old), bare(other));
  if (stretches === undefined) return undefined;
  const units = { ours: unitOf(ours), theirs: unitOf(theirs) };
  const result: string[] = [];
  let near: readonly [ours: string, theirs: string] = ['', ''];
  for (const { kind, ours: a, theirs: c } of stretches) {
    if (kind === 'conflict') return undefined;
    if (kind !== 'theirs') {
      result.push(...mine.slice(...a));
      if (kind === 'same') near = nearest(mine.slice(...a), other.slice(...c)) ?? near;
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
