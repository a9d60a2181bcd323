import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shop } from './project.ts';
import { packageRoot, scratch, tool } from './tool.ts';

/** The members that docs/json.md names under a heading, such as `files[].path`, and which of them may be absent. */
function described(heading: string): { all: readonly string[]; always: readonly string[] } {
  const text = readFileSync(join(packageRoot, 'docs/json.md'), 'utf8');
  const section = text.split(/^## /m).find((one) => one.startsWith(`${heading}\n`)) ?? '';
  const rows = [...section.matchAll(/^\| `([^`]+)`(\??) /gm)];
  const bare = (name = ''): string => name.replaceAll('?', '');
  return {
    all: rows.map(([, name]) => bare(name)),
    always: rows
      .filter(([, name = '', optional]) => optional === '' && !name.includes('?'))
      .map(([, name]) => bare(name)),
  };
}

/** The paths of all values in a document. An empty list tells its own name alone. */
function members(value: unknown, at = ''): readonly string[] {
  if (Array.isArray(value))
    return value.length === 0 ? [`${at}[]`] : value.flatMap((one) => members(one, `${at}[]`));
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([key, one]) =>
    members(one, at === '' ? key : `${at}.${key}`),
  );
}

function expectDescribed(heading: string, ...documents: readonly string[]): void {
  const seen = new Set(documents.flatMap((text) => members(JSON.parse(text))));
  const { all, always } = described(heading);
  expect(all.length, heading).toBeGreaterThan(0);
  const lists = [...seen].filter((name) => name.endsWith('[]'));
  const isKnown = (name: string): boolean =>
    all.includes(name) || (lists.includes(name) && all.some((one) => one.startsWith(`${name}.`)));
  expect(
    [...seen].filter((name) => !isKnown(name)),
    heading,
  ).toEqual([]);
  expect(
    always.filter((name) => !seen.has(name)),
    heading,
  ).toEqual([]);
}

test('docs/json.md names every member of every document, and no other', async () => {
  const cwd = scratch();
  const made = ['api', '--resource', 'product', 'name:string', '--no-git'];
  const dry = await tool([...made, '--dry-run', '--json'], { cwd });
  const written = await tool([...made, '--no-install', '--json'], { cwd });
  expectDescribed('A new project', dry.out, written.out);
  expectDescribed('A refusal', (await tool([...made, '--json'], { cwd })).out);
  expectDescribed('`example`', (await tool(['example', '--json'], { cwd })).out);

  const project = await shop();
  const json = async (...words: string[]): Promise<string> =>
    (await project.run(...words, '--json')).out;
  const changes = [await json('add', 'resource', 'tag', 'word')];
  expectDescribed('`doctor`', await json('doctor'));
  expectDescribed('`routes`', await json('routes'));
  const model = 'app/models/product.ts';
  const emitted = "title: { type: 'string', required: true }";
  project.edit(model, emitted, emitted.replace('true', 'true, maxLength: 99'));
  project.edit('flask-style.json', '"title": {', '"title": {\n          "maxLength": 50,');
  project.write('app/own.ts', 'export {};\n');
  project.write('own/one.ts', 'export {};\n');
  changes.push(await json('apply'), await json('apply', '--conflicts=markers'));
  const statuses = [await json('status')];
  changes.push(await json('undo'), await json('redo'), await json('undo'));
  statuses.push(await json('status'));
  expectDescribed('`diff`', await json('diff'));
  expectDescribed('`status`', ...statuses);
  expectDescribed('A change', ...changes);
});
