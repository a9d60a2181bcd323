import { bytesOf, sha256 } from '../apply/hash.ts';
import { plan, type PlanOptions, type RandomBytes } from '../plan/index.ts';
import { loadTemplates, type Templates } from '../plan/templates.ts';
import { render } from '../render/index.ts';
import type { EmittedFile, MergePolicy, Tree } from '../render/types.ts';
import { editorSchema } from '../spec/editor-schema.ts';
import type { Spec } from '../spec/schema.ts';
import { templatesHash } from './kept.ts';
import { freshState, stateFolder, statePath, stateText, type GeneratorName } from './state.ts';

/** What the files of a project follow from, and nothing else. */
export interface TreeInput {
  readonly spec: Spec;
  /** The folder of the template sets. */
  readonly templates: string;
  /** A folder whose templates replace those of the same path. */
  readonly overrides?: string | undefined;
  readonly generator: GeneratorName;
  /** Makes the secrets of `.env`, the only file that differs from one emission to the next; without it there is none. */
  readonly random?: RandomBytes | undefined;
}

// The name of a base is the hash of its content: git changes no line end in it. Of two branches that replaced the same base
// it takes the new ones for one file under two names, and without `-merge` it would write a mixture into both.
const attributes = 'base/* -text -diff -merge linguist-generated\nstate.json text eol=lf\n';
const ignored = 'tx/\nundo/\nlock\ntmp/\n';

/** Every file of the project, sorted by path: the emitted ones and `.flask-style/`, which remembers them as emitted. */
export async function projectTree(input: TreeInput): Promise<Tree> {
  const templates = loadTemplates(input.templates, input.overrides);
  const tree = await render(plan(input.spec, templates, { random: input.random }));
  const generator = { ...input.generator, templates: templatesHash(templates) };
  const files = [...tree, ...stateFiles({ ...input, generator }, tree)];
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The files of a project without `.flask-style/`, sorted by path. */
export async function emittedTree(
  spec: Spec,
  templates: Templates,
  options?: PlanOptions,
): Promise<Tree> {
  return render(plan(spec, templates, options));
}

/** What lies in `.flask-style/` beside the state and the bases, whatever the project is. */
export function fixedFiles(): Tree {
  return new Map([
    own('.gitattributes', attributes),
    own('.gitignore', ignored),
    own('schema.json', `${editorSchema}\n`),
  ]);
}

/** Whether files of this kind are kept as emitted: a seed is the user's from the start, and a binary file is never merged. */
export function keepsBase(kind: MergePolicy): boolean {
  return kind !== 'seed' && kind !== 'bin';
}

/** The path of a file as it was emitted. */
export function basePath(hash: string): string {
  return `${stateFolder}/base/${hash}`;
}

/** A file of `.flask-style/`. */
export function stateFile(content: string | Uint8Array): EmittedFile {
  return { content: bytesOf(content), merge: 'bin', mode: 0o644, owner: 'project' };
}

function* stateFiles(
  { spec, generator }: TreeInput,
  tree: Tree,
): Generator<readonly [string, EmittedFile]> {
  for (const { content, merge } of tree.values()) {
    if (keepsBase(merge)) yield [basePath(sha256(content)), stateFile(content)];
  }
  yield* fixedFiles();
  yield [statePath, stateFile(stateText(freshState(spec, tree, generator)))];
}

function own(name: string, content: string): readonly [string, EmittedFile] {
  return [`${stateFolder}/${name}`, stateFile(content)];
}
