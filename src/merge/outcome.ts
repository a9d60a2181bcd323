import type { Hunk } from './types.ts';

/** What a merge of text came to: lines, or the places that collide. */
export type Outcome =
  | { readonly kind: 'clean'; readonly lines: readonly string[]; readonly notes: readonly string[] }
  | {
      readonly kind: 'conflict';
      readonly reason: string;
      readonly hunks: readonly Hunk[];
      readonly kept?: readonly string[];
      readonly marked?: readonly string[];
    };

export const clean = (lines: readonly string[], notes: readonly string[] = []): Outcome => ({
  kind: 'clean',
  lines,
  notes,
});

/** A file that is only taken as a whole. */
export const refused = (reason: string): Outcome => ({ kind: 'conflict', reason, hunks: [] });
