import { bytesOf } from '../apply/hash.ts';
import { exit, UserError } from '../errors.ts';
import { sameContent } from '../merge/index.ts';
import type { EmittedFile } from '../render/types.ts';
import { parseSpec } from '../spec/parse.ts';
import { booksOf, referred } from './books.ts';
import { ProjectFiles } from './files.ts';
import { templatesHash } from './kept.ts';
import { Bases, templatesOf, type Tools } from './open.ts';
import { planOf, type ProjectPlan } from './project-plan.ts';
import { stateOrNone } from './read-state.ts';
import { specPath } from './spec-text.ts';
import { entryOf, freshState, type State, type StateEntry } from './state.ts';
import { emittedTree } from './tree.ts';

/** A plan, and what it takes the files of the project for. */
export interface AdoptPlan extends ProjectPlan {
  /** Files that are not as they would be emitted: the differences count as edits of the user. */
  readonly edited: readonly string[];
  /** Files that are not there: they stay so. */
  readonly missing: readonly string[];
}

/**
 * The plan that makes `.flask-style/` anew for a project that lost it. No other file changes. What a file was emitted as is
 * not known any more, so that it counts as emitted as it would be now. Where only bases are lost that can be rendered
 * again to the byte, they are put back, and everything else stays known.
 *
 * @throws UserError 1 when nothing is lost or the spec has mistakes, 4 when the state is newer than the running program
 */
export async function adoptPlan({ root, templates, generator }: Tools): Promise<AdoptPlan> {
  const files = new ProjectFiles(root);
  const text = await files.text(specPath);
  if (text === undefined)
    throw new UserError(exit.usage, `there is no ${specPath} here`, 'write one, then run adopt');
  const spec = parseSpec(text, specPath);
  const own = templatesOf(root, templates, spec);
  const old = await stateOrNone(root);
  const known: State = old ?? { ...freshState(spec, new Map(), generator), check: '' };
  const bases = new Bases(files, known, own, generator);
  if (old !== undefined && (await complete(bases, old))) {
    if (bases.restored.size === 0)
      throw new UserError(exit.usage, 'nothing is lost here', 'status shows what you edited');
    const project = { root, files, state: old, spec, templates: own, bases };
    const books = await booksOf(project, old, new Map());
    return { ...planOf(books, spec), edited: [], missing: [] };
  }
  const tree = await emittedTree(spec, own);
  const edited: string[] = [];
  const missing: string[] = [];
  const entries: Record<string, StateEntry> = {};
  for (const [file, wanted] of tree) {
    const ours = await files.read(file);
    entries[file] = { ...entryOf(wanted), ...(ours === undefined && { gone: 'user' }) };
    if (wanted.merge === 'seed') entries[file] = entryOf(wanted);
    else if (ours === undefined) missing.push(file);
    else if (!(await sameContent(file, wanted.merge, ours, contentOf(wanted)))) edited.push(file);
  }
  const maker = { ...generator, templates: templatesHash(own) };
  const state = { ...freshState(spec, new Map(), maker), files: entries };
  const project = { root, files, state: known, spec, templates: own, bases };
  // Every base is looked at, not only those that another state did not have.
  const books = await booksOf({ ...project, state: { ...known, files: {} } }, state, tree);
  return { ...planOf(books, spec), edited, missing };
}

async function complete(bases: Bases, state: State): Promise<boolean> {
  for (const base of referred(state)) {
    const there = await bases.get(base).then(
      () => true,
      () => false,
    );
    if (!there) return false;
  }
  return true;
}

function contentOf({ content }: EmittedFile): Uint8Array {
  return bytesOf(content);
}
