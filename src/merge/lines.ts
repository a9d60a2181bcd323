import { changesOf, matches } from './diff.ts';
import { mergeLines, type Labels, type TextMerge } from './text.ts';
import type { Hunk } from './types.ts';

/**
 * Merges a file that is a list of lines whose order means little (ignore files, `.env.example`): line by line where
 * that is clean, otherwise as a set. The generator's new lines come behind the neighbour they have there, unless the
 * user has them already; lines it dropped go when the user left them alone. Nothing is re-ordered.
 */
export function mergeSet(
  ours: readonly string[],
  base: readonly string[],
  theirs: readonly string[],
  labels: Labels,
): TextMerge {
  const text = mergeLines(ours, base, theirs, labels);
  if (text.hunks.length === 0 && !doubled(text.kept, [ours, base, theirs])) return text;
  const kept = asSet(ours, base, theirs);
  if (kept === undefined) return text;
  const hunks = collisions(ours, base, theirs);
  if (hunks.length === 0) return { ...text, kept, marked: kept, hunks };
  return text.hunks.length > 0 ? text : { ...text, kept: ours, marked: ours, hunks };
}

/** Whether a line that says something is there more often than in any of the versions. */
function doubled(merged: readonly string[], versions: readonly (readonly string[])[]): boolean {
  const most = versions.map(counts);
  return [...counts(merged)].some(
    ([line, count]) => count > Math.max(...most.map((of) => of.get(line) ?? 0)),
  );
}

function counts(lines: readonly string[]): ReadonlyMap<string, number> {
  const result = new Map<string, number>();
  for (const line of lines) {
    const text = line.trim();
    if (text !== '' && text !== '#') result.set(text, (result.get(text) ?? 0) + 1);
  }
  return result;
}

function asSet(
  ours: readonly string[],
  base: readonly string[],
  theirs: readonly string[],
): readonly string[] | undefined {
  const changes = changesOf(base, theirs);
  const kept = matches(base, ours);
  if (changes === undefined || kept === undefined) return undefined;
  const have = new Set(ours.map((line) => line.trim()));
  const wanted = new Set(theirs.map((line) => line.trim()).filter((line) => line !== ''));
  const dropped = new Set<number>();
  const added = new Map<number, string[]>();
  for (const { b0, b1, s0, s1 } of changes) {
    for (let at = b0; at < b1; at++) {
      const mine = kept[at];
      // A line that only moved there stays where it is here.
      if (mine !== undefined && !wanted.has(ours[mine]?.trim() ?? '')) dropped.add(mine);
    }
    const lines = theirs
      .slice(s0, s1)
      .filter((line) => line.trim() === '' || !have.has(line.trim()));
    if (lines.every((line) => line.trim() === '')) continue;
    const place = placeOf(b1, kept, ours.length);
    added.set(place, [...(added.get(place) ?? []), ...lines]);
  }
  const result: string[] = [];
  for (let at = 0; at <= ours.length; at++) {
    result.push(...(added.get(at) ?? []));
    const line = ours[at];
    if (line !== undefined && !dropped.has(at)) result.push(line);
  }
  return result;
}

/** The index of ours before which lines go that stand before `base[from]` there: behind the user's own insertions. */
function placeOf(from: number, kept: readonly (number | undefined)[], end: number): number {
  for (let at = from; at < kept.length; at++) {
    const mine = kept[at];
    if (mine !== undefined) return mine;
  }
  return end;
}

const assignment = /^#?\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=/;

/** Variables that both sides set, each to something else: a set cannot hold both. */
function collisions(
  ours: readonly string[],
  base: readonly string[],
  theirs: readonly string[],
): readonly Hunk[] {
  const before = variables(base);
  const there = variables(theirs);
  return [...variables(ours)].flatMap(([name, mine]): Hunk[] => {
    const old = before.get(name);
    const other = there.get(name);
    if (other === undefined || other.line === mine.line) return [];
    if (other.line === old?.line || mine.line === old?.line) return [];
    const lines = old === undefined ? [] : [old.line];
    return [{ line: mine.at + 1, ours: [mine.line], base: lines, theirs: [other.line] }];
  });
}

function variables(
  lines: readonly string[],
): ReadonlyMap<string, { readonly line: string; readonly at: number }> {
  const result = new Map<string, { line: string; at: number }>();
  for (const [at, line] of lines.entries()) {
    const name = assignment.exec(line)?.[1];
    if (name !== undefined) result.set(name, { line: line.trim(), at });
  }
  return result;
}
