import { exit, UserError } from '../errors.ts';
import type { Tree } from '../render/types.ts';
import type { Change, Conflict } from './change.ts';
import { bytesOf } from './hash.ts';

// Named after the hash of a content: a list of them says nothing to a reader.
const hashed = '.flask-style/base/';

const exists: Conflict = {
  kind: 'exists',
  reason: 'exists and would be overwritten',
  hunks: [],
  answers: [],
};

/**
 * The changes that make a new project: compares what lies on disk with what the generator wants. Every path that exists
 * already is a conflict, even with the same bytes: nothing tells a file of ours from one that somebody else made.
 *
 * @param ours the bytes on disk by path, as `readOurs` gives them
 * @param theirs the tree of the generator
 */
export function reconcile(ours: ReadonlyMap<string, Uint8Array>, theirs: Tree): readonly Change[] {
  return [...theirs].map(([path, { content, mode }]) => {
    const before = ours.get(path);
    return before === undefined
      ? { path, kind: 'create', after: bytesOf(content), mode }
      : { path, kind: 'conflict', before, after: before, mode, conflict: exists };
  });
}

/** Throws `UserError` (3) that lists every conflict, if there is one. */
export function refuseConflicts(changes: readonly Change[]): void {
  const conflicts = changes.filter(({ kind }) => kind === 'conflict');
  const other = conflicts.find(({ conflict }) => conflict && conflict.kind !== 'exists');
  if (other) {
    const more = conflicts.length === 1 ? '' : ` (and ${conflicts.length - 1} more)`;
    const what = `${other.path}: ${other.conflict?.reason}${more}`;
    throw new UserError(exit.conflict, what, 'nothing was written');
  }
  const paths = conflicts.map(({ path }) => path);
  if (paths.length === 0) return;
  const what = paths.length === 1 ? 'this path exists' : `these ${paths.length} paths exist`;
  throw new UserError(
    exit.conflict,
    `${what} and would be overwritten: ${listed(paths).join(', ')}`,
    'nothing was written; move them away or choose another folder',
  );
}

function listed(paths: readonly string[]): readonly string[] {
  const named = paths.filter((path) => !path.startsWith(hashed));
  const count = paths.length - named.length;
  if (count === 0) return named;
  return [...named, `${hashed}* (${count} ${count === 1 ? 'file' : 'files'})`];
}
