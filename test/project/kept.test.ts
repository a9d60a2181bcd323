import { expect, test } from 'vitest';
import { keptOf } from '../../src/project/kept.ts';
import { openProject } from '../../src/project/open.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { make, tools } from '../laws/workshop.ts';
import { shop, temporaryFolder } from './support.ts';

test('files that follow from the templates alone are kept, but for one that is asked for, and in another language', async () => {
  const root = `${temporaryFolder()}/shop`;
  await make(root, shop);
  const { state, spec, templates } = await openProject({ root, ...tools });
  const { generator } = state;
  const kept = (next: Spec, asked: readonly string[] = []) =>
    keptOf(state, next, templates, generator, new Set(asked)).paths;
  expect(kept(spec)).toContain('app/core/api.ts');
  expect(kept(spec)).not.toContain('app/routes/index.ts');
  expect(kept(spec, ['app/core/api.ts'])).not.toContain('app/core/api.ts');
  const beside = { folder: 'app', ending: 'ts', modules: 'esm', imports: 'ts' } as const;
  expect(kept({ ...spec, beside })).not.toContain('app/core/api.ts');
});

test('files of a resource are kept for the same program with the same templates alone', async () => {
  const root = `${temporaryFolder()}/shop`;
  await make(root, shop);
  const { state, spec, templates } = await openProject({ root, ...tools });
  const { generator } = state;
  const kept = (running: typeof generator) =>
    [...keptOf(state, spec, templates, running, new Set()).resources].sort();
  expect(kept(generator)).toEqual(Object.keys(shop.resources).sort());
  expect(kept({ ...generator, version: '99.0.0' })).toEqual([]);
  expect(kept({ ...generator, templates: 'others' })).toEqual([]);
});
