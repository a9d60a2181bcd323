import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { besideTemplates } from '../../src/plan/beside.ts';
import { loadTemplates } from '../../src/plan/templates.ts';
import { emittedTree } from '../../src/project/tree.ts';
import { parseSpec } from '../../src/spec/parse.ts';
import { served, starter, starters, withBooks } from './starters/index.ts';
import { expectCompiles } from './starters/compiles.ts';
import { mountAsSaid } from './starters/mount.ts';
import { packageRoot, snapshot } from './tool.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

type Name = keyof typeof starters;

interface Case {
  /** What starts it. */
  readonly start: readonly string[];
  /** Requests to the application's own routes: method, path, body. */
  readonly own: readonly (readonly [string, string, object?])[];
  /** The path in the mount line. */
  readonly imports: string;
}

const tsx = ['--import', 'tsx'];
const cases: Record<Name, Case> = {
  generator: {
    start: ['bin/www'],
    own: [
      ['GET', '/'],
      ['POST', '/users', { a: 1 }],
      ['GET', '/stylesheets/style.css'],
      ['GET', '/api/nothing'],
    ],
    imports: "require('./app/mount.js').mountApi(app, ",
  },
  minimal: {
    start: ['index.js'],
    own: [
      ['GET', '/'],
      ['GET', '/api/health'],
    ],
    imports: "import { mountApi } from './app/mount.js';",
  },
  typed: {
    start: [...tsx, 'src/server.ts'],
    own: [['GET', '/']],
    imports: "import { mountApi } from './app/mount.js';",
  },
  controllers: {
    start: ['src/server.js'],
    own: [
      ['GET', '/'],
      ['POST', '/api/orders', { total: 3 }],
      ['GET', '/api/nothing'],
    ],
    imports: "require('./app/mount.js').mountApi(app, ",
  },
  prefixed: {
    start: [...tsx, 'src/index.ts'],
    own: [
      ['GET', '/'],
      ['GET', '/api/accounts'],
      ['GET', '/api/accounts/broken'],
      ['GET', '/api/nothing'],
    ],
    imports: "import { mountApi } from './app/mount.js';",
  },
};

const names = Object.keys(cases) as Name[];
const command = ['add', 'resource', 'book', 'title:string:required'] as const;

function send(address: string, method: string, path: string, body?: object): Promise<Response> {
  return fetch(address + path, {
    method,
    ...(body !== undefined && {
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
}

async function answersOf(address: string, own: Case['own']): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  for (const [method, path, body] of own) {
    const answer = await send(address, method, path, body);
    const type = answer.headers.get('Content-Type');
    answers.push([method, path, answer.status, type, await answer.text()]);
  }
  return answers;
}

async function expectResource(address: string): Promise<void> {
  const made = await send(address, 'POST', '/api/books', { title: 'Emma' });
  const document = (await made.json()) as { _id: string };
  expect([made.status, document]).toMatchObject([201, { title: 'Emma' }]);
  const read = await fetch(`${address}/api/books/${document._id}`);
  expect(await read.json()).toMatchObject({ title: 'Emma' });
  const list = await fetch(`${address}/api/books?title[startsWith]=Em`);
  expect(await list.json()).toMatchObject({ data: [{ _id: document._id }] });
  const wrong = await send(address, 'PATCH', `/api/books/${document._id}`, { title: 1 });
  expect(wrong.status).toBe(400);
  expect(wrong.headers.get('Content-Type')).toContain('application/problem+json');
  const gone = await send(address, 'DELETE', `/api/books/${document._id}`);
  expect(gone.status).toBe(204);
  expect((await fetch(`${address}/api/books/${document._id}`)).status).toBe(404);
}

describe('add resource in an Express project that was not made by us', () => {
  test.each(names)('%s: it answers as before, and the resource beside', async (name) => {
    const { start, own, imports } = cases[name];
    const project = starter(name);
    const before = await answersOf(await served(project, start), own);
    const added = await project.run(...command, '--yes');
    expect([added.code, added.err]).toEqual([0, '']);
    expect(added.out).toContain(imports);
    for (const [path, text] of Object.entries(starters[name]))
      if (path !== 'package.json') expect(project.read(path), path).toBe(text);
    mountAsSaid(project, added.out);
    if (name === 'typed' || name === 'prefixed') await expectCompiles(project);
    const address = await served(project, start);
    await expectResource(address);
    expect(await answersOf(address, own)).toEqual(before);
  });

  // The built tool brings the core in JavaScript with it; from its sources it makes it.
  test.each(['generator', 'minimal'] as const)('%s: built or not, the same bytes', async (name) => {
    const { project } = await withBooks(name);
    const spec = parseSpec(project.read('flask-style.json'), 'flask-style.json');
    if (spec.beside === undefined) expect.fail('a spec of a project that is not ours');
    const all = loadTemplates(join(packageRoot, 'templates'));
    const tree = await emittedTree(spec, besideTemplates(all, spec.beside));
    expect(tree.size).toBeGreaterThan(30);
    for (const [path, { content }] of tree) expect(project.read(path), path).toBe(String(content));
  });

  test('without a terminal and without --yes the diff is shown and nothing is written', async () => {
    const project = starter('generator');
    const before = snapshot(project.root);
    const refused = await project.run(...command);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('--yes');
    expect(refused.out).toContain('+    "mongodb": "^');
    expect(snapshot(project.root)).toEqual(before);
    const added = await project.run(...command, '--yes');
    expect(added.out).toContain('+    "mongodb": "^');
    expect(added.out).toContain('npm install');
    expect(added.out).not.toContain('db:sync');
  });

  test('what has the packages already is not asked for anything', async () => {
    const project = starter('typed');
    const added = await project.run(...command);
    expect([added.code, added.err]).toEqual([0, '']);
    expect(project.read('package.json')).toBe(starters.typed['package.json']);
  });

  test('what lies in the way is listed, and nothing is written', async () => {
    const project = starter('typed');
    project.write('src/app/index.ts', 'export {};\n');
    project.write('src/api/core/api.ts', 'export {};\n');
    project.write('src/api/services/books.ts', 'export const books = 1;\n');
    const before = snapshot(project.root);
    const refused = await project.run(...command, '--yes');
    expect(refused.code).toBe(3);
    expect(refused.out + refused.err).toContain('src/api/core/api.ts');
    expect(refused.out + refused.err).toContain('src/api/services/books.ts');
    expect(snapshot(project.root)).toEqual(before);
  });

  test('a collection with documents of others gets no validator: they can go on writing it', async () => {
    const project = starter('minimal');
    const added = await project.run(...command, '--yes');
    mountAsSaid(project, added.out);
    let client: MongoClient | undefined;
    onTestFinished(() => client?.close());
    const address = await served(project, ['index.js'], async (uri) => {
      client = new MongoClient(uri);
      await client.db().collection('books').insertOne({ label: 'not ours' });
    });
    // Answers come while collections are being made: the last one that is made tells that all are.
    const database = client?.db();
    await vi.waitFor(async () => {
      expect((await fetch(`${address}/api/books`)).status).toBe(200);
      const all = await database?.listCollections({}, { nameOnly: true }).toArray();
      expect(all).toHaveLength(2);
    }, 30_000);
    const [books] = (await database?.listCollections({ name: 'books' }).toArray()) ?? [];
    expect(books).not.toHaveProperty('options.validator');
    await expect(database?.collection('books').insertOne({ label: 2 })).resolves.toBeDefined();
  });

  test('a folder app/ of theirs stays theirs, and the layout goes into api/', async () => {
    const project = starter('controllers');
    project.write('src/app/routes/index.js', 'exports.pages = [];\n');
    const added = await project.run(...command, '--yes');
    expect([added.code, added.err]).toEqual([0, '']);
    expect(added.out).toContain("require('./api/mount.js').mountApi(app, ");
    expect(readdirSync(join(project.root, 'src/app'), { recursive: true }).sort()).toEqual([
      'routes',
      join('routes', 'index.js'),
    ]);
    expect(project.read('src/app/routes/index.js')).toBe('exports.pages = [];\n');
    mountAsSaid(project, added.out);
    await expectResource(await served(project, cases.controllers.start));
    const field = await project.run('add', 'field', 'book', 'pages:integer');
    expect([field.code, field.err]).toEqual([0, '']);
    expect(project.read('src/api/models/book.js')).toContain('pages: ');
  });

  test('pages and clients of the same name are no routes under /api', async () => {
    const project = starter('controllers');
    project.write('tests/books.test.js', "await request(url).get('/api/books');\n");
    project.edit(
      'src/app.js',
      '  app.get(',
      "  app.get('/books', (req, res) => res.end());\n  app.get(",
    );
    const added = await project.run(...command, '--yes');
    expect([added.code, added.err]).toEqual([0, '']);
  });

  test.each([
    ['controllers', 'order', 'src/routes/index.js:6 answers /api/orders'],
    ['prefixed', 'account', 'src/server.ts:15 answers /api/accounts'],
    ['minimal', 'ping', 'index.js:6 answers /api/pings/:id'],
  ] as const)('%s: a route of its own under the path of %s', async (name, resource, place) => {
    const project = starter(name);
    if (resource === 'ping') project.edit('index.js', '/api/health', '/api/pings/:id');
    const before = snapshot(project.root);
    const refused = await project.run('add', 'resource', resource, 'name:string', '--yes');
    expect([refused.code, refused.out]).toEqual([3, '']);
    expect(refused.err).toContain(place);
    expect(refused.err.trim().split('\n')).toHaveLength(1);
    expect(snapshot(project.root)).toEqual(before);
  });

  test.each([
    ['"target": "ES2023"', '"target": "ES2019"', 'raise it to ES2022'],
    ['"strict": true', '"strict": false', 'set it to true'],
    [
      '"strict": true',
      '"strict": true, "noPropertyAccessFromIndexSignature": true',
      'leave it out',
    ],
  ])('settings of TypeScript that the layout does not compile with are said', async (...row) => {
    const [from, to, advice] = row;
    const project = starter('typed');
    project.edit('tsconfig.json', from, to);
    const added = await project.run(...command);
    expect([added.code, added.err]).toEqual([0, '']);
    expect(added.out).toContain('note: src/app/core does not compile with what tsconfig.json says');
    expect(added.out).toContain(advice);
  });

  test('an Express that is too old is refused in one line', async () => {
    const project = starter('generator');
    project.edit('package.json', '~4.16.1', '3.21.2');
    const before = snapshot(project.root);
    const refused = await project.run(...command, '--yes');
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toMatch(/^error: package\.json: express 3\.21\.2 is too old .*\n$/);
    expect(snapshot(project.root)).toEqual(before);
  });

  test('every file of the layout is used', async () => {
    const project = starter('minimal');
    await project.run(...command, '--yes');
    const used = new Set<string>();
    const visit = (path: string) => {
      if (used.has(path)) return;
      used.add(path);
      for (const [, from = ''] of project.read(path).matchAll(/ from '(\.[^']+)';/g))
        visit(join(path, '..', from));
    };
    visit('app/mount.js');
    const all = Object.keys(snapshot(project.root)).filter((path) => /^app\/.*\.js$/.test(path));
    expect([...used].sort()).toEqual(all.sort());
  });
});
