import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { hasTerminal, openTool } from './terminal.ts';
import { ownRule, shop, type Project } from './project.ts';
import { snapshot } from './tool.ts';

vi.setConfig({ testTimeout: 300_000 });

const model = 'app/models/product.ts';
const tuned = "title: { type: 'string', required: true, maxLength: 99 }";

/** A project in which the user and the spec want two things of one line. */
async function disputed(): Promise<Project> {
  const project = await shop();
  project.edit(model, "title: { type: 'string', required: true }", tuned);
  project.edit('flask-style.json', '"title": {', '"title": {\n          "maxLength": 50,');
  return project;
}

test('G38: a conflict is shown with both sides and the ways on; exit 3, nothing is written', async () => {
  const project = await disputed();
  const before = snapshot(project.root);
  const { code, out, err } = await project.run('apply');
  expect(code).toBe(3);
  expect(out).toContain(`conflict  ${model}: `);
  expect(out).toContain('maxLength: 99');
  expect(out).toContain('maxLength: 50');
  expect(err).toMatch(
    /^error: 1 conflict: app\/models\/product\.ts; nothing was written \(.*\)\n$/,
  );
  for (const way of ['--decide', '--conflicts=markers', '--conflicts=ours', '--conflicts=ask'])
    expect(err).toContain(way);
  const dry = await project.run('apply', '--dry-run', '--json');
  expect(dry.code).toBe(3);
  const document = JSON.parse(dry.out) as { files: { path: string; conflict?: object }[] };
  expect(document.files.find(({ path }) => path === model)?.conflict).toMatchObject({
    kind: 'merge',
    hunks: [{ ours: [expect.stringContaining('99')], theirs: [expect.stringContaining('50')] }],
  });
  expect(snapshot(project.root)).toEqual(before);
});

test('markers: exit 2, nothing else runs until they are gone, resolve ends it', async () => {
  const project = await disputed();
  const marked = await project.run('apply', '--conflicts', 'markers');
  expect(marked.code).toBe(2);
  expect(marked.err).toContain('between markers: app/models/product.ts');
  expect(project.read(model)).toMatch(/<{7} .*\n.*99.*\n\|{7} .*\n.*\n={7}\n.*50.*\n>{7} /);
  expect((await project.run('status')).out).toContain(`pending  ${model}`);
  const other = await project.run('add', 'resource', 'tag', 'word');
  expect([other.code, other.out]).toEqual([3, '']);
  const early = await project.run('resolve');
  expect([early.code, early.out]).toEqual([3, '']);
  const text = project.read(model);
  const [head = '', tail = ''] = [text.split('<<<<<<<')[0], text.split(/>{7}.*\n/)[1]];
  project.write(
    model,
    `${head}    title: { type: 'string', required: true, maxLength: 70 },\n${tail}`,
  );
  const done = await project.run('resolve');
  expect([done.code, done.err]).toEqual([0, '']);
  expect((await project.run('status')).out).not.toContain('pending');
  const next = await project.run('add', 'resource', 'tag', 'word');
  expect([next.code, next.err]).toEqual([0, '']);
  expect(project.read(model)).toContain('maxLength: 70');
});

test('ours: mine is kept, and the other side is offered again by resolve', async () => {
  const project = await disputed();
  const kept = await project.run('apply', '--conflicts', 'ours');
  expect([kept.code, kept.err]).toEqual([0, '']);
  expect(project.read(model)).toContain(tuned);
  expect((await project.run('status')).out).toContain(`skipped  ${model}`);
  const offered = await project.run('resolve');
  expect(offered.code).toBe(0);
  expect(offered.out).toContain(`--decide ${model}=theirs`);
  const taken = await project.run('resolve', '--decide', `${model}=theirs`);
  expect([taken.code, taken.err]).toEqual([0, '']);
  expect(project.read(model)).toContain('maxLength: 50');
  expect((await project.run('status')).out).not.toContain('skipped');
});

test('--decide: one path, either side; what decides nothing is refused', async () => {
  const project = await disputed();
  const refused = async (decision: string) => {
    const { code, out, err } = await project.run('apply', '--decide', decision);
    expect([code, out]).toEqual([1, '']);
    return err;
  };
  expect(await refused('app/models/produkt.ts=ours')).toContain('nothing is to be decided');
  expect(await refused(`${model}=mine`)).toContain('--decide cannot be "mine"');
  expect(await refused('ours')).toContain('says nothing about a path');
  const taken = await project.run('apply', '--decide', `./${model}=theirs`);
  expect([taken.code, taken.err]).toEqual([0, '']);
  expect(project.read(model)).toContain('maxLength: 50');
});

test('--conflicts=ask needs a terminal', async () => {
  const project = await disputed();
  const { code, out, err } = await project.run('apply', '--conflicts=ask');
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('--conflicts=ask');
});

test.skipIf(!hasTerminal)(
  'a session of --conflicts=ask: both sides, a list, and what was chosen',
  async () => {
    const project = await disputed();
    const terminal = await openTool(['apply', '--conflicts=ask'], project.root, 'NO_COLOR=1');
    const screen = await terminal.shows(/\? app\/models\/product\.ts: [^]*\(back\)/);
    expect(screen).toContain('| ');
    expect(screen).toContain('maxLength: 99');
    expect(screen).toContain('maxLength: 50');
    expect(screen).toContain('ours: keep mine');
    terminal.press('Down');
    await terminal.shows('❯ theirs: take what is generated');
    terminal.press('Enter');
    expect(await terminal.ended()).toBe(0);
    expect(project.read(model)).toContain('maxLength: 50');
  },
);

test.skipIf(!hasTerminal)('Ctrl-C at the question: exit 130, nothing is written', async () => {
  const project = await disputed();
  const before = snapshot(project.root);
  const terminal = await openTool(['apply', '--conflicts=ask'], project.root, 'NO_COLOR=1');
  await terminal.shows('(back)');
  terminal.press('C-c');
  expect(await terminal.ended()).toBe(130);
  expect(snapshot(project.root)).toEqual(before);
});

test.skipIf(!hasTerminal)('add resource without fields asks for them', async () => {
  const project = await shop();
  const terminal = await openTool(['add', 'resource', 'reviews'], project.root, 'NO_COLOR=1');
  await terminal.shows(/First field of review[^\n]*:$/);
  terminal.type('text:text:required');
  terminal.press('Enter');
  await terminal.shows(/Next field of review \(Enter: no more\):$/);
  terminal.type('product:ref:products');
  terminal.press('Enter');
  await terminal.shows(/product:ref:products\n\? Next field of review \(Enter: no more\):$/);
  terminal.press('Enter');
  expect(await terminal.ended()).toBe(0);
  expect(project.read('app/models/review.ts')).toContain("to: 'product'");
});

test('remove: what the user edited or still imports is a conflict, with its place', async () => {
  const project = await shop();
  project.write('app/services/products.ts', ownRule);
  project.write(
    'app/reports.ts',
    "import { product } from './models/product.ts';\n\nexport const plural = product.plural;\n",
  );
  const before = snapshot(project.root);
  const { code, out } = await project.run('remove', 'resource', 'product');
  expect(code).toBe(3);
  expect(out).toContain(
    'conflict  app/services/products.ts: it is no longer generated, and you have edited it',
  );
  expect(out).toMatch(/conflict {2}app\/models\/product\.ts: .*app\/reports\.ts:1/);
  expect(snapshot(project.root)).toEqual(before);
  const pointed = await project.run('remove', 'resource', 'categories');
  expect([pointed.code, pointed.out]).toEqual([1, '']);
  expect(pointed.err).toContain('product.category points to it');
});

test('remove field: code that uses it is a conflict, until it is changed or decided', async () => {
  const project = await shop();
  project.write('app/services/products.ts', ownRule);
  project.write(
    'app/mine.ts',
    "import type { Product } from './models/product.ts';\n\nexport const label = ({ title }: Product) => title;\n",
  );
  const before = snapshot(project.root);
  const { code, out } = await project.run('remove', 'field', 'product', 'title');
  expect(code).toBe(3);
  expect(out).toContain('app/mine.ts:3');
  expect(out).toContain('app/services/products.ts:12');
  expect(snapshot(project.root)).toEqual(before);
  project.edit(
    'app/services/products.ts',
    "if (document.title === 'x') document.title = 'y';",
    'document.price ??= 0;',
  );
  const decided = await project.run(
    'remove',
    'field',
    'product',
    'title',
    '--decide',
    'app/mine.ts=ours',
  );
  expect([decided.code, decided.err]).toEqual([0, '']);
  expect(decided.out).toContain('app/mine.ts:3');
  expect(project.read(model)).not.toContain('title');
});

/** What `--decide` is said to take, from the line of an error. */
const answersIn = (err: string): string[] =>
  (/--decide [^ =]+=(.*?)(?:;|\))/.exec(err)?.[1] ?? '').split(/, =| or =/);

test.each<{
  kind: string;
  path: string;
  args: string[];
  answers: string[];
  set: (project: Project) => void;
}>([
  {
    kind: 'a merge',
    path: model,
    args: ['apply'],
    answers: ['ours', 'theirs'],
    set: (project) => {
      project.edit(model, "title: { type: 'string', required: true }", tuned);
      project.edit('flask-style.json', '"title": {', '"title": {\n          "maxLength": 50,');
    },
  },
  {
    kind: 'an edited file that goes',
    path: 'app/static/css/style.css',
    args: ['remove', 'feature', 'pages'],
    answers: ['ours', 'delete'],
    set: (project) => project.write('app/static/css/style.css', 'body { color: red; }\n'),
  },
  {
    kind: 'a file that goes and is imported',
    path: model,
    args: ['remove', 'resource', 'product'],
    answers: ['delete', 'ours'],
    set: (project) => project.write('lib/own.ts', "import '../app/models/product.ts';\n"),
  },
  {
    kind: 'a field that goes and is used',
    path: 'app/services/products.ts',
    args: ['remove', 'field', 'product', 'title'],
    answers: ['ours'],
    set: (project) => project.write('app/services/products.ts', ownRule),
  },
  {
    kind: 'a file that may have moved',
    path: model,
    args: ['add', 'field', 'product', 'x'],
    answers: ['moved:lib/product.ts', 'restore', 'delete'],
    set: (project) => {
      project.write('lib/product.ts', project.read(model));
      rmSync(join(project.root, model));
    },
  },
  {
    kind: 'a deleted file that is needed',
    path: model,
    args: ['add', 'field', 'product', 'x'],
    answers: ['restore', 'delete', 'moved:<new path>'],
    set: (project) => rmSync(join(project.root, model)),
  },
])('$kind: the ways on that are named are those that are taken', async (one) => {
  const { path, args, answers, set } = one;
  const project = await shop();
  set(project);
  const { code, err } = await project.run(...args);
  expect([code, answersIn(err)]).toEqual([3, answers]);
  for (const answer of answers.filter((word) => !word.includes('<'))) {
    const decided = await project.run(...args, '--decide', `${path}=${answer}`, '--dry-run');
    expect([answer, decided.err.includes('cannot be decided so')]).toEqual([answer, false]);
  }
  for (const mode of ['ours', 'markers']) {
    const named = err.includes(`--conflicts=${mode}`);
    const { code: taken } = await project.run(...args, '--conflicts', mode, '--check');
    // Something is left to change: 1; still a conflict: 3.
    expect([mode, named, taken]).toEqual([mode, named, named ? 1 : 3]);
  }
});

test('a file in the way of a rename: moving it away is the way on', async () => {
  const project = await shop();
  project.write('app/models/item.ts', 'export {};\n');
  const { code, err } = await project.run('rename', 'resource', 'product', 'item');
  expect([code, err]).toEqual([
    3,
    'error: 1 conflict: app/models/item.ts; nothing was written (move app/models/item.ts away)\n',
  ]);
});
