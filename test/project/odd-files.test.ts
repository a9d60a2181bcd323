import { chmodSync, linkSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ejectPlan } from '../../src/project/eject.ts';
import { linkNotes } from '../../src/project/linked.ts';
import { openProject } from '../../src/project/open.ts';
import { statusOf } from '../../src/project/status.ts';
import { leftovers } from '../../src/project/uses/leftovers.ts';
import { edit, make, planFor, redo, run, tools, undo } from '../laws/workshop.ts';
import { addResource, removeResource } from './edits.ts';
import { shop, temporaryFolder } from './support.ts';

const asRoot = process.getuid?.() === 0;
const review = addResource('review', { text: { type: 'string' } });
const service = 'app/services/reviews.ts';

async function fresh(): Promise<string> {
  const root = path.join(temporaryFolder(), 'shop');
  await make(root, shop);
  return root;
}

/** Goes on as a user who may not read everything. */
function asNobody(): void {
  if (!asRoot) return;
  process.seteuid?.(65534);
  onTestFinished(() => void process.seteuid?.(0));
}

test.skipIf(process.platform === 'win32')(
  'what may not be looked at, or has a name that no text holds, stands in no way',
  async () => {
    const root = await fresh();
    await run(root, { next: review });
    const data = path.join(root, 'data');
    mkdirSync(data);
    writeFileSync(path.join(data, 'users.ts'), "import '../app/models/review.ts';\n");
    writeFileSync(path.join(root, 'app/secret.ts'), '');
    writeFileSync(
      Buffer.concat([
        Buffer.from(path.join(root, 'app/caf')),
        Buffer.from([0xe9]),
        Buffer.from('.ts'),
      ]),
      '',
    );
    writeFileSync(path.join(root, 'app/notes.'), 'reviews');
    chmodSync(data, 0o000);
    chmodSync(path.join(root, 'app/secret.ts'), 0o000);
    onTestFinished(() => chmodSync(data, 0o700));
    chmodSync(path.dirname(root), 0o755);
    asNobody();
    const { own } = await statusOf({ root, ...tools });
    expect(own.map((row) => row.path)).toContain('app/secret.ts');
    const plan = await planFor(root, { next: removeResource('review') });
    expect(plan.conflicts).toEqual([]);
    expect(await leftovers(await openProject({ root, ...tools }), plan, 'reviews')).toEqual([]);
  },
);

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
