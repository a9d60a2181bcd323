import { parse } from '@babel/parser';
import type { Node } from '@babel/types';
import { childrenOf } from '../../render/syntax.ts';

/**
 * Every node of a source, parents first. Nothing of it is run.
 * @returns none for text that is neither JavaScript nor TypeScript
 */
export function nodesIn(text: string): readonly Node[] {
  try {
    const { program } = parse(text, {
      sourceType: 'unambiguous',
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      plugins: ['typescript', 'decorators-legacy'],
    });
    return [...below(program)];
  } catch (error) {
    // What babel cannot recover from; JSX is no place where a server is made.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function* below(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* below(child);
}

/** The text of an expression that is written as one piece, such as `'/api'`. */
export function literalOf(node: Node | null | undefined): string | undefined {
  if (node?.type === 'StringLiteral') return node.value;
  if (node?.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}
