import {
  createScanner,
  parseTree,
  type SyntaxKind,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { unitOf } from './indent.ts';
import { remarks } from './tree/comments.ts';
import { gapOf } from './tree/gap.ts';
import { Places } from './tree/place.ts';
import type { Item, Leaf, List, Part, Tree } from './tree/types.ts';

/** jsonc-parser declares its kinds of tokens as constants of the compiler, which do not exist at run time. */
const endOfFile: SyntaxKind.EOF = 17;
const lineComment: SyntaxKind.LineCommentTrivia = 12;
const blockComment: SyntaxKind.BlockCommentTrivia = 13;

/** Which arrays are sets, whose members each side may add and remove; all others are one value. */
export type IsSet = (path: readonly string[]) => boolean;

/** JSON, with comments and trailing commas, as a tree; `undefined` when it does not parse or has a key twice. */
export function jsonTree(source: string, isSet: IsSet): Tree | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(source, errors, { allowTrailingComma: true });
  if (root === undefined || errors.length > 0) return undefined;
  if (hasDoubles(root)) return undefined;
  const builder = new Builder(source, isSet);
  const parts = [
    builder.leaf(0, root.offset),
    ...builder.parts(root, []),
    builder.leaf(root.offset + root.length, source.length),
  ];
  return { parts, unit: unitOf(source) };
}

class Builder {
  readonly #source: string;
  readonly #isSet: IsSet;
  readonly #places: Places;

  constructor(source: string, isSet: IsSet) {
    this.#source = source;
    this.#isSet = isSet;
    this.#places = new Places(source);
  }

  leaf(from: number, to: number): Leaf {
    const text = this.#source.slice(from, to);
    return { kind: 'leaf', text, code: text.trim() };
  }

  parts(node: Node, path: readonly string[]): readonly Part[] {
    const children = node.children ?? [];
    if (node.type === 'object') return this.#wrap(node, this.#object(node, children, path));
    if (node.type === 'array' && this.#isSet(path)) {
      return this.#wrap(node, this.#set(node, children, path));
    }
    const keys = node.type === 'array' ? keysOfElements(children) : undefined;
    if (keys !== undefined) return this.#wrap(node, this.#named(node, children, keys, path));
    const text = this.#source.slice(node.offset, node.offset + node.length);
    return [{ kind: 'leaf', text, code: node.type === 'array' ? jsonTokens(text) : codeOf(node) }];
  }

  #wrap({ offset, length }: Node, list: List): readonly Part[] {
    return [this.leaf(offset, offset + 1), list, this.leaf(offset + length - 1, offset + length)];
  }

  #object(node: Node, children: readonly Node[], path: readonly string[]): List {
    const items = this.#items(node, children, (property) => {
      const [name, value] = property.children ?? [];
      const key = String(name?.value);
      const parts = (): readonly Part[] =>
        value === undefined
          ? []
          : [this.leaf(property.offset, value.offset), ...this.parts(value, [...path, key])];
      return { key, parts };
    });
    return this.#list(node, 'object', 'keyed', items);
  }

  #set(node: Node, children: readonly Node[], path: readonly string[]): List {
    const items = this.#items(node, children, (element) => ({
      key: undefined,
      parts: () => this.parts(element, [...path, '*']),
    }));
    return this.#list(node, 'set', 'elements', items);
  }

  /** Objects that each have a name: merged by it, as properties are. */
  #named(
    node: Node,
    children: readonly Node[],
    keys: ReadonlyMap<Node, string>,
    path: readonly string[],
  ): List {
    const items = this.#items(node, children, (element) => {
      const key = keys.get(element) ?? '';
      return { key, parts: () => this.parts(element, [...path, key]) };
    });
    return this.#list(node, 'named', 'keyed', items);
  }

  #list(
    node: Node,
    shape: string,
    order: List['order'],
    { items, end }: { readonly items: readonly Item[]; readonly end: number },
  ): List {
    return {
      kind: 'list',
      shape,
      order,
      comma: true,
      head: '',
      items,
      tail: this.#source.slice(end, node.offset + node.length - 1),
      indent: this.#places.indent(node.offset),
      line: this.#places.line(node.offset),
    };
  }

  #items(
    node: Node,
    children: readonly Node[],
    read: (child: Node) => { readonly key: string | undefined; parts(): readonly Part[] },
  ): { readonly items: readonly Item[]; readonly end: number } {
    let end = node.offset + 1;
    const items = children.map((child, at): Item => {
      const stop = child.offset + child.length;
      const next = children[at + 1]?.offset ?? node.offset + node.length - 1;
      const gap = gapOf(this.#source, stop, next);
      const text = this.#source.slice(child.offset, stop);
      const { key, parts } = read(child);
      const places = this.#places;
      let code: string | undefined;
      const lead = this.#source.slice(end, child.offset);
      end = gap.lead;
      return {
        key,
        name: key ?? text,
        shape: 'value',
        free: true,
        lead,
        text,
        // Most values are compared by their text and never looked into.
        get code() {
          return (code ??= [codeOf(child), ...commentsIn(text)].join('\n'));
        },
        get parts() {
          return parts();
        },
        get indent() {
          return places.indent(child.offset);
        },
        get line() {
          return places.line(child.offset);
        },
        comma: gap.comma,
        after: gap.after,
        rigid: false,
      };
    });
    return { items, end };
  }
}

/** What objects in an array are known by: a reference, or a name within what it is a name of. */
const names = ['$ref', 'name', 'in', 'id', 'url', 'path'];

/** The name of each element of an array; `undefined` unless all are objects with names of their own. */
function keysOfElements(elements: readonly Node[]): ReadonlyMap<Node, string> | undefined {
  const keys = new Map<Node, string>();
  for (const element of elements) {
    const key = element.type === 'object' ? nameOf(element) : '';
    if (key !== '') keys.set(element, key);
  }
  const unique = new Set(keys.values()).size === elements.length;
  return elements.length > 0 && unique ? keys : undefined;
}

function nameOf({ children = [] }: Node): string {
  const values = new Map(
    children.map(({ children: [key, value] = [] }) => [key?.value, value?.value] as const),
  );
  return names
    .map((name) => values.get(name))
    .filter((value) => typeof value === 'string')
    .join(' ');
}

/** Whether an object in it has a key twice. */
function hasDoubles({ type, children = [] }: Node): boolean {
  const keys = type === 'object' ? children.map((property) => property.children?.[0]?.value) : [];
  return new Set(keys).size < keys.length || children.some(hasDoubles);
}

/** A value without its layout and the order of its keys. */
function codeOf(node: Node): string {
  const children = node.children ?? [];
  if (node.type === 'property') return children.map(codeOf).join(':');
  if (node.type === 'object') return `{${children.map(codeOf).sort().join(',')}}`;
  if (node.type === 'array') return `[${children.map(codeOf).join(',')}]`;
  return JSON.stringify(node.value);
}

/** The comments in a JSON text. */
export function commentsIn(text: string): readonly string[] {
  // Most values have none, and are not scanned.
  if (!text.includes('//') && !text.includes('/*')) return [];
  const scanner = createScanner(text);
  const comments: string[] = [];
  for (let kind = scanner.scan(); kind !== endOfFile; kind = scanner.scan()) {
    if (kind !== lineComment && kind !== blockComment) continue;
    const from = scanner.getTokenOffset();
    comments.push(remarks(text.slice(from, from + scanner.getTokenLength())));
  }
  return comments;
}

/** The tokens and comments of a JSON text, without its layout and trailing commas. */
export function jsonTokens(text: string): string {
  const scanner = createScanner(text);
  const tokens: string[] = [];
  while (scanner.scan() !== endOfFile) {
    const from = scanner.getTokenOffset();
    const token = text.slice(from, from + scanner.getTokenLength()).trim();
    if (token === '') continue;
    if ((token === '}' || token === ']') && tokens.at(-1) === ',') tokens.pop();
    tokens.push(token);
  }
  return tokens.join(' ');
}
