import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { transaction } from '../../src/apply/transaction.ts';
import { planUpdate } from '../../src/project/update.ts';
import { projectTree } from '../../src/project/tree.ts';
import { contents, edit, make, read, run, tools, undo } from '../laws/workshop.ts';
import { laterTemplates } from './later-templates.ts';
import { shop, temporaryFolder } from './support.ts';

const generator = { name: tools.generator.name, version: '9.0.0' };
const same = { next: <T>(spec: T): T => spec };

async function before(): Promise<{
  root: string;
  later: { templates: string; generator: typeof generator; update: true };
}> {
  const root = path.join(temporaryFolder(), 'shop');
  await make(root, shop);
  return { root, later: { templates: laterTemplates(), generator, update: true } };
}

test('an untouched project becomes what the later version would emit, and comes back', async () => {
  const { root, later } = await before();
  const first = contents(root);
  await run(root, { ...same, ...later }, 'update');
  const tree = await projectTree({ spec: shop, templates: later.templates, generator });
  const wanted = [...tree].map(([file, { content }]) => [file, Buffer.from(content).toString()]);
  expect(contents(root)).toEqual(Object.fromEntries(wanted));
  expect((await run(root, { ...same, ...later }, 'update')).changes).toEqual([]);
  await undo(root);
  expect(contents(root)).toEqual(first);
});

test('what there is to know about the versions in between is told, once', async () => {
  const { root, later } = await before();
  const releases = {
    '9.0.0': ['run db:sync'],
    '10.0.0': ['not yet'],
    [tools.generator.version]: ['known'],
    '2.1.0': ['limits count by half minutes', 'compose.yaml goes'],
  };
  writeFileSync(path.join(later.templates, 'releases.json'), JSON.stringify(releases));
  const { notes } = await planUpdate({ root, ...later });
  expect(notes).toEqual([
    '2.1.0: limits count by half minutes',
    '2.1.0: compose.yaml goes',
    '9.0.0: run db:sync',
  ]);
  await transaction(root, { command: 'update', at: '' }, () => planUpdate({ root, ...later }));
  expect((await planUpdate({ root, ...later })).notes).toEqual([]);
});

test('edits stay through all six kinds of change', async () => {
  const { root, later } = await before();
  edit(root, 'app/ops/limits.ts', (text) =>
    text.replace('legacyHeaders: false', 'legacyHeaders: true'),
  );
  edit(root, 'app/index.ts', (text) =>
    text.replace("app.use('/api'", "app.use(mine());\n  app.use('/api'"),
  );
  edit(root, 'app/ops/log.ts', (text) => `${text}\nexport const mine = 1;\n`);
  edit(root, 'package.json', (text) =>
    text
      .replace('"zod": "4.6.7"', '"zod": "5.0.0"')
      .replace('"scripts": {', '"scripts": {\n    "mine": "true",'),
  );
  await run(root, { ...same, ...later }, 'update');
  expect(read(root, 'app/ops/limits.ts')).toContain('windowMs = 30_000');
  expect(read(root, 'app/ops/limits.ts')).toContain('legacyHeaders: true');
  expect(read(root, 'app/index.ts')).toContain('app.use(mine());');
  expect(read(root, 'app/index.ts')).toContain('app.use(notices);');
  expect(read(root, 'app/ops/logs/log.ts')).toContain('export const mine = 1;');
  expect(contents(root)).not.toHaveProperty('app/ops/log.ts');
  expect(contents(root)).not.toHaveProperty('compose.yaml');
  const { scripts, dependencies } = JSON.parse(read(root, 'package.json'));
  // The newer of two versions of one package is the user's.
  expect(dependencies).toMatchObject({ zod: '5.0.0', express: '5.4.0' });
  expect(scripts).toHaveProperty('mine', 'true');
});

test('what is removed and was edited is a conflict; what the user moved is merged where it lies', async () => {
  const { root, later } = await before();
  edit(root, 'compose.yaml', (text) => `${text}# mine\n`);
  await expect(run(root, { ...same, ...later }, 'update')).rejects.toMatchObject({
    code: 3,
    message: expect.stringContaining('compose.yaml'),
  });
  const decisions = new Map([['compose.yaml', 'ours'] as const]);
  mkdirSync(path.join(root, 'lib'));
  renameSync(path.join(root, 'app/ops/limits.ts'), path.join(root, 'lib/limits.ts'));
  edit(root, 'app/index.ts', (text) => text.replace('./ops/limits.ts', '../lib/limits.ts'));
  const plan = await run(root, { ...same, ...later, decisions, takeMoves: true }, 'update');
  expect(read(root, 'compose.yaml')).toContain('# mine');
  expect(read(root, 'lib/limits.ts')).toContain('windowMs = 30_000');
  expect(contents(root)).not.toHaveProperty('app/ops/limits.ts');
  expect(plan.conflicts).toEqual([]);
  const { files } = JSON.parse(read(root, '.flask-style/state.json'));
  expect(files['app/ops/limits.ts']).toMatchObject({ at: 'lib/limits.ts' });
  expect(files).not.toHaveProperty('compose.yaml');
});

test('another command does not bring the later version in by the way', async () => {
  const { root, later } = await before();
  const { templates } = later;
  const first = contents(root);
  await expect(run(root, { ...same, templates, generator })).rejects.toMatchObject({
    code: 4,
    message: expect.stringContaining('generated by version'),
  });
  // The same templates under a newer version are none of its business.
  expect((await run(root, { ...same, generator })).conflicts).toEqual([]);
  expect(contents(root)['.flask-style/state.json']).not.toBe(first['.flask-style/state.json']);
});

test('a project of a later version is left alone', async () => {
  const { root, later } = await before();
  await run(root, { ...same, ...later }, 'update');
  await expect(run(root, same)).rejects.toMatchObject({
    code: 4,
    message: `this project was generated by ${generator.name} 9.0.0; this is ${tools.generator.version}`,
  });
  // Also where the templates are the same, or are to be brought in.
  await expect(run(root, { ...same, ...later, generator: tools.generator })).rejects.toMatchObject({
    code: 4,
    hint: `use ${generator.name} 9.0.0 or later`,
  });
});
