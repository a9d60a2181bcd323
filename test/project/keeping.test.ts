import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { transaction } from '../../src/apply/transaction.ts';
import { undoEntries } from '../../src/apply/undo.ts';
import { patchOf } from '../../src/cli/patch.ts';
import { adoptPlan } from '../../src/project/adopt.ts';
import { diffProject } from '../../src/project/diff.ts';
import { ejectPlan } from '../../src/project/eject.ts';
import { statusOf } from '../../src/project/status.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { diverge } from '../half-merged.ts';
import {
  contents,
  edit,
  make,
  planFor,
  read,
  redo,
  run,
  tools,
  undo,
  write,
} from '../laws/workshop.ts';
import { addResource, removeResource } from './edits.ts';
import { shop, temporaryFolder } from './support.ts';

const same = (spec: Spec): Spec => spec;
const at = '2026-01-01T00:00:00Z';
const review = addResource('review', { text: { type: 'string' } });

async function fresh(): Promise<string> {
  const root = path.join(temporaryFolder(), 'shop');
  await make(root, shop);
  return root;
}

test('status: edited, deleted and moved files, with line ends no edit', async () => {
  const root = await fresh();
  expect(await statusOf({ root, ...tools })).toMatchObject({ rows: [], unapplied: false });
  edit(root, 'run.ts', (text) => `${text}// mine\n`);
  edit(root, 'config.ts', (text) => text.replaceAll('\n', '\r\n'));
  rmSync(path.join(root, 'Dockerfile'));
  mkdirSync(path.join(root, 'lib'));
  renameSync(path.join(root, 'app/ops/limits.ts'), path.join(root, 'lib/limits.ts'));
  edit(root, 'flask-style.json', (text) => text.replace('"pages": false', '"pages": true'));
  expect(await statusOf({ root, ...tools })).toMatchObject({
    rows: [
      { path: 'Dockerfile', status: 'deleted' },
      { path: 'app/ops/limits.ts', status: 'moved', at: 'lib/limits.ts' },
      { path: 'flask-style.json', status: 'edited' },
      { path: 'run.ts', status: 'edited' },
    ],
    unapplied: true,
  });
});

test('diff: the own edits, and what the spec would bring', async () => {
  const root = await fresh();
  edit(root, 'run.ts', (text) => `${text}// mine\n`);
  edit(root, 'flask-style.json', (text) => text.replace('"name": "shop"', '"name": "store"'));
  const { yours, pending } = await diffProject({ root, ...tools });
  expect(yours.map(({ path: file }) => file)).toEqual(['flask-style.json', 'run.ts']);
  expect(pending.map(({ path: file }) => file)).toContain('app/info.ts');
  expect(pending.map(({ path: file }) => file)).not.toContain('run.ts');
  const one = await diffProject({ root, ...tools }, 'run.ts');
  expect(one).toMatchObject({ yours: [{ path: 'run.ts', kind: 'update' }], pending: [] });
  await expect(diffProject({ root, ...tools }, 'rum.ts')).rejects.toMatchObject({ code: 1 });
});

test('diff shows what was edited in a file with other line ends, and not its line ends', async () => {
  const root = await fresh();
  edit(root, 'run.ts', (text) => `\uFEFF${text}// mine\n`.replaceAll('\n', '\r\n'));
  edit(root, 'config.ts', (text) => text.replaceAll('\n', '\r\n'));
  const { yours } = await diffProject({ root, ...tools });
  expect(yours.map(({ path: file }) => file)).toEqual(['run.ts']);
  const patch = Buffer.from(patchOf(yours)).toString();
  expect(patch.match(/^[+-](?![+-]).*$/gm)).toEqual(['+// mine']);
});

test('the spec keeps its comments and order; a hand edit that was not applied goes along and is told', async () => {
  const root = await fresh();
  edit(root, 'flask-style.json', (text) =>
    text.replace('"name": "shop"', '// ours since 2024\n  "name": "store"'),
  );
  const plan = await run(root, { next: review });
  expect(plan.notes).toEqual([expect.stringContaining('not applied yet')]);
  const text = read(root, 'flask-style.json');
  expect(text).toContain('// ours since 2024');
  expect(text).toContain('"review"');
  expect(read(root, 'app/info.ts')).toContain("'store'");
  expect((await run(root, { next: same })).changes).toEqual([]);
});

test('a resource that was written by hand, without what follows, is applied and stays as it was written', async () => {
  const root = await fresh();
  edit(root, 'flask-style.json', (text) =>
    text.replace(
      '"resources": {',
      '"resources": {\n    "review": { "fields": { "text": { "type": "string" } } },',
    ),
  );
  const written = read(root, 'flask-style.json');
  await run(root, { next: same });
  expect(read(root, 'flask-style.json')).toBe(written);
  expect(contents(root)).toHaveProperty(['app/models/review.ts']);
  expect((await run(root, { next: same })).changes).toEqual([]);
});

test('an earlier command is undone while later ones stay', async () => {
  const root = await fresh();
  await run(root, { next: review }, 'add resource review');
  await run(
    root,
    { next: addResource('order', { total: { type: 'number' } }) },
    'add resource order',
  );
  edit(root, 'app/models/order.ts', (text) => `${text}// mine\n`);
  const [, first] = await undoEntries(root);
  expect(first?.command).toBe('add resource review');
  await undo(root, {}, first?.id);
  const now = contents(root);
  expect(now).not.toHaveProperty(['app/models/review.ts']);
  expect(now['app/models/order.ts']).toContain('// mine');
  expect(Object.keys(JSON.parse(now['.flask-style/state.json'] ?? '').spec.resources)).toEqual([
    'category',
    'product',
    'order',
  ]);
  expect((await run(root, { next: same })).changes).toEqual([]);
  expect(await redo(root)).toMatchObject({ conflicts: [] });
  expect(contents(root)).toHaveProperty(['app/models/review.ts']);
  expect((await run(root, { next: same })).changes).toEqual([]);
});

test('what two commands need stays with the second when the first is undone, and comes back with it', async () => {
  const root = await fresh();
  const hub = (spec: Spec): Spec => ({ ...spec, webhooks: { hub: { scheme: 'github' } } });
  const report = (spec: Spec): Spec => ({ ...spec, automations: { report: { every: '1d' } } });
  const noHub = ({ webhooks: _, ...spec }: Spec): Spec => spec;
  const noReport = ({ automations: _, ...spec }: Spec): Spec => spec;
  const files = () =>
    Object.keys(contents(root)).filter((file) => !file.startsWith('.flask-style/'));
  const bare = files();
  for (const next of [hub, report, noHub]) await run(root, { next });
  await undo(root, {}, '0002');
  expect(files()).toEqual(bare);
  await redo(root);
  await run(root, { next: noReport });
  // Both are gone, and with them the jobs that each of the two needs.
  await undo(root, {}, '0003');
  expect(files()).toContain('app/jobs/worker.ts');
  expect(files()).toContain('app/jobs.ts');
  const { rows } = await statusOf({ root, ...tools });
  expect(rows).toEqual([]);
  expect((await run(root, { next: same })).changes).toEqual([]);
});

test('undo keeps what was edited since, and refuses where it would be lost', async () => {
  const root = await fresh();
  await run(root, { next: review });
  edit(root, 'README.md', (text) => `${text}\nMine.\n`);
  edit(root, 'app/models/review.ts', (text) => `${text}// mine\n`);
  const before = contents(root);
  await expect(undo(root)).rejects.toMatchObject({ code: 3 });
  expect(contents(root)).toEqual(before);
  await undo(root, { decisions: new Map([['app/models/review.ts', 'ours']]) });
  expect(read(root, 'README.md')).toContain('Mine.');
  expect(read(root, 'README.md')).not.toContain('review');
  expect(read(root, 'app/models/review.ts')).toContain('// mine');
  expect((await run(root, { next: same })).changes).toEqual([]);
});

test('there is nothing to undo or redo', async () => {
  const root = await fresh();
  await expect(undo(root)).rejects.toMatchObject({ code: 1, message: 'there is nothing to undo' });
  await run(root, { next: review }, 'add resource review');
  await undo(root);
  await run(root, { next: removeResource('product') }, 'remove resource product');
  await expect(redo(root)).rejects.toMatchObject({
    code: 1,
    message: 'there is nothing to redo: remove resource product was run since',
  });
});

test('adopt: a lost state is made anew; differences count as edits, what is missing stays so', async () => {
  const root = await fresh();
  const first = contents(root);
  await expect(adoptPlan({ root, ...tools })).rejects.toMatchObject({ code: 1 });
  rmSync(path.join(root, '.flask-style'), { recursive: true });
  edit(root, 'run.ts', (text) => `${text}// mine\n`);
  rmSync(path.join(root, 'Dockerfile'));
  const plan = await transaction(root, { command: 'adopt', at }, () =>
    adoptPlan({ root, ...tools }),
  );
  expect(plan).toMatchObject({ edited: ['run.ts'], missing: ['Dockerfile'] });
  const bases = Object.keys(first).filter((file) => file.startsWith('.flask-style/base/'));
  expect(Object.keys(contents(root))).toEqual(expect.arrayContaining(bases));
  await run(root, { next: review });
  expect(read(root, 'run.ts')).toContain('// mine');
  expect(contents(root)).not.toHaveProperty('Dockerfile');
  expect(read(root, 'app/routes/index.ts')).toContain('review');
});

test('eject: the memory goes and what undo kept with it, everything else stays to the byte', async () => {
  const root = await fresh();
  await run(root, { next: review });
  const first = contents(root);
  write(root, '.flask-style/templates/project/own.txt', 'mine\n');
  const eject = () =>
    transaction(root, { command: 'eject', at, forgets: true }, () => ejectPlan(root));
  await eject();
  const left = Object.entries(first).filter(([file]) => !file.startsWith('.flask-style/'));
  expect(contents(root)).toEqual({
    ...Object.fromEntries(left),
    '.flask-style/templates/project/own.txt': 'mine\n',
  });
  expect(readdirSync(path.join(root, '.flask-style'))).toEqual(['templates']);
  await expect(planFor(root, { next: same })).rejects.toMatchObject({ code: 4 });
  expect((await eject()).changes).toEqual([]);
  await transaction(root, { command: 'adopt', at }, () => adoptPlan({ root, ...tools }));
  expect(Object.keys(contents(root)).sort()).toEqual(
    [...Object.keys(first), '.flask-style/templates/project/own.txt'].sort(),
  );
});

test('eject ends what a killed one had begun: only what undo keeps was left', async () => {
  const root = await fresh();
  await transaction(root, { command: 'eject', at }, () => ejectPlan(root));
  expect(readdirSync(path.join(root, '.flask-style'))).toEqual(['undo']);
  const eject = { command: 'eject', at, forgets: true } as const;
  await transaction(root, eject, () => ejectPlan(root));
  expect(existsSync(path.join(root, '.flask-style'))).toBe(false);
});

test('a state that is lost does not keep eject from it; one of a newer version does', async () => {
  const root = await fresh();
  const state = read(root, '.flask-style/state.json');
  write(root, '.flask-style/state.json', state.replace('"format": 1', '"format": 9'));
  await expect(ejectPlan(root)).rejects.toMatchObject({ code: 4 });
  write(root, '.flask-style/state.json', '{');
  expect((await ejectPlan(root)).changes.length).toBeGreaterThan(3);
});

test('adopt taken back: what undo keeps stays out of git', async () => {
  const root = await fresh();
  rmSync(path.join(root, '.flask-style'), { recursive: true });
  await transaction(root, { command: 'adopt', at }, () => adoptPlan({ root, ...tools }));
  const adopted = contents(root);
  await undo(root);
  expect(readdirSync(path.join(root, '.flask-style')).sort()).toEqual(['.gitignore', 'undo']);
  expect(read(root, '.flask-style/.gitignore')).toContain('undo/');
  await redo(root);
  expect(contents(root)).toEqual(adopted);
});

test('adopt of a damaged state is taken back like anything else, and so are commands behind it', async () => {
  const root = await fresh();
  edit(root, '.flask-style/state.json', (text) => `${text}x`);
  const damaged = contents(root);
  await transaction(root, { command: 'adopt', at }, () => adoptPlan({ root, ...tools }));
  const adopted = contents(root);
  await run(root, { next: review });
  await undo(root);
  expect(contents(root)).toEqual(adopted);
  await undo(root);
  expect(contents(root)).toEqual(damaged);
});

test('nothing is planned while git merges and a file of ours is not decided', async () => {
  const root = await fresh();
  const git = await diverge(root);
  for (const version of ['2', '3', '4']) {
    await git('update-index', '--index-version', version);
    expect((await git('merge', 'two')).exitCode).toBe(1);
    await expect(planFor(root, { next: same })).rejects.toMatchObject({
      code: 3,
      message: 'git is merging, and run.ts is not decided yet',
    });
    await git('merge', '--abort');
  }
  expect((await planFor(root, { next: same })).changes).toEqual([]);
});

test('an emitted file that is a link is neither read nor written', async () => {
  const root = await fresh();
  const outside = path.join(temporaryFolder(), 'index.ts');
  renameSync(path.join(root, 'app/models/index.ts'), outside);
  symlinkSync(outside, path.join(root, 'app/models/index.ts'));
  const text = readFileSync(outside, 'utf8');
  await expect(run(root, { next: review })).rejects.toMatchObject({
    code: 5,
    message: 'app/models/index.ts is a link; nothing is read or written through links',
  });
  expect(readFileSync(outside, 'utf8')).toBe(text);
});
