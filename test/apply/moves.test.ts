import { expect, test } from 'vitest';
import { told } from './planner.ts';

const lines = (word: string): string =>
  Array.from({ length: 20 }, (_, at) => `export const ${word}${at} = ${at};`).join('\n') + '\n';
const base = lines('a');
const theirs = base.replace('a0 = 0', 'a0 = 1000');
const mine = base.replace('a19 = 19', 'a19 = 7');
const merged = theirs.replace('a19 = 19', 'a19 = 7');

test('a moved file is a conflict that names the place; --yes takes it; a decision says it', async () => {
  const files = { 'app/a.ts': { base, theirs } };
  const others = { 'lib/a.ts': mine, 'lib/other.ts': lines('z') };
  const open = await told({ files, others });
  expect(open.changes).toMatchObject([
    {
      path: 'app/a.ts',
      kind: 'conflict',
      conflict: { kind: 'moved', reason: expect.stringContaining('lib/a.ts') },
    },
  ]);
  for (const wish of [
    { rules: { takeMoves: true } },
    { decisions: { 'app/a.ts': 'moved:lib/a.ts' } } as const,
  ]) {
    const { after, outcomes } = await told({ files, others, ...wish });
    expect(after).toEqual({ 'lib/a.ts': merged });
    expect(outcomes['app/a.ts']?.entry).toEqual({ at: 'lib/a.ts' });
  }
});

test('where it lies is remembered: it is merged there', async () => {
  const known = { at: 'lib/a.ts' };
  const { after, outcomes } = await told({
    files: { 'app/a.ts': { base, ours: mine, theirs, known } },
  });
  expect(after).toEqual({ 'lib/a.ts': merged });
  expect(outcomes['app/a.ts']?.entry).toEqual(known);
});

test('two places that look alike are both named, and --yes takes neither', async () => {
  const others = { 'lib/a.ts': mine, 'old/a.ts': mine };
  const { changes } = await told({
    files: { 'app/a.ts': { base, theirs } },
    others,
    rules: { takeMoves: true },
  });
  expect(changes).toMatchObject([{ kind: 'conflict', conflict: { kind: 'moved' } }]);
  expect(changes[0]?.conflict?.reason).toContain('lib/a.ts or old/a.ts');
});

test('of two places that look alike the one that kept its name is it, when it is the likelier one', async () => {
  const files = { 'app/a.ts': { base, theirs } };
  const rules = { takeMoves: true };
  const other = mine.replace('a18 = 18', 'a18 = 8');
  const { after } = await told({ files, others: { 'lib/a.ts': mine, 'lib/b.ts': other }, rules });
  expect(after).toEqual({ 'lib/a.ts': merged });
  const likelier = { 'lib/a.ts': other, 'lib/b.ts': mine };
  const open = await told({ files, others: likelier, rules });
  expect(open.changes).toMatchObject([{ kind: 'conflict', conflict: { kind: 'moved' } }]);
});

test('a file that was moved is merged as it would have been emitted there, and goes when only its imports changed', async () => {
  const known = { at: 'app/api/a.ts' };
  const code =
    "import { b } from './b.ts';\nimport { c } from '../lib/c.ts';\n\nexport const a = b + c;\n";
  const moved = code.replace('./b', '../b').replace('../lib', '../../lib');
  const wanted = code.replace('./b.ts', './d.ts').replace('b + c', 'b * c');
  const { after, changes } = await told({
    files: { 'app/a.ts': { base: code, ours: `${moved}// mine\n`, theirs: wanted, known } },
  });
  expect(changes.map(({ kind }) => kind)).toEqual(['update']);
  expect(after).toEqual({
    'app/api/a.ts': `${moved.replace('../b.ts', '../d.ts').replace('b + c', 'b * c')}// mine\n`,
  });
  const gone = await told({ files: { 'app/a.ts': { base: code, ours: moved, known } } });
  expect(gone.changes).toMatchObject([{ path: 'app/api/a.ts', kind: 'delete' }]);
});

test('the very content wins over what only looks alike', async () => {
  const { after } = await told({
    files: { 'app/a.ts': { base, theirs } },
    others: { 'lib/a.ts': base, 'old/a.ts': mine },
    rules: { takeMoves: true },
  });
  expect(after).toEqual({ 'lib/a.ts': theirs });
});

test('a file that has little in common is no move', async () => {
  const { kinds } = await told({
    files: { 'app/a.ts': { base, theirs } },
    others: { 'lib/a.ts': lines('z') },
  });
  expect(kinds).toEqual({ 'app/a.ts': 'keep' });
});

test('two files of a folder were moved: the third is looked for beside them first', async () => {
  const far = lines('z');
  const { after } = await told({
    files: { 'app/c.ts': { base, theirs } },
    others: { 'lib/c.ts': mine.replaceAll('export ', ''), 'app/copy.ts': base, 'lib/z.ts': far },
    moved: { 'app/a.ts': 'lib/a.ts', 'app/b.ts': 'lib/b.ts' },
    rules: { takeMoves: true, conflicts: 'ours' },
  });
  expect(Object.keys(after)).toEqual(['lib/c.ts']);
});

test('a move to a place that is empty is refused', async () => {
  const decisions = { 'app/a.ts': 'moved:lib/none.ts' } as const;
  await expect(told({ files: { 'app/a.ts': { base, theirs } }, decisions })).rejects.toMatchObject({
    code: 1,
    message: expect.stringContaining('lib/none.ts'),
  });
});

test('a renamed file takes its edits along', async () => {
  const { after, kinds } = await told({
    files: { 'app/new.ts': { from: 'app/old.ts', base, ours: mine, theirs } },
  });
  expect(after).toEqual({ 'app/old.ts': null, 'app/new.ts': merged });
  expect(kinds).toEqual({ 'app/old.ts': 'delete', 'app/new.ts': 'create' });
});

test('a renamed file does not replace what lies there', async () => {
  const { kinds } = await told({
    files: { 'app/new.ts': { from: 'app/old.ts', base, ours: mine, theirs } },
    others: { 'app/new.ts': 'mine' },
  });
  expect(kinds).toEqual({ 'app/new.ts': 'conflict' });
});
