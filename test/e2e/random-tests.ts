/**
 * Random specs: each must emit a project whose own tests pass and whose linter is silent.
 *
 *   npx tsx test/e2e/random-tests.ts [count] [seed]
 */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { manifest, packageRoot } from '../../src/package.ts';
import { projectTree } from '../../src/project/tree.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { randomSpec } from '../laws/random-spec.ts';
import { fc } from '../properties.ts';
import { writeTree } from './write-tree.ts';

const [, , count = '6', seed = '1'] = process.argv;
const root = packageRoot();
const modules = path.join(root, 'node_modules');

/** Emits a project into `folder`; returns what its tests and its linter had to complain of. */
async function complaints(spec: Spec, folder: string): Promise<string[]> {
  const templates = path.join(root, 'templates');
  const tree = await projectTree({ spec, templates, generator: manifest() });
  await writeTree(folder, tree);
  await symlink(modules, path.join(folder, 'node_modules'));
  const found: string[] = [];
  for (const [tool, ...args] of [
    ['vitest/vitest.mjs', 'run', '--reporter=dot'],
    ['eslint/bin/eslint.js', '.', '--max-warnings', '0'],
  ] as const) {
    const command = [path.join(modules, tool), ...args];
    const { exitCode, all } = await execa(process.execPath, command, {
      cwd: folder,
      reject: false,
      all: true,
      env: { NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    if (exitCode !== 0) found.push(`${tool}\n${all.slice(-6000)}`);
  }
  return found;
}

const started = performance.now();
const scratch = await mkdtemp(path.join(tmpdir(), 'flask-style-tests-'));
let failed = 0;
try {
  const specs = fc.sample(randomSpec, { numRuns: Number(count), seed: Number(seed) });
  for (const [index, spec] of specs.entries()) {
    // Without a MongoDB at hand, the embedded one.
    const project = { ...spec, database: 'embedded' as const };
    const found = await complaints(project, path.join(scratch, String(index)));
    if (found.length === 0) continue;
    failed += 1;
    console.log([`spec ${index}: ${JSON.stringify(project)}`, ...found].join('\n'));
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
const seconds = ((performance.now() - started) / 1_000).toFixed(0);
console.log(`${count} projects, seed ${seed}: ${failed} failed, ${seconds} s`);
process.exitCode = failed === 0 ? 0 : 1;
