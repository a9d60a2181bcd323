import { describe, expect, test, vi } from 'vitest';
import { laterTool } from './later.ts';
import type { Project } from './project.ts';
import { expectCompiles } from './starters/compiles.ts';
import { served, withBooks } from './starters/index.ts';
import { mountAsSaid } from './starters/mount.ts';
import { node, snapshot, type Ended } from './tool.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 60_000 });

let later: Promise<string> | undefined;

/** The later version of the tool, in a project. */
async function later9(project: Project, ...words: string[]): Promise<Ended> {
  later ??= laterTool();
  return node([await later, ...words], { cwd: project.root, timeout: 120_000 });
}

const update = (project: Project, ...words: string[]): Promise<Ended> =>
  later9(project, 'update', ...words);

/** A starter with books, mounted. */
async function withBook(name: 'generator' | 'prefixed'): Promise<Project> {
  const { project, said } = await withBooks(name);
  mountAsSaid(project, said);
  return project;
}

const cases = [
  {
    name: 'generator',
    at: (path: string) => `app/${path}.js`,
    start: ['bin/www'],
    entry: 'app.js',
    own: '/users',
    imported: "const { mine } = require('./inspect.js');\n",
    moved: "require('./reading/inspect.js')",
  },
  {
    name: 'prefixed',
    at: (path: string) => `src/app/${path}.ts`,
    start: ['--import', 'tsx', 'src/index.ts'],
    entry: 'src/server.ts',
    own: '/api/accounts',
    imported: "import { mine } from './inspect.js';\n",
    moved: "from './reading/inspect.js'",
  },
] as const;

/** Edits in every file that the later version changes, and in the user's own entry. */
function edit(project: Project, { name, at, entry, imported }: (typeof cases)[number]): void {
  project.edit(
    at('services/books'),
    'crud(context, book)',
    `crud(context, book, {
    // The rule of the shop.
    beforeWrite: (document) => {
      document.title = document.title.trim();
    },
  })`,
  );
  project.edit(at('core/context'), 'body: 100_000', 'body: 200_000');
  project.edit(at('mount'), 'console.info(message, details)', "console.info('mine', message)");
  project.edit(at('core/writes'), 'mostTries = 5', 'mostTries = 7');
  const file = at('core/inspect');
  const text = project.read(file);
  project.write(
    file,
    name === 'generator'
      ? text.replace(
          'module.exports = { inspect };',
          "const mine = 'mine';\n\nmodule.exports = { inspect, mine };",
        )
      : `${text}\nexport const mine = 'mine';\n`,
  );
  // A file that the later version leaves alone imports what it moves.
  project.edit(
    at('core/revision'),
    name === 'generator' ? 'const { headerProblem' : 'import { headerProblem',
    `${imported}${name === 'generator' ? 'const' : 'import'} { headerProblem`,
  );
  project.edit(
    at('core/revision'),
    '`"${revisionOf(document)}"`',
    '`"${revisionOf(document)}${mine}"`',
  );
  const app = name === 'generator' ? 'app' : 'this.app';
  project.edit(
    entry,
    `${app}.use(express.json());`,
    `${app}.use((req, res, next) => {\n  res.setHeader('X-Mine', 'mine');\n  next();\n});\n${app}.use(express.json());`,
  );
}

/** What the application answers: the resource with the rule of the user, and a route of its own. */
async function answersOf(address: string, own: string): Promise<unknown> {
  const post = (body: object): Promise<Response> =>
    fetch(`${address}/api/books`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const made = await post({ title: ' Emma ' });
  const { title } = (await made.json()) as { title: string };
  const many = await post(['a', 'b', 'c'].map((title) => ({ title })));
  const theirs = await fetch(address + own);
  return {
    made: [made.status, title, made.headers.get('ETag'), made.headers.get('X-Layout')],
    many: many.status,
    own: [theirs.status, theirs.headers.get('X-Mine'), theirs.headers.get('X-Layout')],
  };
}

describe('update in a project that was not made by us', () => {
  test.each(cases)('$name: every kind of change of a later version, over edits', async (one) => {
    const project = await withBook(one.name);
    edit(project, one);
    const before = await answersOf(await served(project, one.start), one.own);
    expect(before).toMatchObject({ made: [201, 'Emma', '"1mine"', null], many: 201 });
    const first = snapshot(project.root);
    const entry = project.read(one.entry);
    const manifest = project.read('package.json');

    const { code, out, err } = await update(project);
    expect([code, err]).toEqual([0, '']);
    expect(project.read(one.entry)).toBe(entry);
    expect(project.read('package.json')).toBe(manifest);
    expect(out).toContain('note: package.json asks for zod ^4.6.7: install zod@^4.7.0\n');
    const { at } = one;
    expect(project.read(at('services/books'))).toContain('// The rule of the shop.');
    expect(project.read(at('services/books'))).toContain('the later version says so');
    expect(project.read(at('core/context'))).toMatch(/body: 200_000[^]*bulkItems: 2/);
    expect(project.read(at('core/writes'))).toContain('mostTries = 7');
    expect(project.read(at('core/writes'))).not.toContain('failedIndex');
    expect(project.read(at('mount'))).toContain("console.info('mine', message)");
    expect(project.read(at('core/reading/inspect'))).toContain("mine = 'mine'");
    expect(project.read(at('core/revision'))).toContain(one.moved);
    const paths = Object.keys(snapshot(project.root));
    expect(paths).toContain(at('core/notices'));
    for (const gone of [at('core/inspect'), at('core/failed-index')])
      expect(paths).not.toContain(gone);

    if (one.name === 'prefixed') await expectCompiles(project);
    expect(await answersOf(await served(project, one.start), one.own)).toMatchObject({
      made: [201, 'Emma', '"1mine"', '9'],
      many: 400,
      own: (before as { own: unknown }).own,
    });
    const again = await update(project);
    expect(again.out).toContain('nothing to do\n');
    expect([again.code, again.err]).toEqual([0, '']);

    const undone = await later9(project, 'undo');
    expect([undone.code, undone.err]).toEqual([0, '']);
    const back = snapshot(project.root);
    for (const [path, content] of Object.entries(first))
      if (!path.startsWith('.flask-style') && !path.startsWith('node_modules'))
        expect(back[path], path).toBe(content);
  });

  test.each(cases)('$name: what goes and is imported by their own code is asked', async (one) => {
    const project = await withBook(one.name);
    const line =
      one.name === 'generator'
        ? `const { failedIndex } = require('./app/core/failed-index');\n`
        : `import { failedIndex } from './app/core/failed-index.js';\n`;
    project.write(one.entry, line + project.read(one.entry));
    const before = snapshot(project.root);
    const refused = await update(project);
    expect(refused.code).toBe(3);
    expect(refused.out + refused.err).toContain(`${one.entry}:1 imports it`);
    expect(snapshot(project.root)).toEqual(before);
    const kept = await update(project, '--decide', `${one.at('core/failed-index')}=ours`);
    expect([kept.code, kept.err]).toEqual([0, '']);
    expect(project.read(one.at('core/failed-index'))).toContain('failedIndex');
    if (one.name === 'prefixed') await expectCompiles(project);
  });

  test.each(cases)('$name: their own code that imports what moves is named', async (one) => {
    const project = await withBook(one.name);
    const line =
      one.name === 'generator'
        ? "const { inspect } = require('./app/core/inspect');\n"
        : "import { inspect } from './app/core/inspect.js';\n";
    project.write(one.entry, line + project.read(one.entry));
    const { code, out } = await update(project);
    expect(code).toBe(0);
    const [from, to] = [one.at('core/inspect'), one.at('core/reading/inspect')];
    expect(out).toContain(`note: ${one.entry}:1 imports ${from}, which lies at ${to} now\n`);
  });

  test.each(cases)(
    '$name: an edit of what goes is a conflict, and nothing is written',
    async (one) => {
      const project = await withBook(one.name);
      const file = one.at('core/failed-index');
      project.write(file, `${project.read(file)}// mine\n`);
      const before = snapshot(project.root);
      const refused = await update(project);
      expect(refused.code).toBe(3);
      expect(refused.out + refused.err).toContain(file);
      expect(snapshot(project.root)).toEqual(before);
    },
  );
});
