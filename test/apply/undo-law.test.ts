import { lstatSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Change } from '../../src/apply/change.ts';
import { transaction } from '../../src/apply/transaction.ts';
import type { UndoContent } from '../../src/apply/types.ts';
import { readUndo, undoEntries } from '../../src/apply/undo.ts';
import { fc } from '../properties.ts';
import { contents, temporaryFolder } from './support.ts';
import { changesTo, options, put, type Texts } from './support-transaction.ts';

const paths = [
  ...['README.md', 'app/a.ts', 'app/b/c.ts', 'app/b/d.ts', 'app/e/f/g.ts'],
  ...['.flask-style/base/1', '.flask-style/state.json', 'flask-style.json'],
];
const text = fc.option(fc.string({ maxLength: 30, unit: 'binary' }), { nil: undefined });
const set = fc.dictionary(fc.constantFrom(...paths), text, { noNullPrototype: true });

/** The files with their bytes and modes. */
function tree(root: string): Readonly<Record<string, string>> {
  const files = Object.entries(contents(root)).filter(([file]) => !file.includes('/undo/'));
  return Object.fromEntries(
    files.map(([file, content]) => [
      file,
      `${(lstatSync(path.join(root, file)).mode & 0o777).toString(8)} ${content}`,
    ]),
  );
}

function undoOf({ path: file, beforeBytes, afterBytes, mode }: UndoContent): Change {
  const kind =
    beforeBytes === undefined ? 'delete' : afterBytes === undefined ? 'create' : 'update';
  return {
    path: file,
    kind,
    mode,
    ...(afterBytes && { before: afterBytes }),
    ...(beforeBytes && { after: beforeBytes }),
  };
}

test('I5 whatever was changed, undoing it change by change gives the same trees, byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(set, fc.array(set, { minLength: 1, maxLength: 5 }), async (first, sets) => {
      const root = temporaryFolder();
      put(root, first as Texts);
      const trees = [];
      for (const texts of sets) {
        const before = tree(root);
        const { id } = await transaction(root, options, async () => ({
          changes: changesTo(root, texts as Texts),
        }));
        if (id === undefined) expect(tree(root)).toEqual(before);
        else trees.push({ id, before });
      }
      for (const { id, before } of trees.reverse()) {
        const changes = (await readUndo(root, id)).map(undoOf);
        await transaction(root, { ...options, undoes: id }, async () => ({ changes }));
        expect(tree(root)).toEqual(before);
        expect((await undoEntries(root)).find((entry) => entry.id === id)?.undone).toBe(true);
      }
    }),
    { numRuns: 25 },
  );
});
