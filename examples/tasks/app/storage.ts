import type { Kept } from './core/sync.ts';
import type { Witness } from './core/witness.ts';

/** Collections that hold no documents of models; `db:sync` creates them too. */
export const collections: readonly Kept[] = [
  // one a line
];

/** Who is told of every change of a document. */
export const witnesses: readonly Witness[] = [
  // one a line
];
