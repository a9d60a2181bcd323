import type { TreeMerge } from '../layers.ts';
import { contextOf, type Rules } from './context.ts';
import { mergeParts } from './merge.ts';
import type { Tree } from './types.ts';

/** Merges three trees; `undefined` when they are not made alike. Collisions keep the user's side. */
export function mergeTrees(
  rules: Rules,
  ours: Tree,
  base: Tree,
  theirs: Tree,
): TreeMerge | undefined {
  const context = contextOf(rules, ours, base, theirs);
  const owner = { name: 'the file', line: 1 };
  const text = mergeParts(ours.parts, base.parts, theirs.parts, context, [], owner);
  return text === undefined
    ? undefined
    : { text, collisions: context.collisions, notes: context.notes };
}
