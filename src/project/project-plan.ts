import type { Change } from '../apply/change.ts';
import { sha256 } from '../apply/hash.ts';
import type { Spec } from '../spec/schema.ts';

/** What a command would do to a project. */
export interface ProjectPlan {
  /** Every path that something is to be done or told about, sorted by path. */
  readonly changes: readonly Change[];
  /** Those of `changes` that stand in the way of writing. */
  readonly conflicts: readonly Change[];
  /** Lines about the whole. */
  readonly notes: readonly string[];
  /** Files that are written with conflict markers. */
  readonly marked: readonly string[];
  /** SHA-256 over everything that would be written, in hexadecimal digits. */
  readonly hash: string;
  /** The spec that the project has afterwards. */
  readonly spec: Spec;
}

/** A plan of these changes. */
export function planOf(
  changes: readonly Change[],
  spec: Spec,
  notes: readonly string[] = [],
  marked: readonly string[] = [],
): ProjectPlan {
  const sorted = [...changes].sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    changes: sorted,
    conflicts: sorted.filter(({ kind }) => kind === 'conflict'),
    notes,
    marked,
    hash: hashOf(sorted),
    spec,
  };
}

/** Whether a change would write something. */
export function writes({ kind }: Change): boolean {
  return kind === 'create' || kind === 'update' || kind === 'delete';
}

function hashOf(changes: readonly Change[]): string {
  const side = (content: Uint8Array | undefined) =>
    content === undefined ? null : sha256(content);
  const rows = changes
    .filter(writes)
    // What is random in a file of secrets is no part of what was agreed to.
    .map(({ path, mode, before, after }) => [
      path,
      mode,
      side(before),
      mode === 0o600 ? null : side(after),
    ]);
  return sha256(JSON.stringify(rows));
}
