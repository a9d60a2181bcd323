import { exit, UserError } from '../../errors.ts';
import { quote } from '../names.ts';
import type { Draft } from './draft.ts';
import { inferFields, type Sample } from './infer.ts';

interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

// Of more digits than a number keeps, it is a number of something: a card, a document.
const number = /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?(?:[eE][+-]?\d{1,2})?$/;

/**
 * A resource from the rows of a CSV or TSV file (RFC 4180), the first of which names the fields. A column is a
 * number or a boolean only when all its cells are; leading zeros stay text. Throws a UserError with file:line.
 */
export function csvDraft(text: string, stem: string, from: string): Draft {
  const source = text.replace(/^\uFEFF/, '');
  const [header, ...rows] = rowsOf(source, delimiterOf(source, from), from);
  if (header === undefined || rows.length === 0)
    throw new UserError(
      exit.usage,
      `${from} has ${header === undefined ? 'no line' : 'no line below its names'}`,
      'the first line names the fields, the others are samples',
    );
  const names = header.cells.map((cell) => cell.trim());
  checkNames(names, from);
  for (const { cells, line } of rows)
    if (cells.length > names.length)
      throw new UserError(
        exit.usage,
        `${from}:${line}: ${cells.length} cells under ${names.length} names`,
      );
  const columns = names.map((_, at) => columnOf(rows.map(({ cells }) => cells[at] ?? '')));
  const samples = rows.map((_, row): Sample =>
    Object.fromEntries(names.map((name, at) => [name, columns[at]?.[row]])),
  );
  // A table has nothing but texts: a column without a value tells of no other type.
  const empty = names.filter((_, at) => columns[at]?.every((value) => value === null));
  const texts = empty.map((name) => [name, { type: 'string' as const }] as const);
  const fields = { ...inferFields(samples), ...Object.fromEntries(texts) };
  return { from, resources: [{ name: stem, fields }], notes: [] };
}

function checkNames(names: readonly string[], from: string): void {
  const at = names.findIndex((name, index) => name === '' || names.indexOf(name) !== index);
  const name = names[at];
  if (name !== undefined)
    throw new UserError(
      exit.usage,
      name === ''
        ? `${from}:1: column ${at + 1} has no name`
        : `${from}:1: the column ${quote(name)} is there twice`,
    );
}

/** The cells of a column as what all of them are; an empty cell is no value. */
function columnOf(cells: readonly string[]): unknown[] {
  const given = cells.filter((cell) => cell !== '');
  const value = given.every((cell) => cell === 'true' || cell === 'false')
    ? (cell: string) => cell === 'true'
    : given.every((cell) => number.test(cell))
      ? Number
      : String;
  return cells.map((cell) => (cell === '' ? null : value(cell)));
}

/** A tab in .tsv; otherwise the separator that the first line has most of. */
function delimiterOf(text: string, from: string): string {
  if (/\.tsv$/i.test(from)) return '\t';
  const [first = ''] = text.split('\n', 1);
  const counts = [',', ';', '\t'].map((mark) => ({ mark, count: first.split(mark).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}

function rowsOf(text: string, delimiter: string, from: string): Row[] {
  const rows: Row[] = [];
  let cells: string[] = [];
  let line = 1;
  let begin = 1;
  let at = 0;
  const endRow = () => {
    if (cells.length > 1 || (cells[0] ?? '') !== '') rows.push({ cells, line: begin });
    cells = [];
  };
  while (at < text.length) {
    const quoted = text[at] === '"';
    const { value, end } = quoted ? quotedCell(text, at) : plainCell(text, at, delimiter);
    const next = text[end];
    if (end === -1 || (next !== undefined && ![delimiter, '\r', '\n'].includes(next)))
      throw new UserError(
        exit.usage,
        `${from}:${line}: ${end === -1 ? 'a quote is not closed' : 'text behind a closing quote'}`,
      );
    cells.push(value);
    line += value.split('\n').length - 1;
    at = end + 1;
    if (next === delimiter) {
      if (at === text.length) cells.push('');
      continue;
    }
    if (next === '\r' && text[at] === '\n') at += 1;
    line += 1;
    endRow();
    begin = line;
  }
  endRow();
  return rows;
}

function plainCell(text: string, at: number, delimiter: string): { value: string; end: number } {
  let end = at;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r')
    end += 1;
  return { value: text.slice(at, end), end };
}

/** A cell in quotes, `""` inside it being one; `end` is -1 when it does not end. */
function quotedCell(text: string, at: number): { value: string; end: number } {
  let end = at + 1;
  for (;;) {
    end = text.indexOf('"', end);
    if (end === -1) return { value: '', end };
    if (text[end + 1] !== '"')
      return { value: text.slice(at + 1, end).replaceAll('""', '"'), end: end + 1 };
    end += 2;
  }
}
