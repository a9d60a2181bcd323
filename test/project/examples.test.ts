import path from 'node:path';
import { expect, test } from 'vitest';
import { examples } from '../../src/project/examples.ts';

test('the examples: their names, one line about each, valid specs', async () => {
  const all = await examples(path.resolve(import.meta.dirname, '../..'));
  expect(all.map(({ name }) => name)).toEqual([
    'minimal',
    'bookshop',
    'course',
    'kitchen-sink',
    'tasks',
    'inventory',
  ]);
  for (const { what, spec } of all) {
    expect(what).toMatch(/^[^\n]{10,}$/);
    expect(Object.keys(spec.resources).length).toBeGreaterThan(0);
  }
});
