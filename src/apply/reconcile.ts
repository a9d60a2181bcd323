import { exit, UserError } from '../errors.ts';
import type { EmittedFile, Tree } from '../render/types.ts';

/** What becomes of one path. The kinds that {@link reconcile} does not give yet belong to later changes of a project. */
export type ChangeKind = 'create' | 'update' | 'delete' | 'keep' | 'conflict' | 'identical';

/** One path of a plan, what becomes of it, and the file the generator wants there. */
export interface Change {
  readonly path: string;
  readonly kind: ChangeKind;
  readonly file: EmittedFile;
  /** Why it is a conflict. */
  readonly reason?: 'exists';
}

// Named after the hash of a content: a list of them says nothing to a reader.
const hashed = '.flask-style/base/';

/**
 * Compares what lies on disk with what the generator wants. Every path that exists already is a conflict, even with the
 * same bytes: nothing tells a file of ours from one that somebody else made.
 *
 * @param ours the bytes on disk by path, as `readOurs` gives them
 * @param theirs the tree of the generator
 */
export function reconcile(ours: ReadonlyMap<string, Uint8Array>, theirs: Tree): readonly Change[] {
  return [...theirs].map(([path, file]) =>
    ours.has(path)
      ? { path, kind: 'conflict', file, reason: 'exists' }
      : { path, kind: 'create', file },
  );
}

/** Throws `UserError` (3) that lists every conflict, if there is one. */
export function refuseConflicts(changes: readonly Change[]): void {
  const paths = changes.filter(({ kind }) => kind === 'conflict').map(({ path }) => path);
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
