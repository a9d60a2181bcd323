/** Columns of a line in emitted files. */
export const printWidth = 100;

/** How one language writes values. */
export interface Dialect {
  readonly string: (text: string) => string;
  readonly number: (value: number) => string;
  readonly key: (name: string) => string;
  /** Behind the last item of a list or object that takes several lines. */
  readonly trailingComma: '' | ',';
  /** Objects take a line a member even if they fit on one. */
  readonly expandObjects: boolean;
  /** So do lists. */
  readonly expandLists: boolean;
}

/** A value that is laid out already, for the very place where it is to stand. */
export class LaidOut {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A value the way prettier lays it out, so that prettier need not run.
 * @param indent columns before the first character of the line
 * @param used columns that the line needs beside the value: its key, a comma
 */
export function layOut(value: unknown, dialect: Dialect, indent = 0, used = 0): string {
  if (value instanceof LaidOut) return value.text;
  if (dialect.expandObjects && isObject(value)) {
    const entries = entriesOf(value);
    return entries.length === 0 ? '{}' : brokenObject(entries, dialect, indent);
  }
  const flat = oneLine(value, dialect);
  if (flat !== undefined && indent + used + flat.length <= printWidth) return flat;
  if (Array.isArray(value)) return brokenArray(value, dialect, indent);
  if (isObject(value)) return brokenObject(entriesOf(value), dialect, indent);
  return flat ?? scalar(value, dialect);
}

/** The value on one line, whatever its length; nothing when it has to take several. */
function oneLine(value: unknown, dialect: Dialect): string | undefined {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    if (list.length === 0) return '[]';
    if (dialect.expandLists || mustBreak(list)) return undefined;
    const items: string[] = [];
    for (const item of list) {
      const text = oneLine(item, dialect);
      if (text === undefined) return undefined;
      items.push(text);
    }
    return `[${items.join(', ')}]`;
  }
  if (typeof value !== 'object' || value === null) return scalar(value, dialect);
  const entries = entriesOf(value);
  if (entries.length === 0) return '{}';
  if (dialect.expandObjects) return undefined;
  const members = entries.map(
    ([name, member]) => [dialect.key(name), oneLine(member, dialect)] as const,
  );
  if (members.some(([, text]) => text === undefined)) return undefined;
  return `{ ${members.map(([key, text]) => `${key}: ${text}`).join(', ')} }`;
}

function brokenObject(
  entries: readonly (readonly [string, unknown])[],
  dialect: Dialect,
  indent: number,
): string {
  const pad = ' '.repeat(indent + 2);
  const lines = entries.map(([name, member], index) => {
    const comma = index < entries.length - 1 ? ',' : dialect.trailingComma;
    const key = `${dialect.key(name)}: `;
    return `${pad}${key}${layOut(member, dialect, indent + 2, key.length + 1)}${comma}`;
  });
  return `{\n${lines.join('\n')}\n${' '.repeat(indent)}}`;
}

function brokenArray(items: readonly unknown[], dialect: Dialect, indent: number): string {
  const pad = ' '.repeat(indent + 2);
  const last = items.length - 1;
  const texts = items.map((item, index) => {
    const comma = index < last ? ',' : dialect.trailingComma;
    return `${layOut(item, dialect, indent + 2, 1)}${comma}`;
  });
  const lines =
    !dialect.expandLists && items.every((item) => typeof item === 'number')
      ? filled(texts, indent + 2)
      : texts;
  return `[\n${lines.map((line) => pad + line).join('\n')}\n${' '.repeat(indent)}]`;
}

/** As many texts on a line as fit: prettier does so with lists of numbers, and with these alone. */
function filled(texts: readonly string[], indent: number): readonly string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const line = lines.at(-1);
    if (line !== undefined && indent + line.length + 1 + text.length <= printWidth)
      lines[lines.length - 1] = `${line} ${text}`;
    else lines.push(text);
  }
  return lines;
}

/** Prettier breaks a list of several lists, or of several objects, when each has more than one member. */
function mustBreak(list: readonly unknown[]): boolean {
  if (list.length < 2) return false;
  const size = (item: unknown): number =>
    typeof item === 'object' && item !== null ? Object.keys(item).length : 0;
  const lists = list.every((item) => Array.isArray(item));
  const objects = list.every(
    (item) => typeof item === 'object' && item !== null && !Array.isArray(item),
  );
  return (lists || objects) && list.every((item) => size(item) > 1);
}

function scalar(value: unknown, dialect: Dialect): string {
  if (typeof value === 'string') return dialect.string(value);
  return typeof value === 'number' ? dialect.number(value) : String(value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Members that are there: `undefined` is the same as left out. */
function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value).filter((entry: [string, unknown]) => entry[1] !== undefined);
}
