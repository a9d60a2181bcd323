import { expect, test } from 'vitest';
import { keptOf } from '../../src/project/kept.ts';
import { openProject } from '../../src/project/open.ts';
import { make, tools } from '../laws/workshop.ts';
import { shop, temporaryFolder } from './support.ts';

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
