/**
 * Random specs: each must emit a project that type-checks under its own strict tsconfig and is formatted.
 *
 *   npx tsx test/e2e/random-specs.ts [count] [seed]        1,000 for the whole run
 *
 * Projects of a batch share what is the same in all of them, so that one compiler run checks the batch.
 */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { check as isFormatted } from 'prettier';
import { manifest, packageRoot } from '../../src/package.ts';
import { projectTree } from '../../src/project/tree.ts';
import { style } from '../../src/render/format.ts';
import type { Tree } from '../../src/render/index.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { randomSpec } from '../laws/random-spec.ts';

const [, , count = '40', seed = '1'] = process.argv;
const batchSize = 100;
/** Formatting costs ten times what emitting does, so only each tenth project is asked for it. */
const formatEvery = 10;
const root = packageRoot();

const emit = (spec: Spec): Promise<Tree> =>
  projectTree({ spec, templates: path.join(root, 'templates'), generator: manifest() });

/** Writes a tree; a file that `base` has too, byte for byte, becomes a link to it. Returns the others. */
async function write(
  folder: string,
  tree: Tree,
  base?: { folder: string; tree: Tree },
): Promise<string[]> {
  const own: string[] = [];
  for (const [file, { content }] of tree) {
    if (file.startsWith('.flask-style/')) continue;
    const target = path.join(folder, file);
    await mkdir(path.dirname(target), { recursive: true });
    const same = base?.tree.get(file)?.content;
    if (base && same !== undefined && Buffer.from(same).equals(Buffer.from(content))) {
      await symlink(path.join(base.folder, file), target);
    } else {
      await writeFile(target, content);
      own.push(file);
    }
  }
  return own;
}

const formatted = new Set(['.ts', '.md', '.json', '.yml', '.yaml', '.html', '.css', '.js']);

async function unformatted(folder: string, files: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) {
    if (!formatted.has(path.extname(file)) || file.includes('/templates/')) continue;
    const text = await readFile(path.join(folder, file), 'utf8');
    if (!(await isFormatted(text, { ...style, filepath: file }))) found.push(file);
  }
  return found;
}

/** One compiler run over the given files; what they import is found behind the links, once for the batch. */
async function typeErrors(
  batch: string,
  base: string,
  files: readonly string[],
): Promise<string[]> {
  await writeFile(
    path.join(batch, 'tsconfig.json'),
    JSON.stringify({ extends: `./${base}/tsconfig.json`, files, include: [], exclude: [] }),
  );
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = await execa(process.execPath, [compiler, '-p', 'tsconfig.json'], {
    cwd: batch,
    reject: false,
  });
  return stdout.split('\n').filter((line) => line.includes('error TS'));
}

const started = performance.now();
const scratch = await mkdtemp(path.join(tmpdir(), 'flask-style-random-'));
const problems: string[] = [];
let files = 0;
let resources = 0;
const specs = fc.sample(randomSpec, { numRuns: Number(count), seed: Number(seed) });
try {
  for (let from = 0; from < specs.length; from += batchSize) {
    const batch = path.join(scratch, String(from));
    await mkdir(batch);
    await symlink(path.join(root, 'node_modules'), path.join(batch, 'node_modules'));
    let base: { name: string; folder: string; tree: Tree } | undefined;
    const sources: string[] = [];
    for (const [index, spec] of specs.slice(from, from + batchSize).entries()) {
      const name = `p${from + index}`;
      const folder = path.join(batch, name);
      try {
        const tree = await emit(spec);
        const own = await write(folder, tree, base);
        if (index % formatEvery === 0)
          for (const file of await unformatted(folder, own))
            problems.push(`${name}/${file} is not formatted`);
        base ??= { name, folder, tree };
        for (const file of own) if (file.endsWith('.ts')) sources.push(path.join(name, file));
        files += own.length;
        resources += Object.keys(spec.resources).length;
      } catch (error) {
        problems.push(`${name}: ${(error as Error).stack}\n${JSON.stringify(spec)}`);
      }
    }
    if (base) problems.push(...(await typeErrors(batch, base.name, sources)));
    console.log(`${Math.min(from + batchSize, specs.length)} of ${specs.length}`);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
for (const problem of problems.slice(0, 50)) console.log(problem);
const seconds = ((performance.now() - started) / 1_000).toFixed(0);
console.log(
  `${specs.length} specs, ${resources} resources, ${files} files of their own, seed ${seed}: ${problems.length} problems, ${seconds} s`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
