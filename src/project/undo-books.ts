import type { Change } from '../apply/change.ts';
import type { Item, Outcome, Pending } from '../apply/reconcile/index.ts';
import { writing } from '../apply/reconcile/change-of.ts';
import type { UndoContent } from '../apply/types.ts';
import type { Spec } from '../spec/schema.ts';
import { booksOf } from './books.ts';
import type { ProjectFiles } from './files.ts';
import { entryOf, freshState, ignorePath, statePath, stateText, type StateEntry } from './state.ts';
import { isBook } from './undo-items.ts';
import { stateIn, type Later } from './undo-later.ts';
import type { UndoRequest } from './undo-request.ts';

/**
 * What becomes of `.flask-style/` when the last command is taken back: it is as it was before.
 * @param marked files that are written with markers
 */
export async function booksBefore(
  { contents }: UndoRequest,
  files: ProjectFiles,
  marked: readonly Pending[],
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (const content of contents.filter(({ path }) => isBook(path))) {
    const { path, afterBytes } = content;
    const ours = await files.read(path);
    // Somebody added to one of the files that git reads: that stays.
    if (path !== statePath && !same(ours, afterBytes)) continue;
    // What undo keeps is in no repository, also when the command is taken back that began it all.
    if (path === ignorePath && content.beforeBytes === undefined) continue;
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

interface Undone extends Later {
  readonly spec: Spec;
  readonly outcomes: ReadonlyMap<Item, Outcome>;
  /** Files that are written with markers. */
  readonly marked: readonly Pending[];
}

/** Other commands were run since: the state is that of the spec that remains. */
export async function booksLater(undone: Undone): Promise<readonly Change[]> {
  const { project, tree, spec, outcomes, marked } = undone;
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
