import { cpSync } from 'node:fs';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { patchOf } from '../../src/cli/patch.ts';
import { UserError } from '../../src/errors.ts';
import { writes } from '../../src/project/project-plan.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { fc, runs } from '../properties.ts';
import { randomSpec } from './random-spec.ts';
import { makeEdits, userEdits, type UserEdit } from './user-edits.ts';
import { allText, contents, make, planFor, redo, run, undo, withFolder } from './workshop.ts';

const local = { next: (spec: Spec): Spec => spec };

test(
  '--dry-run: the patch that is shown gives exactly what the command writes',
  async () => {
    await fc.assert(
      fc.asyncProperty(randomSpec, randomSpec, userEdits, (first, second, edits) =>
        withFolder(async (folder) => {
          const [root, copy] = [`${folder}/api`, `${folder}/copy`];
          await make(root, first);
          makeEdits(root, Object.keys(contents(root)), edits, 'A');
          cpSync(root, copy, { recursive: true });
          const wish = { next: () => second, conflicts: 'ours' } as const;
          const plan = await planFor(root, wish);
          if (plan.conflicts.length > 0 || !plan.changes.some(writes)) return;
          const patch = patchOf(plan.changes);
          await execa('git', ['apply', '--whitespace=nowarn', '-'], { cwd: copy, input: patch });
          const written = await run(root, wish);
          expect(written.hash).toBe(plan.hash);
          expect(contents(copy)).toEqual(contents(root));
        }),
      ),
      { numRuns: runs(4), seed: 8 },
    );
  },
  runs(600_000),
);

type Step =
  | { readonly do: 'command'; readonly spec: Spec }
  | { readonly do: 'edit'; readonly edits: readonly UserEdit[] }
  | { readonly do: 'undo' | 'redo' };

const editing = userEdits.map((edits): Step => ({ do: 'edit', edits }));

const steps: fc.Arbitrary<readonly Step[]> = fc
  .array(
    fc.oneof(
      randomSpec.map((spec): readonly Step[] => [{ do: 'command', spec }]),
      editing.map((edit): readonly Step[] => [edit]),
      fc.constantFrom<readonly Step[]>([{ do: 'undo' }], [{ do: 'redo' }]),
      // By chance alone an undo is hardly ever followed by an edit and its redo.
      fc
        .tuple(editing, editing)
        .map(([one, two]): readonly Step[] => [one, { do: 'undo' }, two, { do: 'redo' }]),
    ),
    { minLength: 3, maxLength: 6 },
  )
  .map((parts) => parts.flat());

test(
  'commands, edits, undo and redo in any order: no word is lost, and a project is always one that can be changed',
  async () => {
    const made = { command: 0, undo: 0, redo: 0 };
    const between = { undo: 0, redo: 0 };
    await fc.assert(
      fc.asyncProperty(randomSpec, steps, (first, story) =>
        withFolder(async (folder) => {
          const root = `${folder}/api`;
          await make(root, first);
          const words = new Set<string>();
          for (const [index, step] of story.entries()) {
            if (step.do === 'edit') {
              const files = Object.keys(contents(root));
              for (const own of makeEdits(root, files, step.edits, `S${index}x`).values())
                for (const word of own) words.add(word);
            } else if (await attempt(root, step)) {
              made[step.do] += 1;
              const last = story[index - 1]?.do;
              if (last === 'edit' && step.do !== 'command') between[step.do] += 1;
            }
            const all = allText(root);
            for (const word of words) expect(all, `step ${index}`).toContain(word);
          }
          // Whatever happened: the same again finds nothing to do, or the very conflicts of before.
          const plan = await planFor(root, { ...local, conflicts: 'ours' });
          if (plan.conflicts.length > 0) return;
          await run(root, { ...local, conflicts: 'ours' });
          expect((await planFor(root, local)).changes).toEqual([]);
        }),
      ),
      { numRuns: runs(8), seed: 23 },
    );
    // Chance has to have brought all of them, and edits right before what is taken back and done again.
    const counts = [...Object.values(made), ...Object.values(between)];
    expect(Math.min(...counts), counts.join(' ')).toBeGreaterThan(0);
  },
  runs(600_000),
);

/** One command, and whether it was made; where it refuses, nothing changes. */
async function attempt(root: string, step: Exclude<Step, { do: 'edit' }>): Promise<boolean> {
  const before = contents(root);
  try {
    if (step.do === 'command') await run(root, { next: () => step.spec, conflicts: 'ours' });
    else await (step.do === 'undo' ? undo : redo)(root, { conflicts: 'ours' });
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(contents(root)).toEqual(before);
    return false;
  }
}
