import { chmodSync, linkSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ejectPlan } from '../../src/project/eject.ts';
import { linkNotes } from '../../src/project/linked.ts';
import { edit, make, planFor, redo, run, undo } from '../laws/workshop.ts';
import { addResource, removeResource } from './edits.ts';
import { shop, temporaryFolder } from './support.ts';

const review = addResource('review', { text: { type: 'string' } });
const service = 'app/services/reviews.ts';

async function fresh(): Promise<string> {
  const root = path.join(temporaryFolder(), 'shop');
  await make(root, shop);
  return root;
}

test('a file with another name is replaced by a new one, and that is said', async () => {
  const root = await fresh();
  const elsewhere = temporaryFolder();
  linkSync(path.join(root, 'openapi.json'), path.join(elsewhere, 'a'));
  const plan = await planFor(root, { next: review });
  expect(await linkNotes(root, plan)).toEqual([
    'openapi.json has another name (hard links), which will keep the old content',
  ]);
  const replaced = plan.changes.filter(
    ({ path: file, kind }) => kind === 'update' && !file.startsWith('.'),
  );
  for (const [n, { path: file }] of replaced.entries())
    linkSync(path.join(root, file), path.join(elsewhere, `b${n}`));
  expect((await linkNotes(root, plan))[0]).toMatch(
    /^(?:[^,]+, ){2}[^,]+ and \d+ more have other names/,
  );
});

test('a file that comes back has the permissions that it had', async () => {
  const root = await fresh();
  await run(root, { next: review });
  const at = path.join(root, service);
  const mode = () => (statSync(at).mode & 0o777).toString(8);
  chmodSync(at, 0o640);
  await run(root, { next: removeResource('review') });
  await undo(root);
  expect(mode()).toBe('640');
  await redo(root);
  await undo(root);
  expect(mode()).toBe('640');
  // Also when another command was run since.
  await run(root, { next: removeResource('review') });
  await run(root, { next: addResource('tag', { word: { type: 'string' } }) });
  edit(root, 'run.ts', (text) => `${text}// mine\n`);
  await undo(root, {}, '0006');
  expect(mode()).toBe('640');
});

test('eject where nothing is left to eject', async () => {
  const root = await fresh();
  const bare = temporaryFolder();
  writeFileSync(path.join(bare, 'flask-style.json'), '{"resources":{}}');
  expect((await ejectPlan(bare)).changes).toEqual([]);
  expect((await ejectPlan(root)).changes).not.toEqual([]);
});

test('an index of git that ends in the middle, and a file where templates of the project would lie', async () => {
  const root = await fresh();
  mkdirSync(path.join(root, '.git'));
  writeFileSync(path.join(root, '.git/MERGE_HEAD'), '');
  const head = Buffer.from([...Buffer.from('DIRC'), 0, 0, 0, 4, 255, 255, 255, 255]);
  writeFileSync(path.join(root, '.git/index'), Buffer.concat([head, Buffer.alloc(80, 255)]));
  writeFileSync(path.join(root, '.flask-style/templates'), '');
  expect((await planFor(root, { next: review })).conflicts).toEqual([]);
});
