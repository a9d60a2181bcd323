import { shift } from '../indent.ts';
import { mergeTexts } from '../text.ts';
import { mergeLoose } from '../loose.ts';
import { mergeComments } from './comments.ts';
import type { Context, Triple } from './context.ts';
import { equivalent } from './equivalent.ts';
import { mergeList } from './list.ts';
import type { Item, Leaf, List, Part } from './types.ts';

/** What is written of one item: its text and what stands around it. */
export interface Entry {
  readonly lead: string;
  readonly text: string;
  readonly after: string;
  /** The item that the user has there; absent for a new one of the generator's. */
  readonly ours: Item | undefined;
  readonly theirs: Item | undefined;
}

/** Merges an item of all three versions, or one that both sides added. Collisions keep the user's text. */
export function mergeItem(triple: Triple, context: Context, path: readonly string[]): Entry {
  const { ours, base, theirs } = triple;
  const here = [...path, ours.name];
  return {
    lead: mergeComments(
      ours.lead,
      base?.lead,
      shift(theirs.lead, ...layouts(theirs, ours, context)),
      ours.line,
      context,
    ),
    text: mergeCore(triple, context, here),
    after: mergeComments(ours.after, base?.after, theirs.after, ours.line, context),
    ours,
    theirs,
  };
}

function mergeCore(triple: Triple, context: Context, path: readonly string[]): string {
  const { ours, base, theirs } = triple;
  if (same(ours, theirs) || same(theirs, base)) return ours.text;
  if (base === undefined && equivalent(ours.parts, theirs.parts)) return ours.text;
  const deep = base !== undefined || context.rules.deep || ours.shape === 'import';
  const before = context.collisions.length;
  // Also where ours is as it was: what is written inside may be laid out, or commented on, by the user.
  const parts = deep
    ? mergeParts(ours.parts, base?.parts, theirs.parts, context, path, {
        name: ours.name,
        line: ours.line,
        relaid: (text) => (theirs.rigid ? text : shift(text, ...layouts(theirs, ours, context))),
      })
    : undefined;
  if (parts !== undefined && context.collisions.length === before) return parts;
  if (same(ours, base)) {
    context.collisions.length = before;
    return moved(theirs, ours, context);
  }
  const hard = context.collisions.slice(before).some((collision) => collision.hard);
  const text = context.rules.textual && !hard ? mergeAsText(triple, context) : undefined;
  if (text !== undefined) {
    context.collisions.length = before;
    return text;
  }
  if (parts !== undefined) return parts;
  return collide(triple, context, base === undefined ? 'added' : 'changed');
}

function same(a: Item, b: Item | undefined): boolean {
  return b !== undefined && (a.text === b.text || a.code === b.code);
}

/** What parts belong to. */
export interface Owner extends Pick<Item, 'name' | 'line'> {
  /** A text of theirs as it stands at the place of ours. */
  readonly relaid?: (text: string) => string;
}

/**
 * Merges what an item, or a file, is made of. `undefined` when the three are not made alike.
 */
export function mergeParts(
  ours: readonly Part[],
  base: readonly Part[] | undefined,
  theirs: readonly Part[],
  context: Context,
  path: readonly string[],
  owner: Owner,
): string | undefined {
  if (!alike(ours, theirs) || (base !== undefined && !alike(ours, base))) return undefined;
  if (base !== undefined && base.some((_part, at) => otherCall(ours, base, theirs, at)))
    return undefined;
  let text = '';
  for (const [at, mine] of ours.entries()) {
    const old = base?.[at];
    const other = theirs[at];
    if (mine.kind === 'leaf') {
      text += mergeLeaf(mine, asLeaf(old), asLeaf(other) ?? mine, context, path, owner);
    } else {
      text += mergeList(mine, asList(old), asList(other) ?? mine, context, path);
    }
  }
  return text;
}

/**
 * Whether what stands at an index are the arguments of another call on one side, and both sides changed them: those of
 * one function would be handed to the other.
 */
function otherCall(
  ours: readonly Part[],
  base: readonly Part[],
  theirs: readonly Part[],
  at: number,
): boolean {
  const [mine, old, other] = [ours[at], base[at], theirs[at]].map(asList);
  if (old?.shape !== 'arguments' || mine === undefined || other === undefined) return false;
  const said = ({ items }: List) => items.map(({ code }) => code).join(', ');
  if (said(mine) === said(old) || said(other) === said(old) || said(mine) === said(other))
    return false;
  const callee = (parts: readonly Part[]) =>
    asLeaf(parts[at - 1])
      ?.code.split(' ')
      .slice(-2)
      .join(' ');
  return callee(ours) !== callee(base) || callee(theirs) !== callee(base);
}

function mergeLeaf(
  ours: Leaf,
  base: Leaf | undefined,
  theirs: Leaf,
  context: Context,
  path: readonly string[],
  owner: Owner,
): string {
  if (ours.code === theirs.code || theirs.code === base?.code) return ours.text;
  if (ours.code === base?.code) return owner.relaid?.(theirs.text) ?? theirs.text;
  const place = { path, ours: ours.text, base: base?.text, theirs: theirs.text };
  const settled = context.rules.settle?.(place);
  if (settled !== undefined) return settled === 'ours' ? ours.text : theirs.text;
  const together =
    base === undefined ? undefined : context.rules.mergeLeaf?.(ours.text, base.text, theirs.text);
  if (together !== undefined) return together;
  const what = base === undefined ? 'both sides added' : 'both sides changed';
  context.collisions.push({
    line: owner.line,
    what: `${what} ${owner.name}`,
    ours: ours.text,
    base: base?.text ?? '',
    theirs: theirs.text,
  });
  return ours.text;
}

/** By lines, as far as possible with the indentation of ours. */
function mergeAsText({ ours, base, theirs }: Triple, context: Context): string | undefined {
  if (base === undefined) return undefined;
  const rigid = ours.rigid || base.rigid || theirs.rigid;
  const old = rigid ? base.text : moved(base, ours, context);
  const other = rigid ? theirs.text : moved(theirs, ours, context);
  const exact = mergeTexts(ours.text, old, other);
  return exact ?? (rigid ? undefined : mergeLoose(ours.text, old, other));
}

/** The text of an item as it would stand at the place of another. */
export function moved(item: Item, to: Item, context: Context): string {
  return item.rigid ? item.text : shift(item.text, ...layouts(item, to, context));
}

function layouts(from: Item, to: Item, { units }: Context) {
  return [
    { indent: from.indent, unit: units.theirs },
    { indent: to.indent, unit: units.ours },
  ] as const;
}

/** Notes that an item collides; the user's text stays. */
export function collide({ ours, base, theirs }: Triple, context: Context, verb: string): string {
  const what =
    base === undefined && verb === 'added'
      ? `${ours.name} was added by hand, and by the generator in another form`
      : `both sides ${verb} ${ours.name}`;
  context.collisions.push({
    line: ours.line,
    what,
    ours: ours.text,
    base: base?.text ?? '',
    theirs: theirs.text,
    hard: base === undefined,
  });
  return ours.text;
}

function alike(a: readonly Part[], b: readonly Part[]): boolean {
  return a.length === b.length && a.every((part, at) => shapeOf(part) === shapeOf(b[at]));
}

const shapeOf = (part: Part | undefined) => (part?.kind === 'list' ? part.shape : part?.kind);
const asLeaf = (part: Part | undefined) => (part?.kind === 'leaf' ? part : undefined);
const asList = (part: Part | undefined) => (part?.kind === 'list' ? part : undefined);
