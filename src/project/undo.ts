import type { Change } from '../apply/change.ts';
import { reconcileFiles, type Item, type Remembered } from '../apply/reconcile/index.ts';
import type { UndoContent, UndoEntry } from '../apply/types.ts';
import { exit, UserError } from '../errors.ts';
import { mergePolicyOf } from '../plan/policy.ts';
import type { EmittedFile, FileMode } from '../render/types.ts';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/schema.ts';
import { rulesOf } from './choices.ts';
import { ProjectFiles } from './files.ts';
import { planOf, type ProjectPlan } from './project-plan.ts';
import { specPath } from './spec-text.ts';
import { surroundings } from './strays.ts';
import { booksAfterUndo, isBook } from './undo-books.ts';
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
  const { root, entry, contents } = request;
  const files = new ProjectFiles(root);
  const items = contents.filter(({ path }) => !isBook(path)).map(itemOf);
  const outcomes = await reconcileFiles(
    { items, tree: new Map(), moved: new Map() },
    {
      ours: (path) => files.read(path),
      base: (hash) => bytesWith(hash, contents),
      ...surroundings({ root, state: { files: {} } }, new Map()),
    },
    await rulesOf(request, files, {
      base: `after ${entry.command}`,
      theirs: `before ${entry.command}`,
    }),
  );
  const changes = [...outcomes.values()].flatMap((outcome) => outcome.changes);
  const marked = [...outcomes].flatMap(([{ path }, { pending }]) =>
    pending === undefined || pending.skipped ? [] : [{ path, hunks: pending.hunks }],
  );
  const spec = await specAfter(files, changes);
  const books = await booksAfterUndo({ request, files, spec, outcomes, marked });
  const paths = marked.map(({ path }) => path);
  return planOf([...changes, ...books], spec, [], paths);
}

/** A file of the entry, with the sides turned round. */
function itemOf({ path, mode, after, beforeBytes }: UndoContent): Item {
  const kind = mergePolicyOf(path);
  const known = after === undefined ? undefined : { kind, base: after, ...modeEntry(mode) };
  const theirs: EmittedFile | undefined =
    beforeBytes === undefined
      ? undefined
      : { content: beforeBytes, merge: kind, mode: fileMode(mode), owner: 'project' };
  return { path, from: path, known, theirs };
}

function fileMode(mode: number): FileMode {
  if ((mode & 0o077) === 0) return 0o600;
  return (mode & 0o111) === 0 ? 0o644 : 0o755;
}

function modeEntry(mode: number): Pick<Remembered, 'mode'> {
  const own = fileMode(mode);
  return own === 0o644 ? {} : { mode: own.toString(8) };
}

async function bytesWith(hash: string, contents: readonly UndoContent[]): Promise<Uint8Array> {
  const found = contents.find(({ after }) => after === hash)?.afterBytes;
  if (found === undefined) throw new TypeError(`${hash} is not in the entry`);
  return found;
}

/** The spec as it will lie on disk; the last one when it goes, with the first command in a project not made by us. */
async function specAfter(files: ProjectFiles, changes: readonly Change[]): Promise<Spec> {
  const change = changes.find(({ path, kind }) => path === specPath && kind !== 'conflict');
  const content = change?.after ?? (await files.read(specPath));
  if (content === undefined)
    throw new UserError(exit.state, `${specPath} is missing`, 'restore it from version control');
  return parseSpec(Buffer.from(content).toString('utf8'), specPath);
}
