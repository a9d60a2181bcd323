/** The two tables of the README of the course, PyMongo and the interview: every row is true. */
import path from 'node:path';
import { runInThisContext } from 'node:vm';
import { MongoClient } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
import { start } from '../../src/embedded-mongo/index.ts';
import { manifest } from '../../src/package.ts';
import { examples } from '../../src/project/examples.ts';
import { withOwnFiles } from '../../src/project/own-files.ts';
import { projectTree } from '../../src/project/tree.ts';
import { defaultLimits, type Context } from '../../templates/project/app/core/context.ts';
import { crud } from '../../templates/project/app/core/crud.ts';
import { syncDatabase } from '../../templates/project/app/core/sync.ts';

const root = path.resolve(import.meta.dirname, '../..');
const example = (await examples(root)).find(({ name }) => name === 'course');
if (example === undefined) throw new Error('there is no course');
const { spec, own } = example;
const templates = path.join(root, 'templates');
const tree = withOwnFiles(await projectTree({ spec, templates, generator: manifest() }), own);

const textOf = (file: string): string => {
  const found = tree.get(file);
  expect(found, `${file} is not emitted`).toBeDefined();
  return Buffer.from(found?.content ?? '').toString('utf8');
};

const sources = [...tree.keys()].filter((file) => file.startsWith('app/'));

/** The rows of a table of the README, by the words of its first heading; cells without their padding. */
const rowsOf = (heading: string): string[][] => {
  const lines = textOf('README.md').split('\n');
  const begin = lines.findIndex((line) => line.startsWith(`| ${heading} `));
  const rows = lines.slice(begin + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end).map((line) => line.split('|').map((cell) => cell.trim()));
};

it('interview: every question names files that are there, and what is in them', () => {
  const rows = rowsOf('Question');
  expect(rows.length).toBeGreaterThan(15);
  for (const [, question, answer = ''] of rows) {
    const words = [...answer.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
    const files = words.flatMap((word) =>
      [word, `app/templates/${word}`].filter((file) => tree.has(file)),
    );
    expect(files, question).not.toEqual([]);
    const texts = files.map(textOf).join('\n');
    for (const word of words) {
      if (files.some((file) => file === word || file.endsWith(`/${word}`))) continue;
      // A path of a file that is not there is no word to look for.
      expect(word, question).not.toMatch(/\.ts$|\.html$|\.yaml$/);
      const [name = ''] = word.split(/[(?]/);
      // An address is mounted elsewhere.
      const within = word.startsWith('/') ? sources.map(textOf).join('\n') : texts;
      expect(within.includes(name), `${String(question)}: ${word}`).toBe(true);
    }
  }
});

it('PyMongo: every call does what the table says', async () => {
  const server = await start();
  const client = new MongoClient(server.uri);
  onTestFinished(async () => {
    await client.close();
    await server.stop();
  });
  const { lesson } = spec.resources;
  if (lesson === undefined) throw new Error('there is no lesson');
  const model = { name: 'lesson', ...lesson };
  const context: Context = {
    db: client.db('course'),
    client,
    models: [model],
    config: { debug: true, limits: defaultLimits },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  };
  await syncDatabase(context);
  const service = crud(context, model);
  const { _id } = await service.create({ title: 'first', chapter: 1 });

  const given = {
    lessons: () => service,
    context,
    id: _id.toHexString(),
    doc: { title: 'one', chapter: 2 },
    docs: [
      { title: 'two', chapter: 3 },
      { title: 'three', chapter: 4 },
    ],
    part: { chapter: 9 },
    pipeline: [{ $count: 'all' }],
  };
  const call = (text: string): unknown => {
    const names = Object.keys(given).join(', ');
    const run: unknown = runInThisContext(`({ ${names} }) => ${text}`);
    if (typeof run !== 'function') throw new Error(text);
    return Reflect.apply(run, undefined, [given]);
  };
  const here = new Map(
    rowsOf('PyMongo').map(([, python = '', cell = '']) => [
      /^`(\w+)/.exec(python)?.[1] ?? python,
      /^`(.+?)`/.exec(cell)?.[1] ?? '',
    ]),
  );
  const of = (python: string) => call(here.get(python) ?? 'undefined');

  expect(await of('insert_one')).toMatchObject({ title: 'one' });
  expect(await of('insert_many')).toMatchObject([{ title: 'two' }, { title: 'three' }]);
  const page = (await of('find')) as { documents: unknown[] };
  expect(page.documents).toHaveLength(4);
  expect(page.documents[3]).toMatchObject({ title: 'first' });
  expect(await of('find_one')).toMatchObject({ title: 'first' });
  expect(await of('count_documents')).toMatchObject({ total: 4, documents: [] });
  expect(await of('update_one')).toMatchObject({ title: 'first', chapter: 9 });
  given.doc = { title: 'replaced', chapter: 5 };
  expect(await of('replace_one')).toMatchObject(given.doc);
  const aggregated = of('aggregate') as { toArray(): Promise<unknown> };
  expect(await aggregated.toArray()).toEqual([{ all: 4 }]);
  await of('delete_one');
  await expect(service.read(given.id)).rejects.toMatchObject({ code: 'not_found' });
  expect([...here.keys()].sort()).toEqual([
    'aggregate',
    'count_documents',
    'create_index',
    'delete_one',
    'find',
    'find_one',
    'insert_many',
    'insert_one',
    'replace_one',
    'str',
    'update_one',
  ]);
  // The rest are no calls: a word of the model makes an index, and an answer has its id as text.
  expect(lesson.fields['title']).toMatchObject({ unique: true });
  const indexes = await context.db.collection(model.collection).indexes();
  expect(indexes).toContainEqual(expect.objectContaining({ key: { title: 1 }, unique: true }));
  expect(service.codec.answer({ _id })).toMatchObject({ _id: given.id });
});
