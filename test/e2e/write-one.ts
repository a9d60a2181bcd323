/**
 * One run of the writer, as a process of its own: `write-one.ts <root> [files]`. Says "ready" to its parent, writes at the
 * first message, and exits with the code the tool would.
 */
import { commit } from '../../src/apply/commit.ts';
import { readOurs } from '../../src/apply/disk.ts';
import { reconcile } from '../../src/apply/reconcile.ts';
import { exit, UserError } from '../../src/errors.ts';
import type { Tree } from '../../src/render/types.ts';

const [, , root = '', count = '400'] = process.argv;
const content = Buffer.from('x'.repeat(2000));
const wanted: Tree = new Map(
  Array.from({ length: Number(count) }, (_, n) => [
    `${['app', 'tests', 'dev'][n % 3]}/${n % 20}/${n}.ts`,
    { content, merge: 'text', mode: 0o644, owner: 'project' },
  ]),
);

process.send?.('ready');
process.once('message', async () => {
  try {
    await commit(root, reconcile(await readOurs(root, wanted.keys()), wanted));
  } catch (error) {
    process.exitCode = error instanceof UserError ? error.code : exit.bug;
  }
  process.disconnect();
});
