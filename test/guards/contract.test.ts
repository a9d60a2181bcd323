import { readFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { clauses } from './change-rows.ts';
import { capabilities, others, traps, type Proof } from './contract-rows.ts';

const root = path.resolve(import.meta.dirname, '../..');

const span = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** The capabilities this project has to show, by the numbers of the HTTP contract; they need no users. */
const wanted = [
  ...span(1, 17),
  ...span(19, 37),
  ...[40, 43, 44, 45, 46, 47, 49, 50, 51, 52],
  ...span(59, 77),
  ...span(84, 96),
  ...span(98, 104),
  ...[106, 107],
];

const callers: ReadonlySet<string> = new Set(['it', 'test', 'describe']);

/** `it.each(rows)` is a call of `it`. */
const caller = (node: ts.Node): string => {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node))
    return caller(node.expression);
  return '';
};

/** Most files show many rows. */
const read = new Map<string, Promise<string[]>>();

/** The titles of the tests in a file, as they are written. */
const titlesOf = (file: string): Promise<string[]> => {
  const known = read.get(file) ?? titlesIn(file);
  read.set(file, known);
  return known;
};

const titlesIn = async (file: string): Promise<string[]> => {
  const text = await readFile(path.join(root, file), 'utf8');
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && callers.has(caller(node.expression))) {
      const [title, body] = node.arguments;
      if (title && body && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title)))
        titles.push(ts.isStringLiteralLike(title) ? title.text : title.getText());
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return titles;
};

/** Titles that a table names and its files do not have. */
const unfounded = async (table: Readonly<Record<string, readonly Proof[]>>) => {
  const wrong: string[] = [];
  for (const [row, proofs] of Object.entries(table)) {
    if (proofs.length === 0) wrong.push(`${row}: nothing`);
    for (const { file, titles } of proofs) {
      const known = await titlesOf(file);
      if (titles.length === 0) wrong.push(`${row}: ${file}`);
      for (const title of titles)
        if (!known.some((each) => each.includes(title))) wrong.push(`${row}: ${file}: ${title}`);
    }
  }
  return wrong;
};

it('every row of the HTTP contract and every trap has an entry', () => {
  expect(wanted.filter((row) => capabilities[row] === undefined)).toEqual([]);
  expect(span(1, 20).filter((row) => traps[row] === undefined)).toEqual([]);
});

it.each([
  ['capabilities', capabilities],
  ['traps', traps],
  ['others', others],
  ['clauses of the change engine', clauses],
])('tests that the %s name are there', async (_title, table) => {
  expect(await unfounded(table)).toEqual([]);
});

it('a title that no test has is found', async () => {
  const file = 'test/guards/contract.test.ts';
  const titles = ['a title that no test has is found', 'no such title'];
  expect(await unfounded({ row: [{ file, titles }], empty: [] })).toEqual([
    `row: ${file}: no such title`,
    'empty: nothing',
  ]);
});
