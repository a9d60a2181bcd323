import type { Node } from '@babel/types';
import { codeReader } from './code.ts';
import { identityOf } from './keys.ts';
import { childrenOf, endOf, startOf, type Source } from './parse.ts';

/** A text without a call that was put around an expression of the base, and the way to put it there again. */
export interface Unwrapped {
  readonly text: string;
  /** The merge with the call around what became of the expression; `undefined` when that is not found. */
  readonly wrap: (merged: Source) => string | undefined;
}

/** The code before an expression in its statement, and behind it: its place there. */
interface Around {
  readonly before: string;
  readonly behind: string;
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
    const was = codeOf(base, before);
    if (codeOf(side, node) === was || codeOf(opposite, there) === was) continue;
    const found = wrappingIn(side, node, was);
    const changed = found && expressionAt(opposite, there, found);
    if (found === undefined || changed === undefined) continue;
    const { outer, inner } = found;
    const cut = (from: number, to: number) => side.text.slice(from, to);
    const [head, tail] = [cut(startOf(outer), startOf(inner)), cut(endOf(inner), endOf(outer))];
    return {
      text:
        cut(0, startOf(outer)) + cut(startOf(inner), endOf(inner)) + side.text.slice(endOf(outer)),
      wrap: (merged) => {
        const statement = statementsOf(merged).get(key);
        const held = statement && expressionAt(merged, statement, found);
        if (held === undefined) return undefined;
        const { text } = merged;
        const [start, end] = [startOf(held), endOf(held)];
        return text.slice(0, start) + head + text.slice(start, end) + tail + text.slice(end);
      },
    };
  }
  return undefined;
}

type Wrapping = Around & { readonly outer: Node; readonly inner: Node };

/** The call in a statement without which it says what it said in the base. */
function wrappingIn(source: Source, statement: Node, was: string): Wrapping | undefined {
  const calls = within(statement).filter(({ type }) => type === 'CallExpression');
  for (const outer of calls) {
    const around = aroundOf(source, statement, outer);
    if (outer.type !== 'CallExpression') continue;
    for (const inner of outer.arguments) {
      if (inner.type !== 'CallExpression') continue;
      const said = [around.before, codeOf(source, inner), around.behind];
      if (said.filter((part) => part !== '').join(' ') === was) return { ...around, outer, inner };
    }
  }
  return undefined;
}

/** The outermost call of a statement that stands at a place. */
function expressionAt(source: Source, statement: Node, place: Around): Node | undefined {
  return within(statement).find((node) => {
    if (node.type !== 'CallExpression') return false;
    const { before, behind } = aroundOf(source, statement, node);
    return before === place.before && behind === place.behind;
  });
}

function aroundOf(source: Source, statement: Node, node: Node): Around {
  const code = codeReader(source);
  return {
    before: code(startOf(statement), startOf(node)),
    behind: code(endOf(node), endOf(statement)),
  };
}

const codeOf = (source: Source, node: Node) => codeReader(source)(startOf(node), endOf(node));

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
