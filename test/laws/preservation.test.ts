import { expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { fc, runs } from '../properties.ts';
import { randomSpec } from './random-spec.ts';
import { edited, kinds, makeEdits, userEdits } from './user-edits.ts';
import { contents, make, planFor, redo, run, times, undo, withFolder } from './workshop.ts';

type Words = ReadonlyMap<string, readonly string[]>;

/** Every word that a user wrote is still where it was written. */
function expectKept(root: string, words: Words): void {
  const now = contents(root);
  for (const [file, own] of words)
    for (const word of own) expect(now[file]?.split(word).length, `${word} in ${file}`).toBe(2);
}

/** Runs a command; a conflict has to leave everything as it was. */
async function attempt(root: string, command: () => Promise<unknown>): Promise<boolean> {
  const [before, written] = [contents(root), times(root)];
  try {
    await command();
    return true;
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 3) throw error;
    expect(contents(root)).toEqual(before);
    expect(times(root)).toEqual(written);
    return false;
  }
}

test(
  'no word that a user wrote is lost, whatever is edited, added, removed, undone and done again',
  async () => {
    let clean = 0;
    let conflicts = 0;
    await fc.assert(
      fc.asyncProperty(
        randomSpec,
        randomSpec,
        userEdits,
        userEdits,
        (first, second, edits, later) =>
          withFolder(async (folder) => {
            const root = `${folder}/api`;
            await make(root, first);
            const words = makeEdits(root, Object.keys(contents(root)), edits, 'A');
            const before = contents(root);
            const next = (): Spec => ({ ...second, name: first.name });

            const plan = await planFor(root, { next });
            expect(contents(root)).toEqual(before);
            const done = await attempt(root, () => run(root, { next }));
            expect(done).toBe(plan.conflicts.length === 0);
            if (done) clean += 1;
            else {
              conflicts += 1;
              // Their own side in each conflict; what is to go and was edited stays with its words.
              await run(root, { next, conflicts: 'ours', decisions: await staying(root, next) });
            }
            expectKept(root, words);

            const settled = contents(root);
            expect((await run(root, { next })).changes).toEqual([]);
            await undo(root);
            expect(contents(root)).toEqual(before);
            await redo(root);
            expect(contents(root)).toEqual(settled);

            const more = makeEdits(root, Object.keys(settled), later, 'B');
            if (await attempt(root, () => undo(root))) expectKept(root, words);
            expectKept(root, more);
          }),
      ),
      { numRuns: runs(8), seed: 11 },
    );
    expect(clean + conflicts).toBeGreaterThan(0);
    // Chance has to have come to every kind of file.
    expect([...edited].sort()).toEqual([...kinds].sort());
  },
  runs(600_000),
);

/**
 * The conflicts that the mode `ours` does not settle: a file that is needed and was deleted, or is used and should go.
 * What stays may use more of what should go.
 */
async function staying(root: string, next: () => Spec): Promise<Map<string, 'ours'>> {
  const decisions = new Map<string, 'ours'>();
  for (;;) {
    const { conflicts } = await planFor(root, { next, conflicts: 'ours', decisions });
    if (conflicts.length === 0) return decisions;
    for (const { path, conflict } of conflicts) {
      expect(decisions.has(path), `${path}: ${conflict?.reason}`).toBe(false);
      decisions.set(path, 'ours');
    }
  }
}
