import { expect, it } from 'vitest';
import { runCorpus, subjects } from './corpus/run.ts';
import { changes, userEdits } from './corpus/edits.ts';
import { isClean, tableOf } from './corpus/table.ts';

/**
 * A part of the corpus that has every kind of edit, change and file in it; all of it: `npx tsx test/merge/corpus.ts`.
 * Where both sides changed or removed the same text ("same") a conflict is the right answer: those cases are not
 * counted as clean or not clean. All else counts, insertions of both sides at one place too.
 */
it('realistic merges are clean, lose nothing, and what is clean is sound', async () => {
  const cases = await runCorpus(11);
  console.log(tableOf(cases, ({ edit }) => edit).join('\n'));
  expect(Object.keys(userEdits).length).toBeGreaterThanOrEqual(16);
  expect(Object.keys(changes).length).toBeGreaterThanOrEqual(8);
  const seen = (of: (one: (typeof cases)[number]) => string) => new Set(cases.map(of)).size;
  expect(seen(({ edit }) => edit)).toBe(Object.keys(userEdits).length);
  expect(seen(({ change }) => change)).toBe(Object.keys(changes).length);
  expect(seen(({ subject }) => subject.kind)).toBe(subjects.length);
  const faults = cases.filter((one) => one.faults.length > 0);
  expect(
    faults.map(({ subject, edit, change, faults: all }) => [subject.kind, edit, change, all]),
  ).toEqual([]);
  const fair = cases.filter(({ collides }) => !collides);
  expect(fair.filter(isClean).length / fair.length).toBeGreaterThanOrEqual(0.95);
}, 300_000);

it('both sides give one value another: always a conflict that says so', async () => {
  const cases = await runCorpus(1, undefined, ['change a value'], ['value changed']);
  expect(cases.length).toBe(subjects.length);
  // Of a set of lines both values stay.
  for (const { result, subject } of cases.filter((one) => one.subject.kind !== '.gitignore')) {
    expect(result.kind, subject.kind).toBe('conflict');
    expect(result.kind === 'conflict' && result.reason).toMatch(/^line \d+: /);
  }
});
