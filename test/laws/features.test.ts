import { expect, test } from 'vitest';
import { addFeature, removeFeature } from '../../src/spec/edits/features.ts';
import { switchNames } from '../../src/spec/features.ts';
import { UserError } from '../../src/errors.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { fc, runs } from '../properties.ts';
import { randomSpec } from './random-spec.ts';
import { contents, make, run, undo, withFolder } from './workshop.ts';

/** A spec without a feature, and with it; none where the one or the other cannot be. */
function around(spec: Spec, name: string): { less: Spec; more: Spec } | undefined {
  const less: Spec = name === 'pages' ? { ...spec, pages: false } : { ...spec, features: [] };
  try {
    return { less, more: addFeature(less, name) };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

test.each(switchNames)(
  '%s: added to a project it gives the new project with it, removed the one without, and undone either',
  async (name) => {
    const pairs = randomSpec.map((spec) => around(spec, name)).filter((pair) => pair !== undefined);
    await fc.assert(
      fc.asyncProperty(pairs, ({ less, more }) =>
        withFolder(async (folder) => {
          const [root, whole] = [`${folder}/api`, `${folder}/whole`];
          await make(root, less);
          await make(whole, more);
          const [without, withIt] = [contents(root), contents(whole)];
          expect(withIt).not.toEqual(without);
          await run(root, { next: (spec) => addFeature(spec, name) });
          expect(contents(root)).toEqual(withIt);
          const again = await run(root, { next: (spec) => addFeature(spec, name) });
          expect(again.changes).toEqual([]);
          await run(root, { next: (spec) => removeFeature(spec, name) });
          expect(contents(root)).toEqual(without);
          await undo(root);
          expect(contents(root)).toEqual(withIt);
        }),
      ),
      { numRuns: runs(1), seed: 12 },
    );
  },
  runs(600_000),
);
