import { expect, test } from 'vitest';
import { hasMarkers } from '../../src/apply/reconcile/markers.ts';
import { transaction } from '../../src/apply/transaction.ts';
import { UserError } from '../../src/errors.ts';
import { planUpdate } from '../../src/project/update.ts';
import { resolvePlan } from '../../src/project/resolve.ts';
import { statusOf } from '../../src/project/status.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { laterTemplates } from '../project/later-templates.ts';
import { fc, runs } from '../properties.ts';
import { randomSpec } from './random-spec.ts';
import { makeEdits, userEdits, type UserEdit } from './user-edits.ts';
import {
  allText,
  contents,
  edit,
  make,
  read,
  redo,
  run,
  tools,
  undo,
  withFolder,
} from './workshop.ts';

type Act =
  | { readonly do: 'command'; readonly spec: Spec; readonly conflicts: 'ours' | 'markers' }
  | { readonly do: 'update'; readonly conflicts: 'ours' | 'markers' }
  | { readonly do: 'resolve' | 'undo' | 'redo' };
type Step = Act | { readonly do: 'edit'; readonly edits: readonly UserEdit[] };

const conflicts = fc.constantFrom('ours' as const, 'markers' as const);
const editing = userEdits.map((edits): Step => ({ do: 'edit', edits }));
const changing = fc.oneof(
  fc.tuple(randomSpec, conflicts).map(([spec, how]): Step => ({
    do: 'command',
    spec,
    conflicts: how,
  })),
  conflicts.map((how): Step => ({ do: 'update', conflicts: how })),
);

/** Every year somebody edits, something is changed, and what waits is decided; some of it is taken back and done again. */
const years: fc.Arbitrary<readonly Step[]> = fc
  .array(
    fc.tuple(
      editing,
      changing,
      fc.constantFrom<readonly Step[]>(
        [{ do: 'resolve' }],
        [{ do: 'undo' }],
        [{ do: 'undo' }, { do: 'redo' }, { do: 'resolve' }],
        [{ do: 'resolve' }, { do: 'undo' }],
      ),
    ),
    { minLength: 2, maxLength: 3 },
  )
  .map((all) => all.flatMap(([own, change, then]) => [own, change, ...then]));

const limits = 'app/ops/limits.ts';

/** Takes a line that the later version has otherwise, which chance would not hit; whether it was there. */
function collide(root: string, word: string): boolean {
  const emitted = 'const windowMs = 60_000;';
  const isThere = read(root, limits).includes(emitted);
  edit(root, limits, (text) => text.replace(emitted, `const windowMs = 45_000; // ${word}`));
  return isThere;
}

const marks = /^(?:<{7} |\|{7} |={7}\r?\n|>{7} )/;

/** Decides every marked place as somebody does who wants to keep all of it: the marks go, and with them nothing else. */
function decide(root: string): void {
  for (const [file, text] of Object.entries(contents(root)))
    if (!file.startsWith('.flask-style/') && hasMarkers(text))
      edit(root, file, (all) =>
        all
          .split(/(?<=\n)/)
          .filter((line) => !marks.test(line))
          .join(''),
      );
}

test(
  'years of commands, updates, markers and what is taken back: no word is lost, and a project is always one that can be changed',
  async () => {
    const done = { command: 0, update: 0, marked: 0, resolve: 0, undo: 0, redo: 0, settled: 0 };
    const later = {
      templates: laterTemplates(),
      generator: { ...tools.generator, version: '9.0.0' },
    };
    await fc.assert(
      fc.asyncProperty(randomSpec, years, (first, story) =>
        withFolder(async (folder) => {
          const root = `${folder}/api`;
          await make(root, first);
          const words = new Set<string>();
          let how = tools;
          for (const [index, step] of story.entries()) {
            if (step.do === 'edit') {
              const files = Object.keys(contents(root));
              for (const own of makeEdits(root, files, step.edits, `S${index}x`).values())
                for (const word of own) words.add(word);
              if (collide(root, `S${index}collision`)) words.add(`S${index}collision`);
            } else {
              if (step.do === 'resolve') decide(root);
              // From then on it is the later tool that runs.
              if (step.do === 'update') how = later;
              const marked = await attempt(root, step, how);
              if (marked !== undefined) done[step.do] += 1;
              if (marked === true) done.marked += 1;
            }
            const all = allText(root);
            for (const word of words) expect(all, `step ${index}`).toContain(word);
          }
          // Whatever happened: what waits can be decided, and then the same again finds nothing to do.
          decide(root);
          await attempt(root, { do: 'resolve' }, how);
          const { rows } = await statusOf({ root, ...how });
          expect(rows.filter(({ status }) => status === 'pending')).toEqual([]);
          const last = { do: 'update', conflicts: 'ours' } as const;
          if ((await attempt(root, last, how)) === undefined) return;
          const plan = await planUpdate({ root, ...how });
          expect(plan.changes).toEqual([]);
          done.settled += 1;
        }),
      ),
      { numRuns: runs(6) },
    );
    // Chance has to have brought all of them.
    expect(Math.min(...Object.values(done)), JSON.stringify(done)).toBeGreaterThan(0);
  },
  runs(600_000),
);

/** One command, and whether it left markers; `undefined` where it refuses: then nothing changes. */
async function attempt(root: string, act: Act, how: typeof tools): Promise<boolean | undefined> {
  const before = contents(root);
  try {
    const { marked } = await planned(root, act, how);
    return marked.length > 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(contents(root)).toEqual(before);
    return undefined;
  }
}

function planned(root: string, act: Act, how: typeof tools) {
  const options = { command: act.do, at: '2026-01-01T00:00:00Z' };
  switch (act.do) {
    case 'command':
      return run(root, { ...how, next: () => act.spec, conflicts: act.conflicts });
    case 'update':
      return transaction(root, options, () =>
        planUpdate({ root, ...how, conflicts: act.conflicts }),
      );
    case 'resolve':
      return transaction(root, options, () => resolvePlan({ root, ...how }));
    case 'undo':
      return undo(root, { ...how, conflicts: 'ours' });
    case 'redo':
      return redo(root, { ...how, conflicts: 'ours' });
  }
}
