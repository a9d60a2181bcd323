import { expect, test } from 'vitest';
import { reconcile, refuseConflicts } from '../../src/apply/reconcile.ts';
import { treeOf } from './support.ts';

const base = (digit: string): string => `.flask-style/base/${digit.repeat(64)}`;

function messageFor(paths: readonly string[]): string {
  const ours = new Map(paths.map((path) => [path, new Uint8Array()]));
  const tree = treeOf(Object.fromEntries(paths.map((path) => [path, ''])));
  try {
    refuseConflicts(reconcile(ours, tree));
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

test('a path that exists is a conflict, even with the same bytes; any other is created', () => {
  const tree = treeOf({ a: 'same', b: 'new' });
  const changes = reconcile(new Map([['a', Buffer.from('same')]]), tree);
  expect(changes).toMatchObject([
    { path: 'a', kind: 'conflict', conflict: { kind: 'exists' } },
    { path: 'b', kind: 'create', after: Buffer.from('new'), mode: 0o644 },
  ]);
});

test('G19 every conflict is listed, stored bases in one word', () => {
  expect(messageFor([])).toBe('');
  expect(messageFor(['a'])).toBe('this path exists and would be overwritten: a');
  expect(messageFor(['a', base('1'), base('2'), 'z'])).toBe(
    'these 4 paths exist and would be overwritten: a, z, .flask-style/base/* (2 files)',
  );
  expect(messageFor([base('1')])).toContain('.flask-style/base/* (1 file)');
});
