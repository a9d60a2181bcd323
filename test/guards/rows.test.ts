import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** `B1`..`B21` */
const rows = (letter: string, ...spans: readonly (readonly [number, number])[]): string[] =>
  spans.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, index) => `${letter}${from + index}`),
  );

/** The security controls this project has to show, by the numbers of its security page. */
const wanted = [
  ...rows('A', [1, 20]),
  ...rows('B', [1, 21]),
  ...rows('C', [12, 16]),
  ...rows('D', [1, 15]),
  ...rows('E', [1, 4], [8, 10], [12, 17]),
  ...rows('G', [1, 45]),
];

const testFiles = async (folder: string): Promise<string[]> => {
  const entries = await readdir(path.join(root, folder), { recursive: true });
  return entries.filter((file) => file.endsWith('.test.ts')).map((file) => path.join(folder, file));
};

/** The control numbers at the start of test titles: `it('G3 G19 ...`, `it.each(...)('B4 %s ...`. */
const titled = (source: string): string[] =>
  [...source.matchAll(/['"`]((?:[A-G]\d{1,2}[ :,/]+)+)/g)].flatMap(([, numbers = '']) =>
    numbers.split(/[ :,/]+/),
  );

it('every security control has a test that carries its number', async () => {
  const files = [...(await testFiles('test')), ...(await testFiles('templates'))];
  const shown = new Set<string>();
  for (const file of files)
    for (const row of titled(await readFile(path.join(root, file), 'utf8'))) shown.add(row);
  expect(wanted.filter((row) => !shown.has(row))).toEqual([]);
});
