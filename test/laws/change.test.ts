import { expect, test } from 'vitest';
import { projectTree } from '../../src/project/tree.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { fc, runs } from '../properties.ts';
import { randomSpec } from './random-spec.ts';
import { contents, make, planFor, redo, run, times, tools, undo, withFolder } from './workshop.ts';

/** The spec as a new project with it would look on disk. */
async function emitted(spec: Spec): Promise<Readonly<Record<string, string>>> {
  const tree = await projectTree({ spec, ...tools });
  return Object.fromEntries(
    [...tree].map(([file, { content }]) => [file, Buffer.from(content).toString('utf8')]),
  );
}

/** Without its last resource, which others must not point to. */
function withoutLast(spec: Spec): Spec | undefined {
  const names = Object.keys(spec.resources);
  const last = names.at(-1);
  if (last === undefined || names.length < 2) return undefined;
  const { [last]: _gone, ...resources } = spec.resources;
  const pointed = JSON.stringify(resources).includes(`"to":${JSON.stringify(last)}`);
  return pointed ? undefined : { ...spec, resources };
}

const pairs = randomSpec
  .map((whole) => ({ whole, less: withoutLast(whole) }))
  .filter((pair): pair is { whole: Spec; less: Spec } => pair.less !== undefined);

test(
  'composition, inverse, idempotence, undo and redo for any spec',
  async () => {
    await fc.assert(
      fc.asyncProperty(pairs, ({ whole, less }) =>
        withFolder(async (folder) => {
          const root = `${folder}/api`;
          await make(root, less);
          const first = contents(root);
          expect(first).toEqual(await emitted(less));

          await run(root, { next: () => whole });
          const both = contents(root);
          expect(both).toEqual(await emitted(whole));

          const before = times(root);
          const again = await run(root, { next: (spec) => spec });
          expect(again.changes).toEqual([]);
          expect(times(root)).toEqual(before);

          await run(root, { next: () => less });
          expect(contents(root)).toEqual(first);

          await undo(root);
          expect(contents(root)).toEqual(both);
          await undo(root);
          expect(contents(root)).toEqual(first);
          await redo(root);
          expect(contents(root)).toEqual(both);
          await redo(root);
          expect(contents(root)).toEqual(first);
        }),
      ),
      { numRuns: runs(4), seed: 5 },
    );
  },
  runs(600_000),
);

test('two plans of the same project are the same plan', async () => {
  await withFolder(async (folder) => {
    const [pair] = fc.sample(pairs, { numRuns: 1, seed: 3 });
    if (pair === undefined) throw new Error('no spec');
    const root = `${folder}/api`;
    await make(root, pair.less);
    const [one, two] = [
      await planFor(root, { next: () => pair.whole }),
      await planFor(root, { next: () => pair.whole }),
    ];
    expect(two.hash).toBe(one.hash);
    expect((await planFor(root, { next: (spec) => spec })).hash).not.toBe(one.hash);
  });
});
