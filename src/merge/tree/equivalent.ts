import { uniqueKeys } from './match.ts';
import type { Item, List, Part } from './types.ts';

/**
 * Whether two things that both sides added say the same: equal but for layout, for comments beside their parts, and for the
 * order of what has names.
 */
export function equivalent(a: readonly Part[], b: readonly Part[]): boolean {
  return (
    a.length === b.length &&
    a.every((part, at) => {
      const other = b[at];
      if (part.kind === 'leaf') return other?.kind === 'leaf' && part.code === other.code;
      return other?.kind === 'list' && sameItems(part, other);
    })
  );
}

function sameItems(a: List, b: List): boolean {
  if (a.shape !== b.shape || a.items.length !== b.items.length) return false;
  const alike = (mine: Item, other: Item | undefined) =>
    other !== undefined && (mine.code === other.code || equivalent(mine.parts, other.parts));
  if (a.items.every((item, at) => alike(item, b.items[at]))) return true;
  if (a.order !== 'keyed') return false;
  const keys = uniqueKeys(b.items);
  return a.items.every((item) => {
    const at = item.key === undefined || !item.free ? undefined : keys.get(item.key);
    return at !== undefined && alike(item, b.items[at]);
  });
}
