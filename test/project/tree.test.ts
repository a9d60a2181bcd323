import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { planNew } from '../../src/project/create.ts';
import { projectTree } from '../../src/project/tree.ts';
import { generator, shop, templates, temporaryFolder } from './support.ts';

const tree = await projectTree({ spec: shop, templates, generator });
const textOf = (file: string): string => Buffer.from(tree.get(file)?.content ?? '').toString();

test('files are sorted by path', () => {
  expect([...tree.keys()]).toEqual([...tree.keys()].sort());
});

test('G25 the same input gives the same bytes', async () => {
  expect(await projectTree({ spec: shop, templates, generator })).toEqual(tree);
});

test('a base is named by the hash of its content; every merged file has one', () => {
  const bases = [...tree.keys()].filter((file) => file.startsWith('.flask-style/base/'));
  for (const file of bases) {
    const hash = createHash('sha256')
      .update(tree.get(file)?.content ?? '')
      .digest('hex');
    expect(path.basename(file)).toBe(hash);
  }
  const { files } = JSON.parse(textOf('.flask-style/state.json'));
  const merged = Object.entries<{ kind: string; base?: string }>(files).filter(
    ([, { kind }]) => kind !== 'seed' && kind !== 'bin',
  );
  expect(merged.length).toBeGreaterThan(50);
  for (const [, { base }] of merged) expect(bases).toContain(`.flask-style/base/${base}`);
});

test('the state names every emitted file, the generator and the spec', () => {
  const state = JSON.parse(textOf('.flask-style/state.json'));
  const others = [...tree.keys()].filter((file) => !file.startsWith('.flask-style/'));
  expect(Object.keys(state.files)).toEqual(others);
  expect(state).toMatchObject({ format: 1, minReader: 1, generator, spec: { name: 'shop' } });
  expect(state.files['app/models/product.ts']).toMatchObject({
    kind: 'ts',
    owner: 'resource:product',
  });
});

test('one line a file, so that two branches merge', () => {
  const lines = textOf('.flask-style/state.json').split('\n');
  expect(lines.filter((line) => line.includes('"app/models/product.ts"'))).toHaveLength(1);
});

test('the schema of the spec comes along, and git leaves the bases as they are', () => {
  expect(JSON.parse(textOf('.flask-style/schema.json'))).toHaveProperty('properties.resources');
  expect(textOf('.flask-style/.gitattributes')).toContain('base/* -text');
});

test('a template of the project takes the place of ours', async () => {
  const overrides = temporaryFolder();
  mkdirSync(path.join(overrides, 'project'), { recursive: true });
  writeFileSync(path.join(overrides, 'project/run.ts'), '// ours\n');
  const own = await projectTree({ spec: shop, templates, overrides, generator });
  expect(Buffer.from(own.get('run.ts')?.content ?? '').toString()).toBe('// ours\n');
});

test('G5 planning a project writes nothing', async () => {
  const root = path.join(temporaryFolder(), 'shop');
  const { changes, tree: planned } = await planNew({ root, spec: shop, templates, generator });
  expect(changes.map((change) => change.path)).toEqual([...planned.keys()]);
  expect(new Set(changes.map(({ kind }) => kind))).toEqual(new Set(['create']));
});
