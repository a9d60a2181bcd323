import { withoutPadding } from './markdown-tree.ts';
import { mergeWords } from './words.ts';

/**
 * Merges Markdown by the words of its lines, those of tables without their padding: one long word lays all rows out
 * anew, which is no change of them. Tables that are as the user has them keep their layout. `undefined`: a conflict.
 */
export function mergeRows(ours: string, base: string, theirs: string): string | undefined {
  const merged = mergeWords(unpadded(ours), unpadded(base), unpadded(theirs));
  if (merged === undefined) return undefined;
  const own = new Map(ours.split('\n').map((line) => [withoutPadding(line), line]));
  const out: string[] = [];
  let table: string[] = [];
  const end = () => {
    const kept = table.flatMap((row) => own.get(row) ?? []);
    out.push(...(kept.length === table.length ? kept : padded(table)));
    table = [];
  };
  for (const line of merged.split('\n')) {
    if (line.startsWith('|')) {
      table.push(line);
      continue;
    }
    end();
    out.push(line);
  }
  end();
  return out.join('\n');
}

const unpadded = (text: string) => text.split('\n').map(withoutPadding).join('\n');

/** Rows with cells as wide as the widest of their column; as they are when one has another number of cells. */
function padded(rows: readonly string[]): readonly string[] {
  const cells = rows.map((row) => row.split(/(?<!\\)\|/).slice(1, -1));
  const columns = cells[0]?.length ?? 0;
  if (rows.some((row) => !row.endsWith('|')) || cells.some(({ length }) => length !== columns))
    return rows;
  const texts = cells.map((row) => row.map((cell) => cell.trim()));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(3, ...texts.map((row) => (isRule(row[at]) ? 0 : (row[at]?.length ?? 0)))),
  );
  return texts.map((row) => {
    const wide = row.map((cell, at) => {
      const width = widths[at] ?? 0;
      return isRule(cell)
        ? cell.replace(/-+/, (dashes) => dashes + '-'.repeat(width - cell.length))
        : cell.padEnd(width);
    });
    return `| ${wide.join(' | ')} |`;
  });
}

const isRule = (cell: string | undefined) => /^:?-{3,}:?$/.test(cell ?? '');
