import { expect, test } from 'vitest';
import type { Question } from '../../src/apply/reconcile/index.ts';
import { told } from './planner.ts';

const base = 'first\n\na = 1\n\nlast\n';
const ours = base.replace('a = 1', 'a = 2').replace('last', 'last of mine');
const theirs = base.replace('a = 1', 'a = 3').replace('first', 'first of theirs');
const files = { 'a.txt': { kind: 'text', base, ours, theirs } } as const;

test('by default a conflict stays one, with both sides', async () => {
  const { changes } = await told({ files });
  expect(changes).toMatchObject([
    {
      kind: 'conflict',
      conflict: { kind: 'merge', hunks: [{ ours: ['a = 2'], base: ['a = 1'], theirs: ['a = 3'] }] },
    },
  ]);
});

test('ours: the own side in that place, everything else merged, and what was skipped is remembered', async () => {
  const { after, outcomes } = await told({ files, rules: { conflicts: 'ours' } });
  expect(after).toEqual({ 'a.txt': 'first of theirs\n\na = 2\n\nlast of mine\n' });
  expect(outcomes['a.txt']?.pending).toMatchObject({ path: 'a.txt', hunks: 1, skipped: true });
});

test('theirs, decided: the other side in that place, own edits elsewhere stay', async () => {
  const { after, outcomes } = await told({ files, decisions: { 'a.txt': 'theirs' } });
  expect(after).toEqual({ 'a.txt': 'first of theirs\n\na = 3\n\nlast of mine\n' });
  expect(outcomes['a.txt']?.pending).toBeUndefined();
});

test('markers: both sides in the file, and it waits', async () => {
  const { after, outcomes, kinds } = await told({ files, rules: { conflicts: 'markers' } });
  expect(kinds).toEqual({ 'a.txt': 'update' });
  expect(after['a.txt']).toContain('<<<<<<< ');
  expect(after['a.txt']).toContain('a = 2');
  expect(after['a.txt']).toContain('a = 3');
  expect(outcomes['a.txt']?.pending).toEqual({ path: 'a.txt', hunks: 1 });
});

test('no markers in JSON: it would not parse', async () => {
  const json = {
    'a.json': { kind: 'json', base: '{"a":1}\n', ours: '{"a":2}\n', theirs: '{"a":3}\n' },
  } as const;
  const { kinds } = await told({ files: json, rules: { conflicts: 'markers' } });
  expect(kinds).toEqual({ 'a.json': 'conflict' });
});

test('ask: each conflict once, with what may be answered; no answer leaves it one', async () => {
  const asked: Question[] = [];
  const ask = async (question: Question) => {
    asked.push(question);
    return question.change.path === 'a.txt' ? ('ours' as const) : undefined;
  };
  const { kinds } = await told({
    files: { ...files, 'b.ts': { base: 'export {};\n', ours: 'export { a };\n' } },
    rules: { conflicts: 'ask', ask },
  });
  expect(asked.map(({ change, answers }) => [change.path, answers])).toEqual([
    ['a.txt', ['ours', 'theirs']],
    ['b.ts', ['ours', 'delete', 'theirs']],
  ]);
  expect(kinds).toEqual({ 'a.txt': 'update', 'b.ts': 'conflict' });
});

test('a file with markers in it is not merged again', async () => {
  const marked = `<<<<<<< yours\n${ours}=======\n${theirs}>>>>>>> theirs\n`;
  await expect(
    told({ files: { 'a.txt': { ...files['a.txt'], ours: marked } } }),
  ).rejects.toMatchObject({
    code: 3,
    message: expect.stringContaining('a.txt holds conflict markers'),
  });
});

test('a decision about a path that nothing is to be decided about is a mistake', async () => {
  const clean = { 'a.txt': { kind: 'text', base, ours: base, theirs } } as const;
  await expect(told({ files: clean, decisions: { 'b.txt': 'ours' } })).rejects.toMatchObject({
    code: 1,
  });
  await expect(told({ files, decisions: { 'a.txt': 'restore' } })).rejects.toMatchObject({
    code: 1,
    hint: 'one of: ours, theirs',
  });
});
