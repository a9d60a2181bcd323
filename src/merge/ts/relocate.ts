import path from 'node:path';
import type { Node, StringLiteral } from '@babel/types';
import { childrenOf, endOf, startOf } from '../../render/syntax.ts';
import { specifierOf } from '../specifier.ts';
import { parseSource } from './parse.ts';

/** A source text as it would be at another place: what it imports from files is named from there. */
export function relocatedSource(text: string, from: string, to: string): string {
  const source = parseSource(text);
  if (typeof source === 'string') return text;
  const [old, now] = [path.posix.dirname(from), path.posix.dirname(to)];
  let result = '';
  let at = 0;
  for (const literal of importsIn(source.file.program)) {
    // Between the quotes, whichever they are.
    result += text.slice(at, startOf(literal) + 1);
    result += specifierOf(path.posix.join(old, literal.value), now);
    at = endOf(literal) - 1;
  }
  return result + text.slice(at);
}

/** The relative paths that a source imports from, in the order of the text. */
function importsIn(node: Node): readonly StringLiteral[] {
  const inner = childrenOf(node).flatMap(importsIn);
  const source = sourceOf(node);
  return source?.type === 'StringLiteral' && /^\.{1,2}\//.test(source.value)
    ? [...inner, source]
    : inner;
}

function sourceOf(node: Node): Node | null | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportExpression':
      return node.source;
    case 'CallExpression':
      return node.callee.type === 'Import' ? node.arguments[0] : undefined;
    default:
      return undefined;
  }
}
