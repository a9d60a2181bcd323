import type { Change } from '../apply/change.ts';
import { bytesOf } from '../apply/hash.ts';
import {
  reconcileFiles,
  type Item,
  type Outcome,
  type Revised,
  type Rules,
} from '../apply/reconcile/index.ts';
import { exit, UserError } from '../errors.ts';
import { contractPath, type Former } from '../plan/contract.ts';
import type { Left } from '../plan/index.ts';
import { loadMoves, movedFiles } from '../plan/moves.ts';
import { renamedFiles } from '../plan/renames.ts';
import type { Tree } from '../render/types.ts';
import type { Spec } from '../spec/schema.ts';
import { utf8Text } from '../utf8.ts';
import { booksOf } from './books.ts';
import { rulesOf, type Choices } from './choices.ts';
import { itemsOf } from './items.ts';
import { movesIn, surroundings } from './strays.ts';
import { keptOf, templatesHash } from './kept.ts';
import { openProject, type Project, type Tools } from './open.ts';
import { planOf, type ProjectPlan } from './project-plan.ts';
import { secretNotes } from './secret-notes.ts';
import { refuseOtherSpec, sameSpec, specPath } from './spec-text.ts';
import type { GeneratorName } from './state.ts';
import { stateAfter } from './state-after.ts';
import { emittedTree } from './tree.ts';

export type { ProjectPlan } from './project-plan.ts';

/** What is to be changed in a project, and how to decide where a choice is open. */
export interface ChangeRequest extends Tools, Choices {
  /** What the spec is to be. Pure; it throws a UserError when that cannot be. */
  readonly next: (spec: Spec) => Spec;
  /** Brings the templates of the running program in; without it they have to be those of the last time. */
  readonly update?: boolean;
  /** Resources that get another name, old to new: the edits in their files travel along. */
  readonly renamed?: ReadonlyMap<string, string>;
  /** A project that is not one of ours yet, and what else changes in it; left out: the one on disk, and nothing. */
  readonly beside?: {
    readonly project: Project;
    readonly changes: readonly Change[];
    readonly notes: readonly string[];
  };
  /** Files that do not follow from the spec and are written once, such as a migration. */
  readonly extra?: (project: Project) => Promise<Tree>;
  /** Files of the user in which a name is to be another one, by path, as they are to be before anything is merged. */
  readonly revised?: (project: Project) => Promise<ReadonlyMap<string, Revised>>;
  /** What is to be told besides, of the project as it is before the plan is written. */
  readonly notes?: (project: Project, plan: ProjectPlan) => Promise<readonly string[]>;
}

/**
 * The plan of every command that changes a project: what was emitted last, what lies on disk and what the spec means now
 * are brought together. Writes nothing; two runs on the same project give the same plan.
 *
 * @throws UserError 1 for a spec or a decision with mistakes, 3 while a merge waits, 4 for a state that cannot be used,
 *   5 for a file that cannot be read
 */
export async function changeProject(request: ChangeRequest): Promise<ProjectPlan> {
  const project = request.beside?.project ?? (await openProject(request));
  const generator = { ...request.generator, templates: templatesHash(project.templates) };
  if (!request.update) refuseOtherTemplates(project.state.generator, generator);
  const spec = request.next(project.spec);
  if (spec.beside !== undefined) {
    // Loaded late: it parses code, and only projects that were not made by us need it.
    const { refuseTaken } = await import('./beside/clashes.ts');
    await refuseTaken(project, spec);
  }
  const revised = (await request.revised?.(project)) ?? new Map<string, Revised>();
  const wanted = new Set([...revised.keys(), ...(request.decisions?.keys() ?? [])]);
  const kept = keptOf(project.state, spec, project.templates, generator, wanted);
  const tree = await emittedTree(spec, project.templates, {
    left: kept,
    random: request.random,
    former: await formerOf(project, kept),
  });
  const items = itemsOf({
    state: project.state,
    tree,
    kept: kept.paths,
    revised,
    renames: new Map([
      ...movedFiles(await loadMoves(request.templates), spec),
      ...renamedFiles(project.state.spec, spec, project.templates, request.renamed),
    ]),
    decided: request.decisions ?? new Map(),
  });
  const rules = await rulesOf(request, project.files, {
    base: `last generated ${project.state.generator.version}`,
    theirs: `generator ${request.generator.version}`,
  });
  const outcomes = await outcomesOf({ project, spec, tree, items, rules, revised });
  const state = stateAfter({ project, spec, tree, kept: kept.paths, outcomes, generator });
  const changes = [
    ...[...outcomes.values()].flatMap((outcome) => outcome.changes),
    ...(await extraChanges(project, request)),
    ...(request.beside?.changes ?? []),
    ...(await booksOf(project, state, tree)),
  ];
  const { files, state: applied } = project;
  const secrets = await secretNotes({ files, before: applied.spec, after: spec, changes });
  const notes = [...notesOn(project, spec), ...secrets, ...(request.beside?.notes ?? [])];
  const plan = planOf(changes, spec, notes, markedIn(outcomes));
  const more = (await request.notes?.(project, plan)) ?? [];
  return { ...plan, notes: [...plan.notes, ...more] };
}

/** A newer program would mix what it has learnt since with what was asked for. */
function refuseOtherTemplates(made: GeneratorName, running: GeneratorName): void {
  if (made.version === running.version || made.templates === running.templates) return;
  throw new UserError(
    exit.state,
    `this project was generated by version ${made.version}; this is ${running.version}, with other templates`,
    'run update first, so that you see its changes by themselves',
  );
}

/** What was planned last, when the same templates make the next plan. */
async function formerOf({ state, bases }: Project, kept: Left): Promise<Former | undefined> {
  const base = state.files[contractPath]?.base;
  if (kept.resources.size === 0 || base === undefined) return undefined;
  const contract = utf8Text(await bases.get(base));
  return { spec: state.spec, contract };
}

/** Nothing remembers these files: they belong to the user from the start. */
async function extraChanges(
  project: Project,
  { extra }: ChangeRequest,
): Promise<readonly Change[]> {
  const files = [...((await extra?.(project)) ?? new Map())];
  return Promise.all(
    files.map(async ([path, { content, mode }]): Promise<Change> => {
      const before = await project.files.read(path);
      if (before === undefined) return { path, kind: 'create', after: bytesOf(content), mode };
      const reason = 'a file of that name lies here already';
      const conflict = { kind: 'exists', reason, hunks: [], answers: [] } as const;
      return { path, kind: 'conflict', before, after: before, mode, conflict };
    }),
  );
}

interface Open {
  readonly project: Project;
  readonly spec: Spec;
  readonly tree: Tree;
  readonly items: readonly Item[];
  readonly rules: Rules;
  readonly revised: ReadonlyMap<string, Revised>;
}

async function outcomesOf(open: Open): Promise<ReadonlyMap<Item, Outcome>> {
  const { project, spec, tree, items, rules, revised } = open;
  const { files, bases } = project;
  // When the file says what is wanted in its own words already, there is nothing to merge: comments and all stay.
  const said = sameSpec(project.spec, spec);
  const spoken = (item: Item): boolean => said && item.path === specPath;
  const sources = {
    ours: (path: string) => files.read(path),
    base: (hash: string) => bases.get(hash),
    ...surroundings(project, tree),
    revised,
  };
  const outcomes = await reconcileFiles(
    { items: items.filter((item) => !spoken(item)), tree, moved: movesIn(project.state) },
    sources,
    rules,
  );
  const left = items.filter(spoken).map((item) => [item, { changes: [], entry: {} }] as const);
  const all = new Map<Item, Outcome>([...outcomes, ...left]);
  for (const [item, outcome] of all) refuseOtherSpec(item, outcome, spec);
  return all;
}

function notesOn({ spec: written, state }: Project, spec: Spec): readonly string[] {
  const edited = !sameSpec(written, state.spec);
  const more = edited && !sameSpec(written, spec);
  return more ? [`edits of ${specPath} that were not applied yet are applied as well`] : [];
}

function markedIn(outcomes: ReadonlyMap<Item, Outcome>): readonly string[] {
  return [...outcomes.values()].flatMap(({ pending }) =>
    pending === undefined || pending.skipped ? [] : [pending.path],
  );
}
