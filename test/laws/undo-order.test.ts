import { expect, test } from 'vitest';
import { undoEntries } from '../../src/apply/undo.ts';
import { UserError } from '../../src/errors.ts';
import { specPath } from '../../src/project/spec-text.ts';
import { statusOf } from '../../src/project/status.ts';
import { addAutomation, removeAutomation } from '../../src/spec/edits/automations.ts';
import { addFeature, removeFeature } from '../../src/spec/edits/features.ts';
import { addFields, removeField } from '../../src/spec/edits/fields.ts';
import { addPage, removePage } from '../../src/spec/edits/pages.ts';
import { addResource, removeResource } from '../../src/spec/edits/resources.ts';
import { addWebhook, removeWebhook } from '../../src/spec/edits/webhooks.ts';
import { parseSpec } from '../../src/spec/parse.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { shop } from '../project/support.ts';
import { fc, runs } from '../properties.ts';
import { contents, make, read, run, tools, undo, withFolder } from './workshop.ts';

/** What a command brings, and what takes it away again. */
interface Thing {
  readonly isThere: (spec: Spec) => boolean;
  readonly add: (spec: Spec) => Spec;
  readonly remove: (spec: Spec) => Spec;
}

const feature = (name: string): Thing => ({
  isThere: ({ features }) => features.includes(name),
  add: (spec) => addFeature(spec, name),
  remove: (spec) => removeFeature(spec, name),
});

const things: Readonly<Record<string, Thing>> = {
  dashboard: feature('dashboard'),
  forms: feature('forms'),
  webhooks: feature('webhooks'),
  review: {
    isThere: ({ resources }) => 'review' in resources,
    add: (spec) => addResource(spec, { name: 'review', fields: ['text:text:required'] }),
    remove: (spec) => removeResource(spec, 'review'),
  },
  price: {
    isThere: ({ resources }) => 'price' in (resources['product']?.fields ?? {}),
    add: (spec) => addFields(spec, 'product', ['price:number:min=0']),
    remove: (spec) => removeField(spec, 'product', 'price'),
  },
  hub: {
    isThere: ({ webhooks = {} }) => 'hub' in webhooks,
    add: (spec) => addWebhook(spec, 'hub', { scheme: 'github' }),
    remove: (spec) => removeWebhook(spec, 'hub'),
  },
  report: {
    isThere: ({ automations = {} }) => 'report' in automations,
    add: (spec) => addAutomation(spec, 'report', { every: '1d' }),
    remove: (spec) => removeAutomation(spec, 'report'),
  },
  about: {
    isThere: ({ pages }) => Array.isArray(pages) && pages.includes('about'),
    add: (spec) => addPage(spec, 'about'),
    remove: (spec) => removePage(spec, 'about'),
  },
};

/** The spec without the thing where it has it, and with it where it has not. */
function toggled(name: string, spec: Spec): Spec {
  const thing = things[name];
  if (thing === undefined) throw new TypeError(name);
  return thing.isThere(spec) ? thing.remove(spec) : thing.add(spec);
}

/** The emitted files, but for the spec, whose members stand in the order in which they came. */
function emitted(root: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(contents(root)).filter(
      ([file]) => !file.startsWith('.flask-style/') && file !== specPath,
    ),
  );
}

/** What these bring they share: jobs, signatures, calls to addresses of others. */
const sharing = ['hub', 'report', 'webhooks'];

const stories: fc.Arbitrary<readonly string[]> = fc
  .oneof(
    fc.constant(sharing),
    fc.shuffledSubarray(Object.keys(things), { minLength: 2, maxLength: 3 }),
  )
  .chain((names) => fc.array(fc.constantFrom(...names), { minLength: 3, maxLength: 5 }));

test(
  'undo of any command: what is left is what the remaining spec means, as if it had never been run',
  async () => {
    let [taken, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        stories,
        fc.array(fc.nat(), { minLength: 1, maxLength: 2 }),
        (commands, picks) =>
          withFolder(async (folder) => {
            const root = `${folder}/shop`;
            await make(root, { ...shop, pages: true });
            for (const name of commands) await run(root, { next: (spec) => toggled(name, spec) });
            for (const [index, pick] of picks.entries()) {
              const open = (await undoEntries(root)).filter(
                ({ undone, undoes }) => !undone && undoes === undefined,
              );
              const entry = open[pick % open.length];
              if (entry === undefined) return;
              const before = contents(root);
              try {
                await undo(root, {}, entry.id);
              } catch (error) {
                // A later command stands on what this one brought.
                if (!(error instanceof UserError)) throw error;
                refused += 1;
                expect(contents(root)).toEqual(before);
                continue;
              }
              taken += 1;
              const fresh = `${folder}/fresh-${index}`;
              await make(fresh, parseSpec(read(root, specPath), specPath));
              expect(emitted(root)).toEqual(emitted(fresh));
              expect((await statusOf({ root, ...tools })).rows).toEqual([]);
            }
          }),
      ),
      { numRuns: runs(6), seed: 1 },
    );
    // It is of no use to refuse: a few stand in each other's way, most do not.
    expect(taken, `${refused} refused`).toBeGreaterThan(refused);
  },
  runs(300_000),
);
