/**
 * Emits every example of the tool into `examples/`. With `--check`, compares what lies there with a fresh emission instead,
 * and fails on any difference.
 */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commit } from '../../src/apply/commit.ts';
import { manifest, packageRoot } from '../../src/package.ts';
import { planNew } from '../../src/project/create.ts';
import { examples } from '../../src/project/examples.ts';

const check = process.argv.includes('--check');
const folder = path.join(packageRoot(), 'examples');
// Beside the target, where a rename can reach it.
const scratch = await mkdtemp(path.join(check ? tmpdir() : packageRoot(), '.examples-'));

/** Every file by its path, without installed packages. */
async function contents(root: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.split(path.sep).includes('node_modules'))
    .sort();
  return new Map(
    await Promise.all(
      files.map(async (file) => [file, await readFile(path.join(root, file), 'utf8')] as const),
    ),
  );
}

try {
  for (const { name, spec, own } of await examples(packageRoot())) {
    const root = path.join(scratch, name);
    const { changes } = await planNew({
      root,
      spec,
      own,
      templates: path.join(packageRoot(), 'templates'),
      generator: manifest(),
    });
    await commit(root, changes);
    const target = path.join(folder, name);
    if (check) {
      const [emitted, stored] = [await contents(root), await contents(target)];
      const different = [...new Set([...emitted.keys(), ...stored.keys()])].filter(
        (file) => emitted.get(file) !== stored.get(file),
      );
      assert.deepEqual(
        different,
        [],
        `examples/${name} is not what the tool emits: npm run examples`,
      );
    } else {
      await mkdir(folder, { recursive: true });
      await rm(target, { recursive: true, force: true });
      await rename(root, target);
    }
    console.log(`examples/${name}: ${changes.length} files${check ? ', no difference' : ''}`);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
