import type { MergeInput, MergeResult } from './types.ts';

export type { Hunk, MergeInput, MergeResult } from './types.ts';

/** Brings one file together with what the user made of it. Pure: reads nothing, writes nothing. */
export async function mergeFile({ base, ours, theirs }: MergeInput): Promise<MergeResult> {
  const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
  if (base !== undefined && same(base, theirs)) return { kind: 'clean', content: ours, notes: [] };
  if (same(ours, theirs) || (base !== undefined && same(base, ours)))
    return { kind: 'clean', content: theirs, notes: [] };
  return { kind: 'conflict', reason: 'both sides changed the file', hunks: [] };
}
