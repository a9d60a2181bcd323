import { merge3 } from '../merge3.ts';
import { remarks } from './comments.ts';
import { noteBeside, type Context } from './context.ts';
import { entryOf } from './list.ts';
import { mergeItem, type Entry } from './merge.ts';
import { mergeRecognized } from './recognized.ts';
import type { Item, List } from './types.ts';

/** Statements behind which nothing is reached. */
export const jumps: ReadonlySet<string> = new Set([
  'ReturnStatement',
  'ThrowStatement',
  'BreakStatement',
  'ContinueStatement',
]);

/** Merges a list whose order means something: no item is recognized anywhere but at its place. */
export function mergeSteps(
  ours: List,
  base: List,
  theirs: List,
  context: Context,
  path: readonly string[],
): readonly Entry[] {
  const all = (items: readonly Item[]) => items.map(({ code }) => code);
  const stretches = merge3(all(ours.items), all(base.items), all(theirs.items), true);
  if (stretches === undefined) return tooDifferent(ours, base, theirs, context);
  return stretches.flatMap(({ kind, ...ranges }): readonly Entry[] => {
    const mine = ours.items.slice(...ranges.ours);
    const old = base.items.slice(...ranges.base);
    const other = theirs.items.slice(...ranges.theirs);
    const paired = mine.length === old.length && old.length === other.length;
    const shapes = paired && mine.every(({ shape }, at) => shape === other[at]?.shape);
    if (kind === 'same' || (kind !== 'both' && shapes)) {
      return mine.map((item, at) =>
        mergeItem({ ours: item, base: old[at], theirs: other[at] ?? item }, context, path),
      );
    }
    if (kind === 'ours' || kind === 'both') return mine.map(entryOf);
    const fresh = other.map((item): Entry => ({ ...entryOf(item), ours: undefined, theirs: item }));
    if (kind === 'theirs') {
      // What the generator drops or replaces takes no remark of the user's with it.
      if (mine.every(({ lead }, at) => remarks(lead) === remarks(old[at]?.lead ?? '')))
        return fresh;
    }
    if (kind === 'conflict' && old.length === 0 && ours.shape === 'body') {
      const beside = [...mine, ...other].every(({ shape }) => !jumps.has(shape));
      if (beside) {
        noteBeside(context, mine[0] ?? ours);
        const known = new Set(mine.map(({ code }) => code));
        const rest = fresh.filter(({ theirs: item }) => !known.has(item?.code ?? ''));
        return [...mine.map(entryOf), ...rest];
      }
    }
    const refined =
      kind === 'conflict' ? mergeRecognized({ mine, old, other }, context, path) : undefined;
    if (refined !== undefined) return refined;
    context.collisions.push({
      line: mine[0]?.line ?? ours.line,
      what: 'both sides changed this place',
      ours: mine.map(({ text }) => text).join('\n'),
      base: old.map(({ text }) => text).join('\n'),
      theirs: other.map(({ text }) => text).join('\n'),
    });
    return mine.map(entryOf);
  });
}

function tooDifferent(ours: List, base: List, theirs: List, context: Context): readonly Entry[] {
  const text = ({ items }: List) => items.map((item) => item.text).join('\n');
  context.collisions.push({
    line: ours.line,
    what: 'the two sides are too different',
    ours: text(ours),
    base: text(base),
    theirs: text(theirs),
  });
  return ours.items.map(entryOf);
}
