import { Fragment } from '../fragment.ts';

/** Text on one line, with nothing of it read as Markdown or HTML. */
export function markdown(text: string): Fragment {
  return new Fragment(escaped(text));
}

/** Text of ours on one line, in which backticks mark code. */
export function inline(text: string): Fragment {
  const parts = text.split('`');
  return new Fragment(
    parts
      .map((part, index) => (index % 2 === 1 ? String(code(part)) : escapedMarks(part)))
      .join(''),
  );
}

/** Text as a paragraph of its own: its beginning starts no list, quotation, heading or rule. */
export function paragraph(text: string): Fragment {
  return new Fragment(escaped(text).replace(/^(?=[-+=>:]|\d)/, '&#8203;'));
}

/** Text as code on one line; it may hold backticks. */
export function code(text: string): Fragment {
  const line = oneLine(text);
  const runs = new Set((line.match(/`+/g) ?? []).map((run) => run.length));
  let length = 1;
  while (runs.has(length)) length++;
  const fence = '`'.repeat(length);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return new Fragment(fence + pad + (line === '' ? ' ' : line) + pad + fence);
}

/** A block of code between fences longer than any run of backticks in it. */
export function codeBlock(language: string, content: Fragment): Fragment {
  const text = content.toString();
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return new Fragment(`${fence}${language}\n${text}\n${fence}`);
}

/** A table, its columns as wide as their widest cell; plain strings are escaped. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | Fragment)[])[],
): Fragment {
  const cells = [head, ...rows].map((row) => row.map(cellText));
  const widths = head.map((_, column) =>
    Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [first = [], ...others] = cells;
  return new Fragment([line(first), rule, ...others.map(line)].join('\n'));
}

function cellText(cell: string | Fragment): string {
  if (!(cell instanceof Fragment)) return escaped(cell);
  // A bar ends the cell, in code too.
  return cell.toString().replace(/(?<!\\)\|/g, '\\|');
}

function escaped(text: string): string {
  return escapedMarks(oneLine(text));
}

function escapedMarks(text: string): string {
  return text
    .replace(/[\\`*_{}[\]#|~$^]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, ' ').trim();
}
