import { plan, type RandomBytes } from '../plan/index.ts';
import { loadTemplates } from '../plan/templates.ts';
import { render } from '../render/index.ts';
import type { EmittedFile, Tree } from '../render/types.ts';
import { specJsonSchema, type Spec } from '../spec/schema.ts';
import { sha256, stateFolder, statePath, stateText, type GeneratorName } from './state.ts';

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

// A changed line ending would change a base file, whose name is the hash of its content.
const attributes = 'base/* -text -diff linguist-generated\nstate.json text eol=lf\n';
const ignored = 'tx/\nundo/\nlock\ntmp/\n';

/** Every file of the project, sorted by path: the emitted ones and `.flask-style/`, which remembers them as emitted. */
export async function projectTree(input: TreeInput): Promise<Tree> {
  const templates = await loadTemplates(input.templates, input.overrides);
  const tree = await render(plan(input.spec, templates, input.random));
  const files = [...tree, ...stateFiles(input, tree)];
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function* stateFiles(
  { spec, generator }: TreeInput,
  tree: Tree,
): Generator<readonly [string, EmittedFile]> {
  for (const { content, merge } of tree.values()) {
    // A seed is the user's from the start, and a binary file is never merged.
    if (merge !== 'seed' && merge !== 'bin') yield own(`base/${sha256(content)}`, content);
  }
  yield own('.gitattributes', attributes);
  yield own('.gitignore', ignored);
  yield own('schema.json', `${JSON.stringify(specJsonSchema(), null, 2)}\n`);
  yield [statePath, stateFile(stateText(spec, tree, generator))];
}

function own(name: string, content: string | Uint8Array): readonly [string, EmittedFile] {
  return [`${stateFolder}/${name}`, stateFile(content)];
}

function stateFile(content: string | Uint8Array): EmittedFile {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return { content: bytes, merge: 'bin', mode: 0o644, owner: 'project' };
}
