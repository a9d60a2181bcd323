import type { Change } from '../apply/change.ts';
import type { Item, Outcome, Pending } from '../apply/reconcile/index.ts';
import { writing } from '../apply/reconcile/change-of.ts';
import type { UndoContent } from '../apply/types.ts';
import { exit, UserError } from '../errors.ts';
import type { Spec } from '../spec/schema.ts';
import { booksOf } from './books.ts';
import type { ProjectFiles } from './files.ts';
import { openProject } from './open.ts';
import { stateFrom } from './read-state.ts';
import { specPath } from './spec-text.ts';
import {
  entryOf,
  freshState,
  stateFolder,
  statePath,
  stateText,
  type State,
  type StateEntry,
} from './state.ts';
import { emittedTree } from './tree.ts';
import type { UndoRequest } from './undo-request.ts';

interface Undone {
  readonly request: UndoRequest;
  readonly files: ProjectFiles;
  /** The spec as it will lie on disk. */
  readonly spec: Spec;
  readonly outcomes: ReadonlyMap<Item, Outcome>;
  /** Files that are written with markers. */
  readonly marked: readonly Pending[];
}

/** Whether a path is one of those that remember what was emitted. */
export function isBook(path: string): boolean {
  return path.startsWith(`${stateFolder}/`);
}

/**
 * What becomes of `.flask-style/` when a command is taken back. Without a command since, it is as it was before; otherwise
 * it is made for what remains.
 */
export async function booksAfterUndo(undone: Undone): Promise<readonly Change[]> {
  const { request, files } = undone;
  const kept = request.contents.find(({ path }) => path === statePath);
  if (kept === undefined) return [];
  const after = stateIn(kept.afterBytes);
  const now = stateIn(await files.read(statePath));
  // A state that is missing on one side: the project was ejected, adopted, or lost it since.
  const untouched = now?.check === after?.check;
  return untouched ? booksBefore(undone) : booksMade(undone);
}

function stateIn(content: Uint8Array | undefined): State | undefined {
  return content === undefined ? undefined : stateFrom(Buffer.from(content).toString('utf8'));
}

async function booksBefore({ request, files, marked }: Undone): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (const content of request.contents.filter(({ path }) => isBook(path))) {
    const { path, afterBytes } = content;
    const ours = await files.read(path);
    // Somebody added to one of the files that git reads: that stays.
    if (path !== statePath && !same(ours, afterBytes)) continue;
    const after = path === statePath ? withPending(content, marked) : content.beforeBytes;
    const change = writing({ path, before: ours, after, mode: 0o644 });
    if (change !== undefined) changes.push(change);
  }
  return changes;
}

function withPending(
  { beforeBytes }: UndoContent,
  marked: readonly Pending[],
): Uint8Array | undefined {
  const before = stateIn(beforeBytes);
  if (before === undefined || marked.length === 0) return beforeBytes;
  return Buffer.from(stateText({ ...before, pending: [...(before.pending ?? []), ...marked] }));
}

/** Another command was run since: the state is that of the spec that remains. */
async function booksMade({ request, spec, outcomes, marked }: Undone): Promise<readonly Change[]> {
  const { entry, generator } = request;
  const project = await openProject(request);
  const versions = request.contents
    .filter(({ path }) => path === statePath)
    .flatMap(({ beforeBytes, afterBytes }) => [stateIn(beforeBytes), stateIn(afterBytes)])
    .map((state) => state?.generator.version);
  const made = request.contents.find(({ path }) => path === specPath);
  const first = made !== undefined && made.beforeBytes === undefined;
  const others = [...versions, project.state.generator.version];
  if (first || others.some((one) => one !== generator.version))
    throw new UserError(
      exit.conflict,
      `"${entry.command}" cannot be undone before the commands that were run since`,
      'undo those first',
    );
  const tree = await emittedTree(spec, project.templates);
  const entries = new Map<string, StateEntry>(Object.entries(project.state.files));
  for (const [{ path }, { entry: place }] of outcomes) {
    const file = tree.get(path);
    if (file === undefined || place === undefined) entries.delete(path);
    else entries.set(path, { ...entryOf(file), ...place });
  }
  const files = Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  const pending = [...(project.state.pending ?? []), ...marked];
  const state = {
    ...freshState(spec, new Map(), project.state.generator),
    files,
    ...(pending.length > 0 && { pending }),
  };
  return booksOf(project, state, tree);
}

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Buffer.compare(a, b) === 0;
}
