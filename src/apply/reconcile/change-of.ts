import type { FileMode } from '../../render/types.ts';
import type { Change, Conflict } from '../change.ts';
import type { Item, Outcome, Remembered, Sides } from './types.ts';

interface Bytes {
  readonly path: string;
  readonly before?: Uint8Array | undefined;
  readonly after?: Uint8Array | undefined;
  readonly mode: FileMode;
  readonly note?: string | undefined;
}

/**
 * A change that writes, called after what it does. When both sides have the same bytes it is `identical` and stands there
 * for its note only; without one there is no change.
 */
export function writing({ path, before, after, mode, note }: Bytes): Change | undefined {
  const same = before !== undefined && after !== undefined && Buffer.compare(before, after) === 0;
  if (same || (before === undefined && after === undefined))
    return note === undefined ? undefined : still('identical', { path, before, mode, note });
  return {
    path,
    kind: before === undefined ? 'create' : after === undefined ? 'delete' : 'update',
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    mode,
    ...(note !== undefined && { note }),
  };
}

/** A change that writes nothing and tells something. */
export function still(
  kind: 'keep' | 'identical',
  { path, before, mode, note }: Omit<Bytes, 'after'>,
): Change {
  const same = before === undefined ? {} : { before, after: before };
  return { path, kind, ...same, mode, ...(note !== undefined && { note }) };
}

/** A change that cannot be made before somebody decides. */
export function disputed({ item, at, ours }: Sides, conflict: Conflict): Change {
  const same = ours === undefined ? {} : { before: ours, after: ours };
  return { path: at, kind: 'conflict', ...same, mode: modeOf(item), conflict };
}

/** Puts a content where the file belongs; a file that changes its place leaves the old one. */
export function putAt(
  { item, at, to, ours }: Sides,
  after: Uint8Array | undefined,
  note?: string,
): Outcome {
  const mode = modeOf(item);
  const changes =
    at === to
      ? [writing({ path: at, before: ours, after, mode, note })]
      : [writing({ path: at, before: ours, mode }), writing({ path: to, after, mode, note })];
  return {
    changes: changes.filter((change) => change !== undefined),
    entry: remembered(item, to),
  };
}

/** What the state keeps of a file that lies at `to`. */
export function remembered(item: Item, to: string): Pick<Remembered, 'at'> {
  return to === item.path ? {} : { at: to };
}

/** The permissions that the generator gives a file. */
export function modeOf({ theirs, known }: Item): FileMode {
  if (theirs !== undefined) return theirs.mode;
  const mode = Number.parseInt(known?.mode ?? '644', 8);
  return mode === 0o755 || mode === 0o600 ? mode : 0o644;
}
