/**
 * Random specs: each must emit a project that type-checks under its own strict tsconfig and is formatted.
 *
 *   npx tsx test/e2e/random-specs.ts [count] [seed]        1,000 for the whole run
 *
 * Projects of a batch share what is the same to the compiler, so that one run of it checks the batch.
 */
import { realpathSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { check as isFormatted } from 'prettier';
import ts from 'typescript';
import { sha256 } from '../../src/apply/hash.ts';
import { manifest, packageRoot } from '../../src/package.ts';
import { projectTree } from '../../src/project/tree.ts';
import { style } from '../../src/render/format.ts';
import type { Tree } from '../../src/render/index.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { randomSpec } from '../laws/random-spec.ts';
import { fc } from '../properties.ts';
import { writeTree } from './write-tree.ts';

const [, , count = '40', seed = '1'] = process.argv;
const batchSize = 100;
/** Formatting costs ten times what emitting does, so only each tenth project is asked for it. */
const formatEvery = 10;
const root = packageRoot();

const emit = (spec: Spec): Promise<Tree> =>
  projectTree({ spec, templates: path.join(root, 'templates'), generator: manifest() });

/** The files that code imports by relative paths. */
const importsOf = (file: string, code: string): string[] =>
  [...code.matchAll(/(?:from|import|import\() ?'(\.{1,2}\/[^']+)'/g)].map(([, to = '']) =>
    path.posix.join(path.posix.dirname(file), to),
  );

const shapes = new Map<string, string>();

/** What others see of a file: its declarations, or all of it where those would have to be inferred. */
function shapeOf(file: string, text: string): string {
  if (!file.endsWith('.ts')) return text;
  const known = shapes.get(text);
  if (known !== undefined) return known;
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(text, {
    reportDiagnostics: true,
    compilerOptions: { module: ts.ModuleKind.NodeNext },
  });
  const shape = diagnostics.length > 0 ? text : outputText;
  shapes.set(text, shape);
  return shape;
}

/**
 * What each file of a tree means to the compiler: the same where its text is, and the shapes of all that it imports,
 * near or far.
 */
function meanings(tree: ReadonlyMap<string, string>): Map<string, string> {
  const imported = (file: string, code: string) =>
    importsOf(file, code).filter((to) => tree.has(to));
  const shape = new Map([...tree].map(([file, text]) => [file, shapeOf(file, text)]));
  const behind = new Map([...shape].map(([file, code]) => [file, imported(file, code)]));
  return new Map(
    [...tree].map(([file, text]) => {
      const reached = new Set(imported(file, text));
      for (const one of reached) for (const to of behind.get(one) ?? []) reached.add(to);
      const seen = [...reached].sort().flatMap((one) => [one, shape.get(one) ?? '']);
      return [file, sha256([file, text, ...seen].join('\0'))];
    }),
  );
}

/**
 * Writes what a reader would see of a tree; what means the same as a file before it becomes a link to that.
 * @param known where a file of a meaning lies; gets those of this tree
 * @returns the paths of the other files
 */
async function write(folder: string, tree: Tree, known: Map<string, string>): Promise<string[]> {
  const seen = new Map([...tree].filter(([file]) => !file.startsWith('.flask-style/')));
  const meant = meanings(new Map([...seen].map(([file, { content }]) => [file, String(content)])));
  const written = await writeTree(folder, seen, (file) => known.get(meant.get(file) ?? ''));
  for (const file of written) known.set(meant.get(file) ?? '', path.join(folder, file));
  return written;
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

/**
 * One compiler run over the given files. The compiler follows links only to packages, so it is told to follow those to
 * the base as well: what is shared is checked once for the batch.
 */
function typeErrors(base: string, files: readonly string[]): string[] {
  const { config } = ts.readConfigFile(path.join(base, 'tsconfig.json'), ts.sys.readFile) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files },
    ts.sys,
    base,
  );
  Object.assign(options, { noEmit: true, rootDir: undefined, outDir: undefined });
  const host = ts.createCompilerHost(options);
  const cache = ts.createModuleResolutionCache(base, (name) => name, options);
  host.resolveModuleNameLiterals = (literals, from, redirected, wanted, source) =>
    literals.map((literal) => {
      const mode = ts.getModeForUsageLocation(source, literal, wanted);
      const { text } = literal;
      const found = ts.resolveModuleName(text, from, wanted, host, cache, redirected, mode);
      const module = found.resolvedModule;
      if (module === undefined || !text.startsWith('.')) return found;
      const resolvedFileName = realpathSync(module.resolvedFileName);
      return { ...found, resolvedModule: { ...module, resolvedFileName } };
    });
  const program = ts.createProgram(files, options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map((diagnostic) => ts.formatDiagnostic(diagnostic, host).trim());
}

const started = performance.now();
const scratch = await realpath(await mkdtemp(path.join(tmpdir(), 'flask-style-random-')));
const problems: string[] = [];
let files = 0;
let resources = 0;
const specs = fc.sample(randomSpec, { numRuns: Number(count), seed: Number(seed) });
try {
  for (let from = 0; from < specs.length; from += batchSize) {
    const batch = path.join(scratch, String(from));
    await mkdir(batch);
    await symlink(path.join(root, 'node_modules'), path.join(batch, 'node_modules'));
    let base: string | undefined;
    const known = new Map<string, string>();
    const sources: string[] = [];
    for (const [index, spec] of specs.slice(from, from + batchSize).entries()) {
      const name = `p${from + index}`;
      const folder = path.join(batch, name);
      try {
        const tree = await emit(spec);
        const own = await write(folder, tree, known);
        if (index % formatEvery === 0)
          for (const file of await unformatted(folder, own))
            problems.push(`${name}/${file} is not formatted`);
        base ??= folder;
        for (const file of own) if (file.endsWith('.ts')) sources.push(path.join(folder, file));
        files += own.length;
        resources += Object.keys(spec.resources).length;
      } catch (error) {
        problems.push(`${name}: ${(error as Error).stack}\n${JSON.stringify(spec)}`);
      }
    }
    if (base !== undefined) problems.push(...typeErrors(base, sources));
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
