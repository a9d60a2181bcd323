import type { TreeMerge } from '../layers.ts';
import { contextOf, type Rules } from '../tree/context.ts';
import { mergeParts } from '../tree/merge.ts';
import { parseSource } from './parse.ts';
import { codeTree } from './tree.ts';

const rules: Rules = { renames: true, textual: true, deep: false, sorted: false };

/** Merges source texts by declarations, members, properties and statements (L3); `undefined` when one does not parse. */
export function mergeCode(ours: string, base: string, theirs: string): TreeMerge | undefined {
  const sources = [ours, base, theirs].map(parseSource);
  const [mine, old, other] = sources;
  if (mine === undefined || old === undefined || other === undefined) return undefined;
  if (typeof mine === 'string' || typeof old === 'string' || typeof other === 'string') {
    return undefined;
  }
  const trees = { ours: codeTree(mine), base: codeTree(old), theirs: codeTree(other) };
  const context = contextOf(rules, trees.ours, trees.base, trees.theirs);
  const owner = { name: 'the file', line: 1 };
  const text = mergeParts(
    trees.ours.parts,
    trees.base.parts,
    trees.theirs.parts,
    context,
    [],
    owner,
  );
  return text === undefined ? undefined : { text, collisions: context.collisions };
}
