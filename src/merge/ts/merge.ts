import type { TreeMerge } from '../layers.ts';
import type { Rules } from '../tree/context.ts';
import { mergeTrees } from '../tree/run.ts';
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
  return mergeTrees(rules, codeTree(mine), codeTree(old), codeTree(other));
}
