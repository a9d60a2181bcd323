import type { Item, Outcome, Pending } from '../apply/reconcile/types.ts';
import type { Tree } from '../render/types.ts';
import type { Spec } from '../spec/schema.ts';
import type { Project } from './open.ts';
import {
  entryOf,
  freshState,
  type GeneratorName,
  type StateEntry,
  type UncheckedState,
} from './state.ts';

interface Applied {
  readonly project: Project;
  readonly spec: Spec;
  readonly tree: Tree;
  readonly outcomes: ReadonlyMap<Item, Outcome>;
  readonly generator: GeneratorName;
}

/** The state of a project once a plan is written. */
export function stateAfter({ project, spec, tree, outcomes, generator }: Applied): UncheckedState {
  const byPath = new Map([...outcomes].map(([item, outcome]) => [item.path, outcome]));
  const files: Record<string, StateEntry> = {};
  for (const [path, file] of tree) {
    const outcome = byPath.get(path);
    // Nothing was to be done about it, so that what is known of it stays.
    const entry = outcome === undefined ? project.state.files[path] : outcome.entry;
    if (entry !== undefined) files[path] = { ...entryOf(file), ...placeOf(entry) };
  }
  const pending = pendingAfter(project.state.pending ?? [], outcomes, files);
  return {
    ...freshState(spec, new Map(), generator),
    files,
    ...(pending.length > 0 && { pending }),
  };
}

function placeOf({ at, gone }: Pick<StateEntry, 'at' | 'gone'>): Pick<StateEntry, 'at' | 'gone'> {
  return { ...(at !== undefined && { at }), ...(gone !== undefined && { gone }) };
}

/** What waited goes on waiting under the name that its file has now; what was skipped twice counts from the first time. */
function pendingAfter(
  old: readonly Pending[],
  outcomes: ReadonlyMap<Item, Outcome>,
  files: Readonly<Record<string, StateEntry>>,
): readonly Pending[] {
  const waiting = new Map(old.map((entry) => [entry.path, entry]));
  for (const [{ path, from }, { pending }] of outcomes) {
    const before = waiting.get(from);
    waiting.delete(from);
    if (pending === undefined) {
      if (before !== undefined) waiting.set(path, { ...before, path });
    } else {
      const first = before?.skipped && pending.skipped ? before.base : pending.base;
      waiting.set(path, { ...pending, ...(first !== undefined && { base: first }) });
    }
  }
  return [...waiting.values()]
    .filter(({ path }) => Object.hasOwn(files, path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
