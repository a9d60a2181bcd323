import { describe, expect, it } from 'vitest';
import { decode } from '../../src/merge/decode.ts';
import { changesOf } from '../../src/merge/diff.ts';
import { encode } from '../../src/merge/encode.ts';
import { mergeLines } from '../../src/merge/text.ts';
import { codeProblem } from '../../src/merge/ts/gate.ts';
import { fc } from '../properties.ts';
import { bytes, merge, textOf } from './support.ts';

const labels = { base: 'last generated 0.1.0', theirs: 'generator 0.2.0' };
const line = fc.constantFrom(...'abcdefgh', '', '  a', 'a;');
const lines = fc.array(line, { maxLength: 12 });
const text = lines.map((all) => all.map((one) => `${one}\n`).join(''));
const counts = (all: readonly string[]) =>
  all.reduce((sum, one) => sum.set(one, (sum.get(one) ?? 0) + 1), new Map<string, number>());

/** How often a side took each line away, where it put it back elsewhere too. */
const takenOut = (base: readonly string[], side: readonly string[]) =>
  counts((changesOf(base, side) ?? []).flatMap(({ b0, b1 }) => base.slice(b0, b1)));

describe('lines', () => {
  it('one side changed nothing: the other is the result; both the same: that', () => {
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        expect(mergeLines(a, b, b, labels).kept).toEqual(a);
        expect(mergeLines(b, b, a, labels).kept).toEqual(a);
        expect(mergeLines(a, b, a, labels)).toMatchObject({ kept: a, hunks: [] });
      }),
    );
  });

  it('no line of either side is lost', () => {
    fc.assert(
      fc.property(lines, lines, lines, fc.boolean(), (ours, base, theirs, apart) => {
        const { kept, hunks } = mergeLines(ours, base, theirs, labels, { apart, union: false });
        fc.pre(hunks.length === 0);
        const merged = counts(kept);
        for (const [side, opposite] of [
          [ours, theirs],
          [theirs, ours],
        ] as const) {
          const removed = takenOut(base, opposite);
          for (const [one, count] of counts(side)) {
            expect(merged.get(one) ?? 0).toBeGreaterThanOrEqual(count - (removed.get(one) ?? 0));
          }
        }
      }),
    );
  });

  it('the sides of a clean merge may be exchanged', () => {
    fc.assert(
      fc.property(lines, lines, lines, (ours, base, theirs) => {
        const merged = mergeLines(ours, base, theirs, labels);
        const exchanged = mergeLines(theirs, base, ours, labels);
        expect(exchanged.hunks.length === 0).toBe(merged.hunks.length === 0);
        if (merged.hunks.length === 0) expect(exchanged.kept).toEqual(merged.kept);
      }),
    );
  });

  it('the marked text holds ours and theirs: taking one side of every hunk gives a merge of it', () => {
    fc.assert(
      fc.property(lines, lines, lines, (ours, base, theirs) => {
        const { kept, marked, hunks } = mergeLines(ours, base, theirs, labels);
        expect(oursOf(marked)).toEqual(kept);
        expect(marked.filter((one) => one.startsWith('<<<<<<< '))).toHaveLength(hunks.length);
        for (const { line: at, ours: mine } of hunks) {
          expect(ours.slice(at - 1, at - 1 + mine.length)).toEqual(mine);
        }
      }),
    );
  });
});

it('what was read is written again byte by byte', () => {
  const ended = fc.tuple(line, fc.constantFrom('\n', '\r\n')).map((pair) => pair.join(''));
  fc.assert(
    fc.property(fc.boolean(), fc.array(ended), fc.constantFrom('', 'x'), (bom, all, last) => {
      const raw = bytes((bom ? '\uFEFF' : '') + all.join('') + last);
      const { file } = decode(raw);
      if (file === undefined) throw new Error('not decoded');
      expect(encode(file.lines, file)).toEqual(raw);
    }),
  );
});

describe('files', () => {
  const policies = fc.constantFrom('a.txt', 'a.md', '.gitignore', 'a.ts', 'a.yaml', 'a.json');

  it('base = theirs: untouched, whatever it holds; ours = base: theirs', async () => {
    await fc.assert(
      fc.asyncProperty(policies, text, text, async (path, ours, base) => {
        const kept = await merge(path, { base, ours, theirs: base });
        expect(kept).toMatchObject({ kind: 'clean', content: bytes(ours) });
        const replaced = await merge(path, { base, ours: base, theirs: ours });
        expect(replaced.kind === 'clean' && textOf(replaced.content)).toBe(ours);
      }),
    );
  });

  it('members of a model in any combination: sound, and none lost', async () => {
    const key = fc.constantFrom(...'abcdefghij');
    const members = fc.dictionary(key, fc.constantFrom('1', "'x'", '{ y: 1 }', '[2, 3]'), {
      maxKeys: 7,
    });
    const code = (all: Readonly<Record<string, string>>) =>
      `export const m = {\n${Object.entries(all)
        .map(([name, value]) => `  ${name}: ${value},\n`)
        .join('')}};\n`;
    await fc.assert(
      fc.asyncProperty(members, members, members, async (a, b, c) => {
        const [ours, base, theirs] = [code(a), code(b), code(c)];
        const result = await merge('a.ts', { base, ours, theirs });
        if (result.kind === 'conflict') return;
        const merged = textOf(result.content);
        expect(codeProblem({ ours, base, theirs, merged })).toBeUndefined();
        for (const name of Object.keys(a)) {
          if (!(name in b) || name in c) expect(merged).toContain(`  ${name}: `);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('JSON is merged as values are', async () => {
    const value = fc.dictionary(
      fc.constantFrom(...'abcdef'),
      fc.oneof(
        fc.integer({ min: 0, max: 3 }),
        fc.dictionary(fc.constantFrom(...'xyz'), fc.boolean()),
      ),
      { maxKeys: 5 },
    );
    const layout = fc.constantFrom(undefined, 2, 4, '\t');
    await fc.assert(
      fc.asyncProperty(value, value, value, layout, async (a, b, c, space) => {
        const result = await merge('a.json', {
          base: JSON.stringify(b, undefined, 2),
          ours: JSON.stringify(a, undefined, space),
          theirs: JSON.stringify(c, undefined, 2),
        });
        const content = result.kind === 'clean' ? result.content : result.kept;
        const merged: unknown = JSON.parse(textOf(content ?? bytes('null')));
        if (result.kind === 'clean') expect(merged).toEqual(mergeValues(a, b, c));
      }),
      { numRuns: 300 },
    );
  });
});

/** Section 3.10 on values, as a second opinion. */
function mergeValues(ours: unknown, base: unknown, theirs: unknown): unknown {
  const same = (a: unknown, b: unknown) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
  if (same(ours, theirs) || same(theirs, base)) return ours;
  if (same(ours, base)) return theirs;
  if (!isRecord(ours) || !isRecord(theirs)) throw new Error('a conflict was merged');
  const before = isRecord(base) ? base : {};
  const merged = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].map((key) => [
    key,
    mergeValues(ours[key], before[key], theirs[key]),
  ]);
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const sorted = (value: unknown): unknown =>
  isRecord(value)
    ? Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, sorted(inner)])
    : value;

function oursOf(marked: readonly string[]): readonly string[] {
  let side: 'both' | 'ours' | 'others' = 'both';
  return marked.filter((one) => {
    if (one.startsWith('<<<<<<< ')) side = 'ours';
    else if (one.startsWith('||||||| ')) side = 'others';
    else if (one.startsWith('>>>>>>> ')) side = 'both';
    else return side !== 'others';
    return false;
  });
}
