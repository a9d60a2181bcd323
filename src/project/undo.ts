import type { Change } from '../apply/change.ts';
import {
  reconcileFiles,
  type Decision,
  type Item,
  type Outcome,
} from '../apply/reconcile/index.ts';
import type { UndoEntry } from '../apply/types.ts';
import { exit, UserError } from '../errors.ts';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/schema.ts';
import { utf8Text } from '../utf8.ts';
import { rulesOf } from './choices.ts';
import { ProjectFiles } from './files.ts';
import type { Bases } from './open.ts';
import { planOf, type ProjectPlan } from './project-plan.ts';
import { secretNotes } from './secret-notes.ts';
import { specPath } from './spec-text.ts';
import { statePath } from './state.ts';
import { surroundings } from './strays.ts';
import { booksBefore, booksLater } from './undo-books.ts';
import { isBook, turnedRound } from './undo-items.ts';
import { changedSince, stateIn, whatRemains, type Later } from './undo-later.ts';
import type { UndoRequest } from './undo-request.ts';

/**
 * The last command that can be taken back.
 * @throws UserError 1 when there is none
 */
export function lastCommand(entries: readonly UndoEntry[]): UndoEntry {
  const last = entries.find(({ undone, undoes }) => !undone && undoes === undefined);
  if (last !== undefined) return last;
  throw new UserError(exit.usage, 'there is nothing to undo');
}

/**
 * The undo that can be taken back itself: the last thing that happened.
 * @throws UserError 1 when there is none, or a command was run since
 */
export function lastUndo(entries: readonly UndoEntry[]): UndoEntry {
  const live = entries.filter(({ undone }) => !undone);
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const isUndo = ({ undoes }: UndoEntry): boolean =>
    undoes !== undefined && byId.get(undoes)?.undoes === undefined;
  const last = live.find((entry) => entry.undoes === undefined || isUndo(entry));
  if (last !== undefined && isUndo(last)) return last;
  const since = live.some(isUndo) && last !== undefined ? `: ${last.command} was run since` : '';
  throw new UserError(exit.usage, `there is nothing to redo${since}`);
}

/**
 * The plan that takes a command back: what it wrote is the base, what lies there now is the user's, and what lay there
 * before is wanted. Files that were not touched since are restored to the byte; edits made since are kept by merging.
 *
 * @throws UserError 1 for a decision that fits nothing, 3 when a later command stands in the way, 4 for a state that
 *   cannot be used
 */
export async function undoPlan(request: UndoRequest): Promise<ProjectPlan> {
  const files = new ProjectFiles(request.root);
  const own = request.contents.filter(({ path }) => !isBook(path)).map(turnedRound);
  if (!(await changedSince(request.contents, files))) {
    const outcomes = await outcomesOf(request, files, own);
    return planWith(request, files, outcomes);
  }
  // What remains of the spec decides what remains of everything else.
  const { decisions = new Map<string, Decision>() } = request;
  const said = new Map([...decisions].filter(([path]) => path === specPath));
  const spec = await outcomesOf(
    { ...request, decisions: said },
    files,
    own.filter(({ path }) => path === specPath),
  );
  const later = await whatRemains(request, await specAfter(files, changesIn(spec)));
  const outcomes = await outcomesOf(request, files, later.items, later.project.bases);
  return planWith(request, files, outcomes, later);
}

type Outcomes = ReadonlyMap<Item, Outcome>;

async function outcomesOf(
  request: UndoRequest,
  files: ProjectFiles,
  items: readonly Item[],
  bases?: Bases,
): Promise<Outcomes> {
  const { entry, contents } = request;
  const base = async (hash: string): Promise<Uint8Array> => {
    const bytes = contents.find(({ after }) => after === hash)?.afterBytes ?? bases?.get(hash);
    if (bytes === undefined) throw new TypeError(`${hash} is not in the entry`);
    return bytes;
  };
  const rules = await rulesOf(request, files, {
    base: `after ${entry.command}`,
    theirs: `before ${entry.command}`,
  });
  const around = surroundings({ files, state: { files: {} } }, new Map());
  const ours = (path: string) => files.read(path);
  const set = { items, tree: new Map(), moved: new Map() };
  return reconcileFiles(set, { ours, base, ...around }, rules);
}

async function planWith(
  request: UndoRequest,
  files: ProjectFiles,
  outcomes: Outcomes,
  later?: Later,
): Promise<ProjectPlan> {
  const changes = changesIn(outcomes).map((change) => asItWas(change, request.contents));
  const marked = [...outcomes].flatMap(([{ path }, { pending }]) =>
    pending === undefined || pending.skipped ? [] : [{ path, hunks: pending.hunks }],
  );
  const spec = await specAfter(files, changes);
  const books =
    later === undefined
      ? await booksBefore(request, files, marked)
      : await booksLater({ ...later, spec, outcomes, marked });
  const paths = marked.map(({ path }) => path);
  const before = later?.project.state.spec ?? specLeft(request.contents);
  const notes =
    before === undefined ? [] : await secretNotes({ files, before, after: spec, changes });
  return planOf([...changes, ...books], spec, notes, paths);
}

/** The spec that a command left as applied; undefined when it left no state. */
function specLeft(contents: UndoRequest['contents']): Spec | undefined {
  return stateIn(contents.find(({ path }) => path === statePath)?.afterBytes)?.spec;
}

/** A file that comes back has the permissions that it had, which may be none of those that the generator gives. */
function asItWas(change: Change, contents: UndoRequest['contents']): Change {
  const old = contents.find(({ path, before }) => path === change.path && before !== undefined);
  return change.kind === 'create' && old !== undefined ? { ...change, mode: old.mode } : change;
}

function changesIn(outcomes: Outcomes): readonly Change[] {
  return [...outcomes.values()].flatMap((outcome) => outcome.changes);
}

/** The spec as it will lie on disk; the last one when it goes, with the first command in a project not made by us. */
async function specAfter(files: ProjectFiles, changes: readonly Change[]): Promise<Spec> {
  const change = changes.find(({ path, kind }) => path === specPath && kind !== 'conflict');
  const content = change?.after ?? (await files.read(specPath));
  if (content === undefined)
    throw new UserError(exit.state, `${specPath} is missing`, 'restore it from version control');
  return parseSpec(utf8Text(content), specPath);
}
