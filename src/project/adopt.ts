import { writing } from '../apply/reconcile/change-of.ts';
import type { Change } from '../apply/change.ts';
import { exit, UserError } from '../errors.ts';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/schema.ts';
import { booksOf, referred } from './books.ts';
import { ProjectFiles } from './files.ts';
import { templatesHash } from './kept.ts';
import { Bases, comparedVersions, refuseNewer, templatesOf, type Tools } from './open.ts';
import { planOf, type ProjectPlan } from './project-plan.ts';
import { stateOrNone, stateTextIn } from './read-state.ts';
import { nothingLeft, salvaged, type Salvage } from './salvage.ts';
import { specPath } from './spec-text.ts';
import {
  freshState,
  type GeneratorName,
  type State,
  type StateEntry,
  type UncheckedState,
} from './state.ts';
import { filesIn } from './strays.ts';
import { takenFor, type Taken } from './taken-for.ts';
import { basePath, emittedTree } from './tree.ts';

/** A plan, and what it takes the files of the project for. */
export interface AdoptPlan extends ProjectPlan {
  /** Files that are not as they would be emitted: the differences count as edits of the user. */
  readonly edited: readonly string[];
  /** Files that are not there: they stay so. */
  readonly missing: readonly string[];
  /** Files that one of two branches has changed, and that lack what the other one brought. */
  readonly behind: readonly string[];
}

/**
 * The plan that makes `.flask-style/` anew for a project that lost it. No other file changes. What a file was emitted as is
 * not known any more, so that it counts as emitted as it would be now. Where only bases are lost that can be rendered
 * again to the byte, they are put back, and everything else stays known. Of a state that is damaged, such as one that git
 * could not merge, what it still says of files is used: of both sides.
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
  const project = { root, files, state: known, spec, templates: own, bases };
  if (old !== undefined && (await complete(bases, old))) {
    if (bases.restored.size === 0)
      throw new UserError(exit.usage, 'nothing is lost here', 'status shows what you edited');
    const books = await booksOf(project, old, new Map());
    return { ...planOf(books, spec), edited: [], missing: [], behind: [] };
  }
  const left = old === undefined ? await leftOf(root) : nothingLeft;
  for (const made of left.generators) refuseNewer(made, generator);
  const tree = await emittedTree(spec, own);
  const taken = new Map<string, Taken>();
  for (const [file, wanted] of tree) {
    const said = left.files.get(file) ?? [];
    taken.set(file, await takenFor({ file, wanted, said }, { files, bases }));
  }
  const running = { ...generator, templates: templatesHash(own) };
  const state = await stateFrom({ spec, left, running, taken, bases });
  // Every base is looked at, not only those that another state did not have.
  const empty = { ...project, state: { ...known, files: {} } };
  const changes = [...(await booksOf(empty, state, tree)), ...(await leftOver(files, state))];
  const named = (what: (one: Taken) => boolean) =>
    [...taken].flatMap(([file, one]) => (what(one) ? [file] : []));
  return {
    ...planOf(changes, spec),
    edited: named(({ edited }) => edited),
    missing: named(({ entry }) => entry.gone !== undefined),
    // Where a later version would bring more, update says so.
    behind: state.generator.version === generator.version ? named(({ behind }) => behind) : [],
  };
}

async function leftOf(root: string): Promise<Salvage> {
  const text = await stateTextIn(root);
  return text === undefined ? nothingLeft : salvaged(text);
}

interface Anew {
  readonly spec: Spec;
  readonly left: Salvage;
  readonly running: GeneratorName;
  readonly taken: ReadonlyMap<string, Taken>;
  readonly bases: Bases;
}

async function stateFrom({ spec, left, running, taken, bases }: Anew): Promise<UncheckedState> {
  const files: Record<string, StateEntry> = Object.fromEntries(
    [...taken].map(([file, { entry }]) => [file, entry]),
  );
  const pending = new Map(
    left.pending.filter(({ path }) => taken.has(path)).map((one) => [one.path, one]),
  );
  for (const { path, base } of pending.values())
    if (base !== undefined && !(await has(bases, base))) pending.delete(path);
  // What the older side lacks is then not taken for done.
  const [made = running] = [...left.generators].sort((a, b) =>
    comparedVersions(a.version, b.version),
  );
  // Of other templates, everything is rendered by the next command, resources that are as they were included.
  const { templates: _, ...unsettled } = made;
  const isBehind = [...taken.values()].some(({ behind }) => behind);
  return {
    ...freshState(spec, new Map(), isBehind ? unsettled : made),
    files,
    ...(pending.size > 0 && { pending: [...pending.values()] }),
  };
}

/** Bases that nothing refers to: of a state that was lost, or of a side. */
async function leftOver(files: ProjectFiles, state: UncheckedState): Promise<readonly Change[]> {
  const needed = new Set([...referred(state)].map(basePath));
  const all = await filesIn(files.root, basePath('').replace(/\/$/, '')).catch(() => []);
  const changes = await Promise.all(
    all
      .filter((path) => !needed.has(path))
      .map(async (path) => writing({ path, before: await files.read(path), mode: 0o644 })),
  );
  return changes.filter((change) => change !== undefined);
}

async function complete(bases: Bases, state: State): Promise<boolean> {
  for (const base of referred(state)) if (!(await has(bases, base))) return false;
  return true;
}

async function has(bases: Bases, hash: string): Promise<boolean> {
  return bases.get(hash).then(
    () => true,
    () => false,
  );
}
