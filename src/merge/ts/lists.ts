import type { CallExpression, NewExpression, Node, OptionalCallExpression } from '@babel/types';
import { endOf, startOf } from '../../render/syntax.ts';
import type { ListOrder } from '../tree/types.ts';
import { linkIdentity, type Identity } from './keys.ts';
import type { Source, Token } from './parse.ts';

/** Where a list stands in the source and what is in it. */
export interface Span {
  readonly open: number;
  readonly close: number;
  readonly shape: string;
  readonly order: ListOrder;
  readonly comma: boolean;
  readonly nodes: readonly Member[];
}

export interface Member {
  readonly start: number;
  readonly end: number;
  readonly node: Node;
  /** Set where the node alone does not say it. */
  readonly identity?: Identity;
}

type Call = CallExpression | NewExpression | OptionalCallExpression;

/** Finds the lists of nodes by the brackets around them. */
export class Lists {
  readonly #source: Source;
  readonly #closers = new Map<number, number>();

  constructor(source: Source) {
    this.#source = source;
    const open: Token[] = [];
    for (const token of source.tokens) {
      if (token.comment) continue;
      if (/^(?:[([{]|\$\{|#\{)$/.test(token.text)) open.push(token);
      else if (/^[)\]}]$/.test(token.text)) {
        const opener = open.pop();
        if (opener !== undefined) this.#closers.set(opener.start, token.start);
      }
    }
  }

  /** The list of a whole file. */
  file(): Span {
    const { program } = this.#source.file;
    const start = program.interpreter ? endOf(program.interpreter) : 0;
    const nodes = [...program.directives, ...program.body];
    return {
      open: start,
      close: this.#source.text.length,
      shape: 'file',
      order: 'keyed',
      comma: false,
      nodes: nodes.map(memberOf),
    };
  }

  /** The list that a node is, or holds; `undefined` when it is text. */
  of(node: Node): Span | undefined {
    switch (node.type) {
      case 'ClassBody':
      case 'TSInterfaceBody':
        return this.#bracketed(startOf(node), node.body, 'members', 'keyed', false);
      case 'TSTypeLiteral':
        return this.#bracketed(startOf(node), node.members, 'members', 'keyed', false);
      case 'ObjectExpression':
      case 'ObjectPattern':
        return this.#bracketed(startOf(node), node.properties, 'object', 'keyed', true);
      case 'ArrayExpression': {
        const elements = node.elements.filter((element) => element !== null);
        if (elements.length < node.elements.length) return undefined;
        return this.#bracketed(startOf(node), elements, 'array', 'elements', true);
      }
      case 'BlockStatement': {
        const statements = [...node.directives, ...node.body];
        return this.#bracketed(startOf(node), statements, 'body', 'steps', false);
      }
      case 'TSEnumDeclaration': {
        const open = this.#next('{', endOf(node.id), endOf(node));
        return this.#bracketed(open, node.members, 'enum', 'keyed', true);
      }
      case 'SwitchStatement': {
        const open = this.#next('{', endOf(node.discriminant), endOf(node));
        return this.#bracketed(open, node.cases, 'switch', 'keyed', false);
      }
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration': {
        const named = node.specifiers.filter(
          ({ type }) => type === 'ImportSpecifier' || type === 'ExportSpecifier',
        );
        const end = node.source ? startOf(node.source) : endOf(node);
        if ('declaration' in node && node.declaration) return undefined;
        const open = this.#next('{', startOf(node), end);
        return this.#bracketed(open, named, 'specifiers', 'keyed', true);
      }
      case 'CallExpression':
      case 'OptionalCallExpression':
        return this.#chain(node) ?? this.#arguments(node);
      case 'NewExpression':
        return this.#arguments(node);
      default:
        return undefined;
    }
  }

  /** The arguments of a call. */
  #arguments(call: Call): Span | undefined {
    const from = endOf(call.typeParameters ?? call.typeArguments ?? call.callee);
    const open = this.#next('(', from, endOf(call));
    return this.#bracketed(open, call.arguments, 'arguments', 'steps', true);
  }

  /** The links of `root.a(...).b(...)`; `undefined` when nothing is chained. */
  #chain(node: CallExpression | OptionalCallExpression): Span | undefined {
    const links: Member[] = [];
    let root: Node = node;
    while (root.type === 'CallExpression' || root.type === 'OptionalCallExpression') {
      const callee: Node = root.callee;
      if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') break;
      if (callee.computed || callee.property.type !== 'Identifier') return undefined;
      const object: Node = callee.object;
      const identity = linkIdentity(callee.property.name, root.arguments[0]);
      const dot = this.#firstToken(endOf(object), endOf(root));
      links.unshift({ start: dot, end: endOf(root), node: root, identity });
      root = object;
    }
    if (links.length === 0) return undefined;
    return {
      open: endOf(root),
      close: endOf(node),
      shape: 'chain',
      order: 'keyed',
      comma: false,
      nodes: links,
    };
  }

  /** The arguments of the last call of a link. */
  link(node: Node): Span | undefined {
    return node.type === 'CallExpression' || node.type === 'OptionalCallExpression'
      ? this.#arguments(node)
      : undefined;
  }

  #bracketed(
    open: number | undefined,
    nodes: readonly Node[],
    shape: string,
    order: ListOrder,
    comma: boolean,
  ): Span | undefined {
    const close = open === undefined ? undefined : this.#closers.get(open);
    if (open === undefined || close === undefined) return undefined;
    return { open: open + 1, close, shape, order, comma, nodes: nodes.map(memberOf) };
  }

  #next(text: string, from: number, to: number): number | undefined {
    return this.#source.tokens
      .slice(this.#index(from))
      .find((token) => token.start >= to || (!token.comment && token.text === text))?.start;
  }

  #firstToken(from: number, to: number): number {
    const token = this.#source.tokens.slice(this.#index(from)).find(({ comment }) => !comment);
    return Math.min(token?.start ?? to, to);
  }

  /** The index of the first token at or behind this offset. */
  #index(offset: number): number {
    const { tokens } = this.#source;
    let low = 0;
    let high = tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tokens[middle]?.start ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const memberOf = (node: Node): Member => ({ start: startOf(node), end: endOf(node), node });
