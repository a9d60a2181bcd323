import type { Hunk } from '../merge/types.ts';

/** What becomes of one path; the words of the report, as in Rails. */
export type ChangeKind = 'create' | 'update' | 'delete' | 'keep' | 'conflict' | 'identical';

/** Why a path is a conflict. */
export interface Conflict {
  /**
   * `exists`: something that is not ours lies there; `merge`: both sides changed it; `edited`: it should go and was
   * edited; `used`: it should go and other files import it; `deleted`: it changed here and the user deleted it; `moved`:
   * it may have been moved, and to where is not sure.
   */
  readonly kind: 'exists' | 'merge' | 'edited' | 'used' | 'deleted' | 'moved';
  /** One line. */
  readonly reason: string;
  readonly hunks: readonly Hunk[];
  /** What `--decide <path>=` takes for it; none where the file has to be moved away first. */
  readonly answers: readonly string[];
  /** Both sides can be written between markers. */
  readonly markable?: true;
}

/** One path of a plan: what lies there, what is to lie there, and what that is called. */
export interface Change {
  readonly path: string;
  readonly kind: ChangeKind;
  /** The bytes on disk when the plan was made; absent: there was no file. */
  readonly before?: Uint8Array;
  /** The bytes to be there; absent: no file. Equal to `before` for `keep`, `identical` and `conflict`. */
  readonly after?: Uint8Array;
  /** The permission bits of a file that is made; one that is replaced keeps those it has on disk. */
  readonly mode: number;
  readonly conflict?: Conflict;
  /** One line that the user should read beside it. */
  readonly note?: string;
}
