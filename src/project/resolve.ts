import { hasMarkers } from '../apply/reconcile/markers.ts';
import { reconcileFiles, type Item, type Outcome, type Pending } from '../apply/reconcile/index.ts';
import { exit, UserError } from '../errors.ts';
import { booksOf } from './books.ts';
import { rulesOf, type Choices } from './choices.ts';
import { openProject, type Project, type Tools } from './open.ts';
import { planOf, type ProjectPlan } from './project-plan.ts';
import type { UncheckedState } from './state.ts';
import { surroundings } from './strays.ts';

/**
 * The plan that ends what waits: files whose markers are gone are done; what was skipped is offered again, and stays
 * skipped unless something is said about it.
 *
 * @throws UserError 3 when markers are left, 1 and 4 as `changeProject`
 */
export async function resolvePlan(request: Tools & Choices): Promise<ProjectPlan> {
  const project = await openProject(request, { unfinished: true });
  const { state } = project;
  const pending = state.pending ?? [];
  await refuseMarkers(project, pending);
  const skipped = pending.filter((entry) => entry.skipped);
  const outcomes = await offered(project, skipped, request);
  const left = skipped.flatMap((entry, index) => waiting(entry, outcomes[index]));
  const { pending: _ended, check: _check, ...rest } = state;
  const after: UncheckedState = left.length > 0 ? { ...rest, pending: left } : rest;
  const changes = outcomes.flatMap((outcome) => outcome?.changes ?? []);
  const marked = left.filter((entry) => !entry.skipped).map(({ path }) => path);
  const books = await booksOf(project, after, new Map());
  const notes = left.filter((entry) => entry.skipped).map(noteOn);
  return planOf([...changes, ...books], project.spec, notes, marked);
}

async function refuseMarkers(
  { files, state }: Project,
  pending: readonly Pending[],
): Promise<void> {
  const open: string[] = [];
  for (const { path, skipped } of pending) {
    const ours = await files.read(state.files[path]?.at ?? path);
    if (!skipped && ours !== undefined && hasMarkers(ours)) open.push(path);
  }
  if (open.length > 0)
    throw new UserError(
      exit.conflict,
      `conflict markers are left in ${open.join(', ')}`,
      'decide them, or take the change back with undo',
    );
}

/** What becomes of each skipped file: `undefined` when it goes on waiting. */
async function offered(
  project: Project,
  skipped: readonly Pending[],
  request: Tools & Choices,
): Promise<readonly (Outcome | undefined)[]> {
  const rules = await rulesOf(request, project.files, {
    base: 'before what was skipped',
    theirs: `generator ${project.state.generator.version}`,
  });
  const items = await Promise.all(skipped.map((entry) => itemOf(project, entry)));
  const outcomes = await reconcileFiles(
    { items, tree: new Map(), moved: new Map() },
    {
      ours: (path) => project.files.read(path),
      base: (hash) => project.bases.get(hash),
      ...surroundings(project, new Map()),
    },
    rules,
  );
  return items.map((item) => {
    const outcome = outcomes.get(item);
    const open = outcome?.changes.some(({ kind }) => kind === 'conflict');
    return open ? undefined : outcome;
  });
}

async function itemOf({ state, bases }: Project, { path, base }: Pending): Promise<Item> {
  const known = state.files[path];
  if (known?.base === undefined) throw new TypeError(`${path} is not in the state`);
  const { base: now, ...place } = known;
  const content = await bases.get(now);
  const theirs = { content, merge: known.kind, mode: 0o644, owner: 'project' } as const;
  const before = base === undefined ? undefined : { ...place, base };
  return { path, from: path, known: before, theirs };
}

/** What goes on waiting: it is still open, or it is written with markers now. To keep one's own side ends it. */
function waiting(entry: Pending, outcome: Outcome | undefined): readonly Pending[] {
  if (outcome === undefined) return [entry];
  const { pending } = outcome;
  return pending === undefined || pending.skipped ? [] : [pending];
}

function noteOn({ path, hunks }: Pending): string {
  const places = hunks === 1 ? 'a place' : `${hunks} places`;
  return `${path}: ${places} of the generator was skipped (--decide ${path}=theirs takes it, =ours ends this)`;
}
