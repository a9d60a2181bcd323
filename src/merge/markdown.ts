import type { TreeMerge } from './layers.ts';
import { mergeLoose } from './loose.ts';
import { mergeRows } from './markdown-rows.ts';
import { markdownTree, withoutPadding } from './markdown-tree.ts';
import { mergeTexts } from './text.ts';
import type { Rules } from './tree/context.ts';
import { mergeTrees } from './tree/run.ts';

/**
 * Merges Markdown by its sections. A section that the user took out stays away, whatever the generator makes of it: a
 * text about the project is the user's to shorten.
 */
export function mergeMarkdown(ours: string, base: string, theirs: string): TreeMerge | undefined {
  const notes: string[] = [];
  let asked = theirs;
  const rules: Rules = {
    renames: true,
    textual: false,
    deep: false,
    sorted: false,
    mergeLeaf,
    settleRemoved: (place, removedBy) => {
      if (removedBy === 'theirs') return false;
      asked = asked.replace(place.theirs, () => place.base ?? '');
      notes.push(`${place.path.at(-1) ?? ''} stays away: you removed it`);
      return true;
    },
  };
  const [mine, old, other] = [ours, base, theirs].map(markdownTree);
  if (mine === undefined || old === undefined || other === undefined) return undefined;
  const merged = mergeTrees(rules, mine, old, other);
  return merged && { ...merged, notes: [...merged.notes, ...notes], theirs: asked };
}

function mergeLeaf(ours: string, base: string, theirs: string): string | undefined {
  return (
    mergeTexts(ours, base, theirs, { apart: true, union: true }) ??
    mergeLoose(ours, base, theirs, withoutPadding) ??
    mergeRows(ours, base, theirs)
  );
}
