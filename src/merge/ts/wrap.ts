import type { Node } from '@babel/types';
import { childrenOf, endOf, startOf } from '../../render/syntax.ts';
import { codeReader, tokenReader } from './code.ts';
import { identityOf } from './keys.ts';
import type { Source, Token } from './parse.ts';

/** A text without a call that was put around an expression of the base, and the way to put it there again. */
export interface Unwrapped {
  readonly text: string;
  /** The merge with the call around what became of the expression; `undefined` when that is not found. */
  readonly wrap: (merged: Source) => string | undefined;
}

/** A place in a statement: how many tokens stand before it, and how many behind. */
interface Place {
  readonly before: number;
  readonly behind: number;
}

/**
 * Where one side has put a call around an expression of a statement and done nothing else to it, and the other side
 * changed that expression: the call belongs around what the other side made of it. `undefined` when there is no such.
 */
export function unwrapped(side: Source, base: Source, opposite: Source): Unwrapped | undefined {
  const [old, other] = [statementsOf(base), statementsOf(opposite)];
  for (const [key, node] of statementsOf(side)) {
    const [before, there] = [old.get(key), other.get(key)];
    if (before === undefined || there === undefined) continue;
    const [said, was, now] = [read(side, node), read(base, before), read(opposite, there)];
    if (same(said, was) || same(now, was)) continue;
    const found = wrappingIn(side, node, was);
    if (found === undefined || expressionAt(opposite, there, was, found) === undefined) continue;
    const { outer, inner } = found;
    const cut = (from: number, to: number) => side.text.slice(from, to);
    const [head, tail] = [cut(startOf(outer), startOf(inner)), cut(endOf(inner), endOf(outer))];
    return {
      text:
        cut(0, startOf(outer)) + cut(startOf(inner), endOf(inner)) + side.text.slice(endOf(outer)),
      wrap: (merged) => {
        const statement = statementsOf(merged).get(key);
        const held = statement && expressionAt(merged, statement, was, found);
        if (held === undefined) return undefined;
        const { text } = merged;
        const [start, end] = [startOf(held), endOf(held)];
        return text.slice(0, start) + head + text.slice(start, end) + tail + text.slice(end);
      },
    };
  }
  return undefined;
}

type Wrapping = Place & { readonly outer: Node; readonly inner: Node };

/** The call in a statement without which it says what it said in the base. */
function wrappingIn(source: Source, statement: Node, was: readonly Token[]): Wrapping | undefined {
  const said = read(source, statement);
  const [head, tail] = shared(said, was);
  const [first, last] = [said[head], said[said.length - 1 - tail]];
  if (first === undefined || last === undefined) return undefined;
  for (const outer of within(statement)) {
    // All that was put there is in it.
    if (startOf(outer) > first.start || endOf(outer) < last.end) continue;
    if (outer.type !== 'CallExpression') continue;
    for (const inner of outer.arguments) {
      if (inner.type !== 'CallExpression') continue;
      const before = said.filter(({ start }) => start < startOf(outer));
      const behind = said.filter(({ start }) => start >= endOf(outer));
      if (same([...before, ...read(source, inner), ...behind], was))
        return { before: before.length, behind: behind.length, outer, inner };
    }
  }
  return undefined;
}

/** The outermost call of a statement that stands at a place, where nothing around that place is another than it was. */
function expressionAt(
  source: Source,
  statement: Node,
  was: readonly Token[],
  { before, behind }: Place,
): Node | undefined {
  const said = read(source, statement);
  const [head, tail] = shared(said, was);
  if (head < before || tail < behind) return undefined;
  const [first, last] = [said[before], said[said.length - 1 - behind]];
  return within(statement).find(
    (node) =>
      node.type === 'CallExpression' && startOf(node) === first?.start && endOf(node) === last?.end,
  );
}

const read = (source: Source, node: Node) => tokenReader(source)(startOf(node), endOf(node));

/** How many tokens two texts begin and end with in common. */
function shared(a: readonly Token[], b: readonly Token[]): readonly [head: number, tail: number] {
  const shortest = Math.min(a.length, b.length);
  let head = 0;
  while (head < shortest && a[head]?.text === b[head]?.text) head++;
  let tail = 0;
  while (tail < shortest && a.at(-1 - tail)?.text === b.at(-1 - tail)?.text) tail++;
  return [head, tail];
}

const same = (a: readonly Token[], b: readonly Token[]) =>
  a.length === b.length && a.every(({ text }, at) => text === b[at]?.text);

/** A node and all in it, from the outside in. */
const within = (node: Node): readonly Node[] => [node, ...childrenOf(node).flatMap(within)];

function statementsOf(source: Source): ReadonlyMap<string, Node> {
  const code = codeReader(source);
  return new Map(
    source.file.program.body.flatMap((node): (readonly [string, Node])[] => {
      const { key } = identityOf(node, code);
      return key?.startsWith('value:') || key === 'export:default' ? [[key, node]] : [];
    }),
  );
}
