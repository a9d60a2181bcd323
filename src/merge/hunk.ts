import { linesOf } from './decode.ts';
import type { Collision } from './tree/context.ts';
import type { Hunk } from './types.ts';

/** A collision as a place in lines. */
export function hunkOf({ line, ours, base, theirs }: Collision): Hunk {
  return { line, ours: linesOf(ours), base: linesOf(base), theirs: linesOf(theirs) };
}
