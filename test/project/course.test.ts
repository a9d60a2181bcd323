/** Both tables of the course that promise a place in the project, and the two tables of its README: every row is true. */
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

/** The files of a folder, but for its table of contents. */
const filesIn = (folder: string): string[] =>
  [...tree.keys()].filter((file) => file.startsWith(folder) && file !== `${folder}index.ts`);

const scripts = () =>
  (JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }).scripts;

const layout: Readonly<Record<string, () => void>> = {
  'app/__init__.py, the application factory': () => {
    expect(textOf('app/index.ts')).toMatch(/export const createApp = \(\s*context: AppContext/);
  },
  'app/routes/ (blueprints)': () => {
    const files = filesIn('app/routes/');
    expect(files).toContain('app/routes/lessons.ts');
    for (const file of files) {
      expect(textOf('app/routes/index.ts')).toContain(`'./${path.posix.basename(file)}'`);
    }
  },
  'app/models/': () => {
    const files = filesIn('app/models/');
    expect(files).toEqual(['app/models/lesson.ts']);
    for (const file of files) expect(textOf(file).match(/\bmodel\(\{/g)).toHaveLength(1);
  },
  'app/services/': () => {
    const files = filesIn('app/services/');
    expect(files).toHaveLength(2);
    for (const file of files) expect(textOf(file)).not.toMatch(/express|\breq\b|\bres\b/);
  },
  'templates/index.html, profile.html (Jinja2)': () => {
    const pages = ['index', 'profile'].map((name) => textOf(`app/templates/${name}.html`));
    for (const text of pages) expect(text).toMatch(/\{% extends/);
    for (const words of [/\{\{/, /\{% for/]) expect(pages.join('')).toMatch(words);
    expect(filesIn('app/templates/').map(textOf).join('')).toMatch(/\{% if/);
  },
  'static/css/style.css, static/js/main.js': () => {
    expect(textOf('app/static/css/style.css')).not.toBe('');
    expect(textOf('app/static/js/main.js')).not.toBe('');
  },
  'config.py': () => {
    expect(textOf('config.ts')).toContain('Object.freeze(');
    const reading = [...filesIn('app/'), 'run.ts', 'manage.ts', 'config.ts'].filter((file) =>
      /process\.env\b/.test(textOf(file)),
    );
    expect(reading).toEqual(['config.ts']);
  },
  'run.py (app.run(debug=True))': () => {
    expect(textOf('run.ts')).toContain('createApp(');
    expect(scripts()).toMatchObject({ dev: 'tsx dev/start.ts' });
    expect(scripts()).toMatchObject({ start: 'node dist/run.js' });
    for (const word of ["NODE_ENV: 'development'", "'watch'"]) {
      expect(textOf('dev/start.ts')).toContain(word);
    }
    expect(textOf('config.ts')).toContain("NODE_ENV: env = 'production'");
  },
  'requirements.txt': () => {
    const { dependencies, devDependencies } = JSON.parse(textOf('package.json')) as Record<
      string,
      Record<string, string>
    >;
    const versions = Object.values({ ...dependencies, ...devDependencies });
    expect(versions.length).toBeGreaterThan(5);
    for (const version of versions) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  },
  'README.md': () => {
    expect(textOf('README.md')).toContain('`/api/lessons` in `app/models/lesson.ts`');
  },
};

it.each(Object.entries(layout))('layout: %s', (_, check) => {
  check();
});

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
      const within = word.startsWith('/') ? filesIn('app/').map(textOf).join('\n') : texts;
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
