import type { Entry } from './merge.ts';
import type { Item, List } from './types.ts';

type Compare = (a: string, b: string) => number;

const orders: readonly Compare[] = [
  (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  (a, b) => a.localeCompare(b, 'en'),
];

const nameOf = ({ key, code }: Item) => key ?? code;

/** Where a new item goes in a list that both sides keep sorted; `undefined` when they do not. */
export function sortedPlace(
  out: readonly Entry[],
  item: Item,
  ours: List,
  theirs: List,
): number | undefined {
  if (ours.items.length < 2) return undefined;
  const order = orders.find(
    (compare) => isSorted(ours.items, compare) && isSorted(theirs.items, compare),
  );
  if (order === undefined) return undefined;
  const next = out.findIndex((entry) => {
    const other = entry.ours ?? entry.theirs;
    return other !== undefined && order(nameOf(other), nameOf(item)) > 0;
  });
  return next === -1 ? out.length : next;
}

function isSorted(items: readonly Item[], compare: Compare): boolean {
  return items.every((item, at) => {
    const before = items[at - 1];
    return before === undefined || compare(nameOf(before), nameOf(item)) <= 0;
  });
}
