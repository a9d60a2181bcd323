import type { MergePolicy } from '../render/types.ts';
import type { ProjectStyle } from './style.ts';

/** One file in its three versions. All bytes; what they mean is found out by the merge. */
export interface MergeInput {
  readonly path: string;
  readonly policy: MergePolicy;
  /** As it was last emitted (UTF-8, LF, final newline); absent when the generator never emitted this path. */
  readonly base: Uint8Array | undefined;
  /** As it lies on disk. */
  readonly ours: Uint8Array;
  /** As the generator wants it now. */
  readonly theirs: Uint8Array;
  /** How this project lays out its files. */
  readonly style: ProjectStyle;
  /** Names of the sides for markers: `last generated 0.4.0`, `generator 0.5.0`. */
  readonly labels: { readonly base: string; readonly theirs: string };
}

/** A place where both sides changed the same thing, in lines without their ends. */
export interface Hunk {
  /** The line of `ours` where it begins, counted from 1. */
  readonly line: number;
  readonly ours: readonly string[];
  readonly base: readonly string[];
  readonly theirs: readonly string[];
}

/** A merge that lost nothing and passed the gate, or what stands in its way. */
export type MergeResult =
  | {
      readonly kind: 'clean';
      readonly content: Uint8Array;
      /** What the user should know: a newer version of theirs was kept, a package was left in. */
      readonly notes: readonly string[];
    }
  | {
      readonly kind: 'conflict';
      /** One line: what collides, with `line N` where there is one. */
      readonly reason: string;
      /** Empty when the file can only be taken as a whole (not UTF-8, too large, binary). */
      readonly hunks: readonly Hunk[];
      /** The file with diff3 markers; absent where markers would break it (JSON) or make no sense. */
      readonly marked?: Uint8Array;
      /** The file with the user's side in every hunk and everything else merged; absent with `hunks` empty. */
      readonly kept?: Uint8Array;
    };
