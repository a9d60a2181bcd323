import { shift } from '../indent.ts';
import { carriedRemarks, ledBy } from './carried.ts';
import { mergeComments, remarks } from './comments.ts';
import { noteBeside, type Context } from './context.ts';
import { emitList } from './emit.ts';
import { gapAround, matchItems, uniqueKeys } from './match.ts';
import { mergeItem, type Entry } from './merge.ts';
import { sortedPlace } from './sorted.ts';
import { mergeSteps } from './steps.ts';
import type { Item, List } from './types.ts';

/** Merges one list in its three versions; without base both sides added it. */
export function mergeList(
  ...[first, second, third, context, path]: readonly [
    ours: List,
    base: List | undefined,
    theirs: List,
    context: Context,
    path: readonly string[],
  ]
): string {
  const [ours, base, theirs] = sameHeads(first, second, third);
  const old: List = base ?? { ...ours, items: [], head: '', tail: '' };
  const entries =
    ours.order === 'steps'
      ? mergeSteps(ours, old, theirs, context, path)
      : mergeKeyed(ours, old, theirs, context, path);
  const from = { indent: theirs.indent, unit: context.units.theirs };
  const to = { indent: ours.indent, unit: context.units.ours };
  const around = (mine: string, before: string | undefined, other: string) =>
    mergeComments(mine, before, shift(other, from, to), ours.line, context);
  const head = around(ours.head, base?.head, theirs.head);
  const tail = around(ours.tail, base?.tail, theirs.tail);
  return emitList({ ours, theirs, entries, head, tail, units: context.units });
}

/** Where only some versions have comments of the list itself, those are taken as comments of the first item. */
function sameHeads(
  ours: List,
  base: List | undefined,
  theirs: List,
): readonly [List, List | undefined, List] {
  const lists = [ours, base ?? ours, theirs];
  const alike = lists.every(({ head }) => (head.trim() === '') === (ours.head.trim() === ''));
  if (alike || ours.order === 'elements') return [ours, base, theirs];
  return [withoutHead(ours), base && withoutHead(base), withoutHead(theirs)];
}

function withoutHead(list: List): List {
  const [first, ...rest] = list.items;
  if (first === undefined || list.head === '') return list;
  const item: Item = { ...first, lead: list.head + first.lead };
  return { ...list, head: '', items: [item, ...rest] };
}

/** The order is the user's; each new item of the generator's follows the neighbour it has there. */
function mergeKeyed(
  ours: List,
  base: List,
  theirs: List,
  context: Context,
  path: readonly string[],
): readonly Entry[] {
  const { renames } = context.rules;
  const mine = matchItems(base.items, ours.items, renames);
  const other = matchItems(base.items, theirs.items, renames);
  const oldOfMine = inverse(mine);
  const oldOfOther = inverse(other);
  const twins = twinsOf(ours.items, oldOfMine, theirs.items, oldOfOther);
  const carried = carriedRemarks(ours.items, base.items, theirs.items, mine, other);
  const out: Entry[] = [];
  const placed = new Map<number, Entry>();

  for (const [at, item] of ours.items.entries()) {
    const from = oldOfMine.get(at);
    const to = from === undefined ? twins.get(at) : other[from];
    const there = to === undefined ? undefined : theirs.items[to];
    const before = from === undefined ? undefined : base.items[from];
    const leads = carried.get(at);
    let entry: Entry | undefined;
    if (there === undefined) {
      entry = before === undefined ? entryOf(item) : removedThere(item, before, context, path);
      if (entry !== undefined && leads !== undefined) {
        const lead = mergeComments(item.lead, leads.base, leads.theirs, item.line, context);
        entry = { ...entry, lead };
      }
    } else {
      const triple = { ours: item, base: before, theirs: there };
      entry = mergeItem(leads === undefined ? triple : ledBy(triple, leads), context, path);
    }
    if (entry === undefined) continue;
    out.push(entry);
    if (to !== undefined) placed.set(to, entry);
  }

  const replaced = replacedByBoth({ ours, base, theirs }, { mine, other, oldOfMine, oldOfOther });
  for (const [at, item] of theirs.items.entries()) {
    if (placed.has(at)) continue;
    const from = oldOfOther.get(at);
    const before = from === undefined ? undefined : base.items[from];
    if (before !== undefined) {
      removedHere(item, before, context, path, ours);
    } else if (replaced.has(at)) {
      context.collisions.push({
        line: replaced.get(at)?.line ?? ours.line,
        what: `both sides replaced ${item.name}`,
        ours: replaced.get(at)?.text ?? '',
        base: '',
        theirs: item.text,
      });
    } else {
      const lead = leadOfNew(item, ours, base);
      const entry: Entry = { ...entryOf(item), lead, ours: undefined, theirs: item };
      insert(out, entry, at, { ours, theirs, placed, context });
      placed.set(at, entry);
    }
  }
  return out;
}

export function entryOf(item: Item): Entry {
  const { lead, text, after } = item;
  return { lead, text, after, ours: item, theirs: undefined };
}

/** What stands before a new item, without a comment of the base that moved there and that the user took out. */
function leadOfNew({ lead }: Item, ours: List, base: List): string {
  const said = remarks(lead);
  const says = (item: Item) => remarks(item.lead) === said;
  if (said === '' || !base.items.some(says) || ours.items.some(says)) return lead;
  return lead.slice(0, lead.length - lead.trimStart().length);
}

/** New items of both sides that are the same: by name, else by content. Index in ours to index in theirs. */
function twinsOf(
  ours: readonly Item[],
  oldOfMine: ReadonlyMap<number, number>,
  theirs: readonly Item[],
  oldOfOther: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  const result = new Map<number, number>();
  const keys = uniqueKeys(theirs);
  const codes = new Map<string, number>();
  // Codes are made when they are asked for: only new items are.
  for (const [at, item] of theirs.entries()) {
    if (!oldOfOther.has(at) && !codes.has(item.code)) codes.set(item.code, at);
  }
  for (const [at, item] of ours.entries()) {
    if (oldOfMine.has(at)) continue;
    const named = item.key === undefined ? undefined : keys.get(item.key);
    const to = named !== undefined && !oldOfOther.has(named) ? named : codes.get(item.code);
    if (to === undefined) continue;
    result.set(at, to);
    codes.delete(item.code);
  }
  return result;
}

/** The generator dropped an item: it goes when the user left it alone. */
function removedThere(
  item: Item,
  base: Item,
  context: Context,
  path: readonly string[],
): Entry | undefined {
  const said = (of: Item) => `${remarks(of.lead)}\n${remarks(of.after)}`;
  if (item.code === base.code && said(item) === said(base)) return undefined;
  const place = { path: [...path, item.name], ours: item.text, base: base.text, theirs: '' };
  if (context.rules.settleRemoved?.(place, 'theirs') === true) return entryOf(item);
  context.collisions.push({
    line: item.line,
    what: `you changed ${item.name}, which the generator removes`,
    ours: item.text,
    base: base.text,
    theirs: '',
  });
  return entryOf(item);
}

/** The user removed an item: it stays away, unless the generator changed it. */
function removedHere(
  item: Item,
  base: Item,
  context: Context,
  path: readonly string[],
  ours: List,
): void {
  if (item.code === base.code) return;
  const place = { path: [...path, item.name], ours: '', base: base.text, theirs: item.text };
  if (context.rules.settleRemoved?.(place, 'ours') === true) return;
  context.collisions.push({
    line: ours.line,
    what: `you removed ${base.name}, which the generator changes`,
    ours: '',
    base: base.text,
    theirs: item.text,
  });
}

interface Matching {
  readonly mine: readonly (number | undefined)[];
  readonly other: readonly (number | undefined)[];
  readonly oldOfMine: ReadonlyMap<number, number>;
  readonly oldOfOther: ReadonlyMap<number, number>;
}

/**
 * New items of theirs that stand in the place of an item without a name which both sides took away: the generator
 * changed what the user removed or changed too. Index in theirs to what ours has there.
 */
function replacedByBoth(
  { ours, base, theirs }: { readonly ours: List; readonly base: List; readonly theirs: List },
  { mine, other, oldOfMine, oldOfOther }: Matching,
): ReadonlyMap<number, Item | undefined> {
  const result = new Map<number, Item | undefined>();
  for (const [at, { key, shape }] of base.items.entries()) {
    if (mine[at] !== undefined || other[at] !== undefined || key !== undefined) continue;
    const here = gapAround(mine, at, ours.items.length);
    const there = gapAround(other, at, theirs.items.length);
    const fresh = (item: Item, index: number, old: ReadonlyMap<number, number>) =>
      !old.has(index) && item.shape === shape;
    const instead = ours.items.find(
      (item, index) => index >= here[0] && index < here[1] && fresh(item, index, oldOfMine),
    );
    for (let index = there[0]; index < there[1]; index++) {
      const item = theirs.items[index];
      if (item !== undefined && fresh(item, index, oldOfOther)) result.set(index, instead);
    }
  }
  return result;
}

interface Insertion {
  readonly ours: List;
  readonly theirs: List;
  readonly placed: ReadonlyMap<number, Entry>;
  readonly context: Context;
}

function insert(out: Entry[], entry: Entry, at: number, all: Insertion): void {
  const { ours, theirs, placed, context } = all;
  const item = entry.theirs;
  if (item === undefined) return;
  if (context.rules.sorted || ours.order === 'elements') {
    const place = sortedPlace(out, item, ours, theirs);
    if (place !== undefined) {
      out.splice(place, 0, entry);
      return;
    }
  }
  let place = out.length;
  let anchor: Entry | undefined;
  for (let near = at - 1; near >= 0 && anchor === undefined; near--) anchor = placed.get(near);
  if (anchor === undefined) {
    for (let near = at + 1; near < theirs.items.length; near++) {
      const next = placed.get(near);
      if (next === undefined) continue;
      place = out.indexOf(next);
      break;
    }
  } else {
    place = out.indexOf(anchor) + 1;
    const fresh = ({ ours: mine, theirs: other }: Entry) =>
      mine !== undefined && other === undefined;
    // The user's own insertions there come first.
    while (isNew(out[place], fresh, anchor)) {
      const mine = out[place]?.ours;
      if (mine !== undefined && !mine.free && !item.free) {
        noteBeside(context, mine);
      }
      place++;
    }
  }
  out.splice(place, 0, entry);
}

function isNew(entry: Entry | undefined, fresh: (entry: Entry) => boolean, anchor: Entry): boolean {
  // Behind another new item of the generator's nothing of the user's is skipped: it follows its neighbour.
  return entry !== undefined && anchor.ours !== undefined && fresh(entry);
}

function inverse(found: readonly (number | undefined)[]): ReadonlyMap<number, number> {
  const result = new Map<number, number>();
  for (const [from, to] of found.entries()) if (to !== undefined) result.set(to, from);
  return result;
}
