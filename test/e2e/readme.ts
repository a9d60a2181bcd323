/**
 * Every command of README.md, executed as it stands there, in a fresh clone. A block's language tag says how:
 *
 *   ```sh            run to its end
 *   ```sh serve      started, left running for the blocks after it, ended at the end
 *   ```sh published  run in an empty folder, `npx create-flask-style-api` taken from the packed tarball
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { answers, inTemporaryFolder, pack, repository, run, start, stop } from './support.ts';
import type { Running } from './support.ts';

/** The shell blocks of a Markdown text, in order. */
const shellBlocks = (markdown: string) =>
  [...markdown.matchAll(/^```sh(?: (\w+))?\n(.*?)^```$/gms)].map(
    ([, kind = 'run', script = '']) => ({ kind, script }),
  );

await inTemporaryFolder(async (folder) => {
  await run(folder, 'git', ['clone', '--quiet', repository, 'clone']);
  const clone = path.join(folder, 'clone');
  const blocks = shellBlocks(await readFile(path.join(clone, 'README.md'), 'utf8'));
  if (blocks.length < 3) throw new Error('README.md has lost its commands');

  const serving: Running[] = [];
  try {
    for (const { kind, script } of blocks) {
      console.log(`\n--- ${kind}\n${script}`);
      if (kind === 'serve') {
        serving.push(start(clone, 'bash', ['-euo', 'pipefail', '-c', script]));
        await answers('http://127.0.0.1:5000/readyz', 240);
      } else if (kind === 'published') {
        const tarball = await pack(clone, folder);
        const packed = script.replaceAll(
          'npx create-flask-style-api',
          `npx --yes --package ${tarball} create-flask-style-api`,
        );
        await run(folder, 'bash', ['-euo', 'pipefail', '-c', packed]);
      } else {
        await run(clone, 'bash', ['-euo', 'pipefail', '-c', script]);
      }
    }
  } finally {
    await Promise.all(serving.map(stop));
  }
});
