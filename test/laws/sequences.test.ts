import { cpSync } from 'node:fs';
import { execa } from 'execa';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { patchOf } from '../../src/cli/patch.ts';
import { UserError } from '../../src/errors.ts';
import { writes } from '../../src/project/project-plan.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { randomSpec } from './random-spec.ts';
import { makeEdits, userEdits, type UserEdit } from './user-edits.ts';
import { contents, make, planFor, redo, run, runs, undo, withFolder } from './workshop.ts';

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

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    randomSpec.map((spec): Step => ({ do: 'command', spec })),
    userEdits.map((edits): Step => ({ do: 'edit', edits })),
    fc.constantFrom<Step>({ do: 'undo' }, { do: 'undo' }, { do: 'redo' }),
  ),
  { minLength: 3, maxLength: 7 },
);

test(
  'commands, edits, undo and redo in any order: no word is lost, and a project is always one that can be changed',
  async () => {
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
            } else await attempt(root, step);
            const all = Object.entries(contents(root))
              .filter(([file]) => !file.startsWith('.flask-style/'))
              .map(([, text]) => text)
              .join('\n');
            for (const word of words) expect(all, `step ${index}`).toContain(word);
          }
          // Whatever happened: the same again finds nothing to do, or the very conflicts of before.
          const plan = await planFor(root, { ...local, conflicts: 'ours' });
          if (plan.conflicts.length > 0) return;
          await run(root, { ...local, conflicts: 'ours' });
          expect((await planFor(root, local)).changes).toEqual([]);
        }),
      ),
      { numRuns: runs(4), seed: 21 },
    );
  },
  runs(600_000),
);

/** One command; where it refuses, nothing changes. */
async function attempt(root: string, step: Exclude<Step, { do: 'edit' }>): Promise<void> {
  const before = contents(root);
  try {
    if (step.do === 'command') await run(root, { next: () => step.spec, conflicts: 'ours' });
    else await (step.do === 'undo' ? undo(root) : redo(root));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(contents(root)).toEqual(before);
  }
}
