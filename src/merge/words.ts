import { merge3 } from './merge3.ts';

/**
 * Merges prose by lines, and lines that both sides changed by their words; `undefined` when both changed the same
 * words, or words that touch.
 *
 * @param union what both sides insert at one place stands there, the user's first
 */
export function mergeWords(
  ours: string,
  base: string,
  theirs: string,
  union = false,
): string | undefined {
  const [mine, old, other] = [ours.split('\n'), base.split('\n'), theirs.split('\n')];
  const stretches = merge3(mine, old, other, true);
  if (stretches === undefined) return undefined;
  const lines: string[] = [];
  for (const { kind, ...ranges } of stretches) {
    const [a, b, c] = [
      mine.slice(...ranges.ours),
      old.slice(...ranges.base),
      other.slice(...ranges.theirs),
    ];
    if (kind !== 'conflict') {
      lines.push(...(kind === 'theirs' ? c : a));
      continue;
    }
    if (union && b.length === 0) {
      lines.push(...a, ...c);
      continue;
    }
    const more = a.length === b.length ? addedRows(b, c) : 0;
    if (a.length !== b.length || b.length !== c.length - more) return undefined;
    for (const [at, line] of a.entries()) {
      const merged = mergeLine(line, b[at] ?? '', c[at] ?? '');
      if (merged === undefined) return undefined;
      lines.push(merged);
    }
    lines.push(...c.slice(b.length));
  }
  return lines.join('\n');
}

/** How many rows of a table follow those that were there, which are known by their first cells. */
function addedRows(base: readonly string[], theirs: readonly string[]): number {
  const name = (row: string) => (row.startsWith('|') ? row.split('|')[1]?.trim() : undefined);
  const known = base.every(
    (row, at) => name(row) !== undefined && name(row) === name(theirs[at] ?? ''),
  );
  const rows = theirs.every((row) => name(row) !== undefined);
  return known && rows ? Math.max(0, theirs.length - base.length) : 0;
}

function mergeLine(ours: string, base: string, theirs: string): string | undefined {
  const [mine, old, other] = [wordsOf(ours), wordsOf(base), wordsOf(theirs)];
  const stretches = merge3(mine, old, other);
  if (stretches === undefined || stretches.some(({ kind }) => kind === 'conflict')) {
    return undefined;
  }
  return stretches
    .flatMap(({ kind, ...ranges }) =>
      kind === 'theirs' ? other.slice(...ranges.theirs) : mine.slice(...ranges.ours),
    )
    .join('');
}

const wordsOf = (line: string): readonly string[] =>
  line.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
