import { expect, it } from 'vitest';
import { merge3 } from '../../src/merge/merge3.ts';
import { mergeLines } from '../../src/merge/text.ts';
import { clean, conflict } from './support.ts';

// The rows of section 2.3 of the design, on the merge of lines alone and on whole files.
const labels = { base: 'last generated 0.1.0', theirs: 'generator 0.2.0' };
const lines = (text: string) => text.split(' ');
const byLines = (ours: string, base: string, theirs: string) =>
  mergeLines(lines(ours), lines(base), lines(theirs), labels);

it('changes of neighbouring lines collide; with one untouched line between they do not', () => {
  expect(byLines('A b c', 'a b c', 'a B c').hunks).toHaveLength(1);
  expect(byLines('A b c', 'a b c', 'a b C').kept).toEqual(['A', 'b', 'C']);
});

it('both append something else, or insert next to an edited line: a conflict', () => {
  expect(byLines('a x', 'a', 'a y').hunks).toEqual([
    { line: 2, ours: ['x'], base: [], theirs: ['y'] },
  ]);
  expect(byLines('A', 'a', 'a y').hunks).toHaveLength(1);
  expect(byLines('b', 'a b', 'a x b').hunks).toHaveLength(1);
});

it('both append the same, or delete the same: once', () => {
  expect(byLines('a x', 'a', 'a x')).toMatchObject({ kept: ['a', 'x'], hunks: [] });
  expect(byLines('a', 'a b', 'a')).toMatchObject({ kept: ['a'], hunks: [] });
});

it('a line added at two places is there twice in text, once in a set of lines', async () => {
  expect(byLines('x a b c', 'a b c', 'a b c x').kept).toEqual(['x', 'a', 'b', 'c', 'x']);
  const base = 'a/\nb/\nc/\n';
  const merged = await clean('.gitignore', { base, ours: `x/\n${base}`, theirs: `${base}x/\n` });
  expect(merged).toBe(`x/\n${base}`);
});

it('a line that the user moved and the generator edits is a conflict', () => {
  expect(byLines('b c d a', 'a b c d', 'A b c d').hunks).toHaveLength(1);
});

it('only the line ends differ: clean, and they stay', async () => {
  const base = 'a\nb\nc\n';
  const ours = base.replaceAll('\n', '\r\n');
  expect(await clean('a.txt', { base, ours, theirs: 'a\nb\nC\nd\n' })).toBe('a\r\nb\r\nC\r\nd\r\n');
});

it('no final newline stays so, also when the generator appends', async () => {
  const base = 'a\nb\nc\n';
  expect(await clean('a.txt', { base, ours: 'a\nb\nc', theirs: 'A\nb\nc\n' })).toBe('A\nb\nc');
  expect(await clean('a.txt', { base, ours: 'a\nb\nc', theirs: 'a\nb\nc\nd\n' })).toBe(
    'a\nb\nc\nd',
  );
});

it('a file that holds conflict markers is refused, with the line', async () => {
  const ours = 'a\n<<<<<<< yours\nb\n=======\nc\n>>>>>>> theirs\n';
  const result = await conflict('a.txt', { base: 'a\n', ours, theirs: 'a\nd\n' });
  expect(result).toMatchObject({ hunks: [], marked: undefined, kept: undefined });
  expect(result.reason).toContain('line 2');
});

it.each([
  ['NUL bytes', 'a\0b\n'],
  ['more than 50,000 lines', 'a\n'.repeat(50_001)],
  ['larger than 1 MiB', `${'x'.repeat(1024 * 1024)}\n`],
])('a file with %s is taken as a whole', async (what, ours) => {
  const result = await conflict('a.txt', { base: 'a\n', ours, theirs: 'b\n' });
  expect(result.hunks).toEqual([]);
  expect(result.reason).toContain(what);
});

it('lines that both sides begin an insertion with stand before the conflict', () => {
  const { marked, hunks } = byLines('a x y', 'a', 'a x z');
  expect(hunks).toEqual([{ line: 3, ours: ['y'], base: [], theirs: ['z'] }]);
  expect(marked).toEqual([
    'a',
    'x',
    '<<<<<<< yours',
    'y',
    '||||||| last generated 0.1.0',
    '=======',
    'z',
    '>>>>>>> generator 0.2.0',
  ]);
});

it('120,000 lines are no matter, nor are 20,000 equal ones', () => {
  const many = Array.from({ length: 120_000 }, (_, at) => String(at));
  expect(mergeLines([...many, 'x'], many, ['y', ...many], labels).kept).toHaveLength(120_002);
  const equal = Array.from({ length: 20_000 }, () => 'x');
  expect(mergeLines([...equal, 'a'], equal, ['b', ...equal], labels).hunks).toEqual([]);
});

it('two texts that have nothing in common are one conflict', () => {
  const text = (name: string) => Array.from({ length: 3000 }, (_, at) => `${name} ${String(at)}`);
  const { hunks, kept } = mergeLines(text('a'), text('b'), text('c'), labels);
  expect(hunks).toHaveLength(1);
  expect(kept).toEqual(text('a'));
});

it('changes apart: only the same line, or the same place, collides', () => {
  const kinds = (ours: string, base: string, theirs: string) =>
    merge3(lines(ours), lines(base), lines(theirs), true)?.map(({ kind }) => kind);
  expect(kinds('A b', 'a b', 'a B')).toEqual(['ours', 'theirs']);
  expect(kinds('A b', 'a b', 'x a b')).toEqual(['theirs', 'ours', 'same']);
  expect(kinds('a x b', 'a b', 'a y b')).toEqual(['same', 'conflict', 'same']);
  expect(kinds('A b', 'a b', 'AA b')).toEqual(['conflict', 'same']);
});
