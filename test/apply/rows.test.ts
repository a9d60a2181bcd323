import { expect, test } from 'vitest';
import { actionFor, rows, type Facts } from '../../src/apply/reconcile/rows.ts';
import { told } from './planner.ts';

const one = 'export const a = 1;\n\nexport const b = 1;\n\nexport const c = 1;\n';
const theirs = one.replace('a = 1', 'a = 2');
const ours = one.replace('c = 1', 'c = 3');
const both = theirs.replace('c = 1', 'c = 3');

test('every combination of facts has a row, and every row decides one', () => {
  const used = new Set<unknown>();
  for (const kind of ['ts', 'json', 'yaml', 'lines', 'text', 'bin', 'seed'] as const)
    for (const base of ['none', 'there'] as const)
      for (const mine of ['none', 'base', 'theirs', 'edited'] as const)
        for (const other of ['none', 'base', 'new'] as const)
          for (const gone of [true, false]) {
            const facts: Facts = { kind, base, ours: mine, theirs: other, gone };
            expect(() => actionFor(facts)).not.toThrow();
            used.add(
              rows.find((row) =>
                Object.entries(facts).every(
                  ([name, fact]) => row[name as keyof Facts]?.includes(fact as never) ?? true,
                ),
              ),
            );
          }
  expect(used.size).toBe(rows.length);
});

test('– – yes: created', async () => {
  const { kinds, after } = await told({ files: { 'a.ts': { theirs } } });
  expect(kinds).toEqual({ 'a.ts': 'create' });
  expect(after).toEqual({ 'a.ts': theirs });
});

test('– yes yes, the same: adopted, not touched', async () => {
  const { kinds, outcomes } = await told({ files: { 'a.ts': { ours: theirs, theirs } } });
  expect(kinds).toEqual({ 'a.ts': 'identical' });
  expect(outcomes['a.ts']?.entry).toEqual({});
});

test('– yes yes, not the same: a conflict, which either side ends', async () => {
  const files = { 'a.ts': { ours, theirs } };
  const open = await told({ files });
  expect(open.changes).toMatchObject([{ kind: 'conflict', conflict: { kind: 'exists' } }]);
  const mine = await told({ files, decisions: { 'a.ts': 'ours' } });
  expect(mine.kinds).toEqual({ 'a.ts': 'keep' });
  const other = await told({ files, decisions: { 'a.ts': 'theirs' } });
  expect(other.after).toEqual({ 'a.ts': theirs });
});

test('– yes yes, JSON or lines: both are brought together', async () => {
  const files = {
    'a.json': { kind: 'json', ours: '{ "mine": 1 }\n', theirs: '{ "yours": 2 }\n' },
    '.gitignore': { kind: 'lines', ours: 'mine\n', theirs: 'yours\n' },
  } as const;
  const { after } = await told({ files });
  expect(JSON.parse(after['a.json'] ?? '')).toEqual({ mine: 1, yours: 2 });
  expect(after['.gitignore']?.split('\n').sort()).toEqual(['', 'mine', 'yours']);
});

test('yes yes B = T: nothing, whatever was edited', async () => {
  const { changes, outcomes } = await told({ files: { 'a.ts': { base: one, ours, theirs: one } } });
  expect(changes).toEqual([]);
  expect(outcomes['a.ts']?.entry).toEqual({});
});

test('yes O ~ B, T ≠ B: replaced, line ends and byte order mark kept', async () => {
  const dressed = `\uFEFF${one.replaceAll('\n', '\r\n')}`;
  const { kinds, after } = await told({ files: { 'a.ts': { base: one, ours: dressed, theirs } } });
  expect(kinds).toEqual({ 'a.ts': 'update' });
  expect(after).toEqual({ 'a.ts': `\uFEFF${theirs.replaceAll('\n', '\r\n')}` });
});

test('yes edited, T ≠ B: merged', async () => {
  const { after } = await told({ files: { 'a.ts': { base: one, ours, theirs } } });
  expect(after).toEqual({ 'a.ts': both });
});

test('yes edited, and the generator came to the same: adopted', async () => {
  const { kinds } = await told({ files: { 'a.ts': { base: one, ours: theirs, theirs } } });
  expect(kinds).toEqual({ 'a.ts': 'identical' });
});

test('yes – B = T: it stays deleted, and nothing is recorded before it matters', async () => {
  const { changes, outcomes } = await told({ files: { 'a.ts': { base: one, theirs: one } } });
  expect(changes).toEqual([]);
  expect(outcomes['a.ts']?.entry).toEqual({});
});

test('yes – T ≠ B: it stays deleted, is told, and can be had back', async () => {
  const files = { 'a.ts': { base: one, theirs } };
  const { changes, outcomes } = await told({ files });
  expect(changes).toMatchObject([{ kind: 'keep', note: expect.stringContaining('=restore') }]);
  expect(outcomes['a.ts']?.entry).toEqual({ gone: 'user' });
  const back = await told({ files, decisions: { 'a.ts': 'restore' } });
  expect(back.after).toEqual({ 'a.ts': theirs });
  expect(back.outcomes['a.ts']?.entry).toEqual({});
  const again = await told({ files: { 'a.ts': { base: one, theirs, known: { gone: 'user' } } } });
  expect(again.outcomes['a.ts']?.entry).toEqual({ gone: 'user' });
  // Once that is known, a file that looks like it is another one.
  const known = { 'a.ts': { base: one, theirs, known: { gone: 'user' } } } as const;
  const alike = await told({ files: known, others: { 'mine.ts': one } });
  expect(alike.kinds).toEqual({ 'a.ts': 'keep' });
});

test('yes – T ≠ B, and another emitted file imports it: a conflict, unless that import is gone as well', async () => {
  const importer = "import { a } from './a.ts';\n";
  const gone = { base: one, theirs };
  const open = await told({
    files: { 'a.ts': gone, 'b.ts': { base: importer, ours: importer, theirs: importer } },
  });
  expect(open.kinds).toEqual({ 'a.ts': 'conflict' });
  expect(open.changes[0]?.conflict).toMatchObject({
    kind: 'deleted',
    reason: expect.stringContaining('b.ts'),
  });
  const done = await told({
    files: { 'a.ts': gone, 'b.ts': { base: importer, ours: '// nothing\n', theirs: importer } },
  });
  expect(done.kinds).toEqual({ 'a.ts': 'keep' });
  const decided = await told({
    files: { 'a.ts': gone, 'b.ts': { base: importer, ours: importer, theirs: importer } },
    decisions: { 'a.ts': 'delete' },
  });
  expect(decided.kinds).toEqual({ 'a.ts': 'keep' });
});

test('yes O ~ B –: deleted', async () => {
  const { kinds, after, outcomes } = await told({ files: { 'a.ts': { base: one, ours: one } } });
  expect(kinds).toEqual({ 'a.ts': 'delete' });
  expect(after).toEqual({ 'a.ts': null });
  expect(outcomes['a.ts']?.entry).toBeUndefined();
});

test('yes O ~ B –, and somebody imports it: a conflict', async () => {
  const files = { 'a.ts': { base: one, ours: one } };
  const others = { 'mine.ts': "import { a } from './a.ts';\n" };
  const open = await told({ files, others });
  expect(open.changes).toMatchObject([
    { kind: 'conflict', conflict: { kind: 'used', reason: expect.stringContaining('mine.ts') } },
  ]);
  const kept = await told({ files, others, decisions: { 'a.ts': 'ours' } });
  expect(kept.kinds).toEqual({ 'a.ts': 'keep' });
  const gone = await told({ files, others, decisions: { 'a.ts': 'delete' } });
  expect(gone.kinds).toEqual({ 'a.ts': 'delete' });
});

test('what is kept because it is imported keeps what it imports itself', async () => {
  const files = {
    'a.ts': { base: one, ours: one },
    'b.ts': { base: "import './a.ts';\n", ours: "import './a.ts';\n" },
    'c.ts': { base: one, ours: one },
  };
  const others = { 'mine.ts': "import './b.ts';\n" };
  const kept = await told({ files, others, rules: { conflicts: 'ours' } });
  expect(kept.kinds).toEqual({ 'a.ts': 'keep', 'b.ts': 'keep', 'c.ts': 'delete' });
  // Until it is decided, only what somebody uses is asked about.
  const open = await told({ files, others });
  expect(open.kinds).toEqual({ 'a.ts': 'delete', 'b.ts': 'conflict', 'c.ts': 'delete' });
});

test('yes edited –: a conflict; kept, it is no longer ours', async () => {
  const files = { 'a.ts': { base: one, ours } };
  const open = await told({ files });
  expect(open.changes).toMatchObject([{ kind: 'conflict', conflict: { kind: 'edited' } }]);
  const kept = await told({ files, decisions: { 'a.ts': 'ours' } });
  expect(kept.kinds).toEqual({ 'a.ts': 'keep' });
  expect(kept.outcomes['a.ts']?.entry).toBeUndefined();
  const gone = await told({ files, decisions: { 'a.ts': 'delete' } });
  expect(gone.kinds).toEqual({ 'a.ts': 'delete' });
});

test('yes – –: forgotten', async () => {
  const { changes, outcomes } = await told({ files: { 'a.ts': { base: one } } });
  expect(changes).toEqual([]);
  expect(outcomes['a.ts']?.entry).toBeUndefined();
});

test('a seed is written once; nothing that lies there is ever changed or deleted', async () => {
  const known = { kind: 'seed' } as const;
  const seed = { kind: 'seed', theirs: 'NEW=1\n' } as const;
  const { kinds, read } = await told({
    files: {
      '.env': seed,
      'b.env': { ...seed, ours: 'MINE=1\n' },
      'c.env': { ...seed, ours: 'MINE=1\n', known },
      'd.env': { ...seed, known },
      'e.env': { kind: 'seed', ours: 'MINE=1\n', known },
    },
  });
  expect(kinds).toEqual({ '.env': 'create' });
  expect(read).toContain('b.env');
});

test('a binary file is replaced while nobody touched it, and is a conflict then', async () => {
  const { kinds } = await told({
    files: {
      'a.png': { kind: 'bin', base: 'one', ours: 'one', theirs: 'two' },
      'b.png': { kind: 'bin', base: 'one', ours: 'mine', theirs: 'two' },
    },
  });
  expect(kinds).toEqual({ 'a.png': 'update', 'b.png': 'conflict' });
});
