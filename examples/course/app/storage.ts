import type { Kept } from './core/sync.ts';

/** Collections that hold no documents of models; `db:sync` creates them too. */
export const collections: readonly Kept[] = [
  // one a line
];
