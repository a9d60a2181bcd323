import { parse } from '@babel/parser';
import type { File, Node } from '@babel/types';

/** A part of a text, and what stands there instead. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The text with edits made. Of two that overlap the one that begins first is made, the other one has nothing left to change. */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { from, to, text: now } of [...edits].sort((a, b) => a.from - b.from)) {
    if (from < at) continue;
    result += text.slice(at, from) + now;
    at = to;
  }
  return result + text.slice(at);
}

/**
 * The syntax tree of a module in TypeScript, or in JavaScript.
 * @throws {SyntaxError} when it does not parse
 */
export function parseModule(text: string): File {
  return parse(text, {
    sourceType: 'module',
    plugins: ['typescript'],
    attachComment: false,
    createParenthesizedExpressions: true,
  });
}

const noChildren = new Set(['loc', 'extra', 'tokens', 'comments', 'errors']);

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

/** The children of a node in the order of the source. */
export function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  for (const [name, value] of Object.entries(node)) {
    if (noChildren.has(name)) continue;
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const child of values) if (isNode(child)) children.push(child);
  }
  return children.sort((a, b) => startOf(a) - startOf(b));
}

interface Placed {
  readonly start?: number | null;
  readonly end?: number | null;
}

/** Where a node or a comment begins, and where it is over. */
export const startOf = ({ start }: Placed) => start ?? 0;
export const endOf = ({ end }: Placed) => end ?? 0;
