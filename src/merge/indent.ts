/** The white space that a line begins with. */
export function indentOf(line: string): string {
  return line.slice(0, line.length - line.trimStart().length);
}

/** One step of indentation in this text: a tab, or the fewest spaces that a line of it begins with. */
export function unitOf(text: string): string {
  let least = Number.POSITIVE_INFINITY;
  for (const line of text.split('\n')) {
    if (line.startsWith('\t')) return '\t';
    const spaces = indentOf(line).length;
    // A single space begins the lines of a block comment.
    if (spaces >= 2 && spaces < line.length) least = Math.min(least, spaces);
  }
  return ' '.repeat(least === Number.POSITIVE_INFINITY ? 2 : least);
}

/** Where lines stand and in what steps they are indented. */
export interface Layout {
  readonly indent: string;
  readonly unit: string;
}

/** The text moved from one place to another: every line but the first gets the indentation it has there. */
export function shift(text: string, from: Layout, to: Layout): string {
  if (from.indent === to.indent && from.unit === to.unit) return text;
  const [first = '', ...rest] = text.split('\n');
  return [first, ...rest.map((line) => shiftLine(line, from, to))].join('\n');
}

function shiftLine(line: string, from: Layout, to: Layout): string {
  const white = indentOf(line);
  if (white.length === line.length) return line;
  const inner = white.startsWith(from.indent) ? white.slice(from.indent.length) : '';
  let steps = 0;
  while (inner.startsWith(from.unit, steps * from.unit.length)) steps++;
  const rest = inner.slice(steps * from.unit.length);
  return to.indent + to.unit.repeat(steps) + rest + line.slice(white.length);
}
