import { remarks } from './comments.ts';
import type { Triple } from './context.ts';
import type { Item } from './types.ts';

/** What stands before an item in the base and in theirs. */
interface Leads {
  readonly base: string;
  readonly theirs: string;
}

/**
 * Where the user wrote something between a remark and what it is about, the remark stands above that: what the generator
 * changes in it goes there. Index in ours to what an item there is to be merged with.
 *
 * @param mine for each item of the base the index of the same one in ours, `other` in theirs
 */
export function carriedRemarks(
  ours: readonly Item[],
  base: readonly Item[],
  theirs: readonly Item[],
  mine: readonly (number | undefined)[],
  other: readonly (number | undefined)[],
): ReadonlyMap<number, Leads> {
  const known = new Set(mine);
  const result = new Map<number, Leads>();
  for (const [from, { lead }] of base.entries()) {
    const [here, there] = [mine[from] ?? -1, other[from] ?? -1];
    const [item, changed] = [ours[here], theirs[there]];
    const said = remarks(lead);
    if (item === undefined || changed === undefined || said === '') continue;
    if (remarks(item.lead) === said || remarks(changed.lead) === said) continue;
    let at = here - 1;
    // All between the two is the user's.
    while (at >= 0 && !known.has(at) && remarks(ours[at]?.lead ?? '') !== said) at--;
    if (at < 0 || known.has(at)) continue;
    result.set(at, { base: lead, theirs: changed.lead });
    result.set(here, { base: item.lead, theirs: item.lead });
  }
  return result;
}

/** The versions of an item with other remarks before them. */
export function ledBy({ ours, base, theirs }: Triple, leads: Leads): Triple {
  return {
    ours,
    base: base && { ...base, lead: leads.base },
    theirs: { ...theirs, lead: leads.theirs },
  };
}
