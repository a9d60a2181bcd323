import { readdirSync, writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { start } from '../../src/embedded-mongo/index.ts';
import type { Project } from './project.ts';
import { linkPackages, starter, starters, withBooks } from './starters/index.ts';
import { mountAsSaid } from './starters/mount.ts';
import { node, snapshot, tool } from './tool.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

/** Everything but the books of the tool, which number what was done. */
function tree(project: Project): Record<string, string> {
  return Object.fromEntries(
    Object.entries(snapshot(project.root)).filter(([path]) => !path.startsWith('.flask-style')),
  );
}

async function done(project: Project, ...words: string[]): Promise<string> {
  const { code, out, err } = await project.run(...words);
  expect([words, code, err]).toEqual([words, 0, '']);
  return out;
}

describe('later commands in a project that was not made by us', () => {
  test.each(['generator', 'prefixed'] as const)(
    '%s: what is added and removed again leaves the identical tree',
    async (name) => {
      const { project } = await withBooks(name);
      const before = tree(project);
      await done(project, 'add', 'resource', 'author', 'name:string', 'book:ref:book');
      await done(project, 'add', 'field', 'book', 'pages:integer:min=1', '--after', 'title');
      expect(tree(project)).not.toEqual(before);
      await done(project, 'remove', 'field', 'book', 'pages');
      await done(project, 'remove', 'resource', 'author');
      expect(tree(project)).toEqual(before);
      expect(await done(project, 'status')).toContain('every emitted file is as it was emitted');
      for (const path of Object.keys(starters[name]).filter((one) => one !== 'package.json'))
        expect(project.read(path)).toBe(starters[name][path]);
    },
  );

  test('undo and redo through all of it; the first one takes the whole layout away', async () => {
    const project = starter('generator');
    const states = [tree(project)];
    for (const words of [
      ['add', 'resource', 'book', 'title:string:required', '--yes'],
      ['add', 'resource', 'author', 'name:string'],
      ['rename', 'resource', 'author', 'writer'],
    ]) {
      await done(project, ...words);
      states.push(tree(project));
    }
    for (const state of states.slice(0, -1).reverse()) {
      await done(project, 'undo');
      expect(tree(project)).toEqual(state);
    }
    expect(readdirSync(project.root)).not.toContain('flask-style.json');
    const nothing = await project.run('undo');
    expect(nothing.code).toBe(1);
    await done(project, 'redo');
    expect(tree(project)).toEqual(states[1]);
  });

  test.each(['generator', 'prefixed'] as const)(
    '%s: edits stay through add and rename of fields and resources',
    async (name) => {
      const { project } = await withBooks(name);
      const folder = name === 'generator' ? 'app' : 'src/app';
      const ending = name === 'generator' ? 'js' : 'ts';
      const service = `${folder}/services/books.${ending}`;
      const rule = `{
    // The rule of the shop.
    beforeWrite: (document) => {
      if (document.title === 'x') document.title = 'y';
    },
  }`;
      project.edit(service, 'crud(context, book)', `crud(context, book, ${rule})`);
      const routes = `${folder}/routes/books.${ending}`;
      const line =
        ending === 'js'
          ? "const own = require('../models/book.js');\n"
          : "import * as own from '../models/book.js';\nexport const mine = own;\n";
      project.edit(
        routes,
        ending === 'js' ? 'const { blueprint }' : 'import { blueprint }',
        `${line}${ending === 'js' ? 'const' : 'import'} { blueprint }`,
      );
      expect(await done(project, 'status')).toContain(service);
      expect(await done(project, 'diff')).toContain('+    // The rule of the shop.');
      await done(project, 'add', 'field', 'book', 'pages:integer:min=1');
      const renamed = await done(project, 'rename', 'field', 'book', 'title', 'name');
      expect(project.read(`${folder}/models/book.${ending}`)).toContain('name: {');
      // Types say what the word means; without them the place is named.
      if (ending === 'ts') expect(project.read(service)).toContain('document.name');
      else expect(renamed).toContain(`title is still written in ${service}:`);
      await done(project, 'rename', 'resource', 'book', 'novel');
      const moved = project.read(`${folder}/services/novels.${ending}`);
      expect(moved).toContain('// The rule of the shop.');
      expect(moved).toContain('crud(context, novel,');
      // The user's own import of a file that got another name.
      expect(project.read(`${folder}/routes/novels.${ending}`)).toMatch(
        /own = require\('..\/models\/novel.js'\)|own from '..\/models\/novel.js'/,
      );
    },
  );

  test('renames write a script that does what they say to the documents', async () => {
    const { project } = await withBooks('generator');
    const first = await done(project, 'rename', 'field', 'book', 'title', 'name');
    const second = await done(project, 'rename', 'resource', 'book', 'novel');
    const scripts = [first, second].map((out) => / {2}node (\S+)\n/.exec(out)?.[1] ?? '');
    expect(scripts).toEqual([
      'app/migrations/0001-rename-book-title-to-name.js',
      'app/migrations/0002-rename-collection-books-to-novels.js',
    ]);
    const mongo = await start();
    const client = new MongoClient(mongo.uri);
    onTestFinished(async () => {
      await client.close();
      await mongo.stop();
    });
    await client.db().collection('books').insertOne({ title: 'Emma', _rev: 1 });
    linkPackages(project);
    for (const script of scripts) {
      const env = { MONGODB_URI: mongo.uri };
      const ran = await node([script], { cwd: project.root, env });
      expect([ran.code, ran.out, ran.err]).toEqual([0, '', '']);
    }
    const documents = await client.db().collection('novels').find().toArray();
    expect(documents).toMatchObject([{ name: 'Emma', _rev: 2 }]);
  });

  test('a later rename names no place inside of the migrations that were written', async () => {
    const { project } = await withBooks('minimal');
    project.edit('index.js', 'const server', '// A title of mine.\nconst server');
    await done(project, 'rename', 'field', 'book', 'title', 'heading');
    await done(project, 'rename', 'field', 'book', 'heading', 'title');
    const out = await done(project, 'rename', 'field', 'book', 'title', 'name');
    expect(out).toMatch(/^note: title is still written in index\.js:\d+$/m);
    expect(out).not.toMatch(/still written in .*migrations/);
  });

  test('apply after an edit of flask-style.json, update, and the same again', async () => {
    const { project } = await withBooks('minimal');
    expect(await done(project, 'update')).toBe('nothing to do\n');
    const spec = JSON.parse(project.read('flask-style.json')) as {
      resources: { book: { fields: object } };
    };
    spec.resources.book.fields = { ...spec.resources.book.fields, year: { type: 'integer' } };
    project.write('flask-style.json', `${JSON.stringify(spec, null, 2)}\n`);
    await done(project, 'apply');
    expect(project.read('app/models/book.js')).toContain("year: { type: 'integer' }");
    expect(await done(project, 'apply')).toBe('nothing to do\n');
    const patch = await done(project, 'add', 'field', 'book', 'isbn:string', '--dry-run');
    writeFileSync(join(project.root, 'patch'), patch);
    expect(patch).toContain('+++ b/app/models/book.js');
  });

  test('routes name the files of the layout', async () => {
    const { project } = await withBooks('prefixed');
    const { routes } = JSON.parse(await done(project, 'routes', '--json')) as {
      routes: { method: string; path: string; file: string }[];
    };
    expect(routes).toContainEqual(
      expect.objectContaining({
        method: 'GET',
        path: '/api/books/:id',
        file: 'src/app/routes/books.ts',
      }),
    );
    for (const { file } of routes) expect(project.read(file)).not.toBe('');
  });

  test('doctor says how to mount it, and is content when it is', async () => {
    const { project, said } = await withBooks('generator');
    linkPackages(project);
    const mongo = await start();
    onTestFinished(() => mongo.stop());
    const examine = () =>
      tool(['doctor'], { cwd: project.root, env: { MONGODB_URI: mongo.uri }, timeout: 60_000 });
    const before = await examine();
    expect(before.code).toBe(1);
    expect(before.out.match(/^FAIL.*$/gm)).toEqual([
      expect.stringContaining("require('./app/mount.js').mountApi(app, "),
    ]);
    mountAsSaid(project, said);
    const after = await examine();
    expect([after.code, after.out.match(/^FAIL.*$/gm)]).toEqual([0, null]);
    expect(after.out).toContain('app.js mounts the API');
  });

  test('what cannot be carried is refused in one line, and nothing is written', async () => {
    const { project } = await withBooks('minimal');
    const before = snapshot(project.root);
    for (const words of [
      ['add', 'page', 'about'],
      ['add', 'webhook', 'github'],
      ['add', 'automation', 'digest'],
      ...['dashboard', 'forms', 'webhooks', 'pages'].map((name) => ['add', 'feature', name]),
    ]) {
      const { code, out, err } = await project.run(...words);
      expect([words, code, out]).toEqual([words, 1, '']);
      expect(err).toMatch(/^error: [^\n]* to an application that this tool did not make [^\n]*\n$/);
    }
    expect(snapshot(project.root)).toEqual(before);
  });

  test('a file in the way of the second resource is named, and nothing is written', async () => {
    const { project } = await withBooks('minimal');
    project.write('app/services/authors.js', 'export const mine = 1;\n');
    const before = snapshot(project.root);
    const refused = await project.run('add', 'resource', 'author', 'name:string');
    expect(refused.code).toBe(3);
    expect(refused.out + refused.err).toContain('app/services/authors.js');
    expect(snapshot(project.root)).toEqual(before);
    rmSync(join(project.root, 'app/services/authors.js'));
    await done(project, 'add', 'resource', 'author', 'name:string');
  });
});
