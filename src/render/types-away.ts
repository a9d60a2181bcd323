import type {
  Class,
  Comment,
  ExportNamedDeclaration,
  File,
  ImportDeclaration,
  Node,
} from '@babel/types';
import { childrenOf, endOf, startOf, type Edit } from './syntax.ts';

/**
 * What makes JavaScript of TypeScript: what only says something about types is taken out, and everything else, remarks and
 * blank lines among it, stays where it is.
 *
 * @throws {TypeError} for syntax that is more than types: enums, namespaces, parameters that are properties
 */
export function typesAway(text: string, { program, comments }: File): readonly Edit[] {
  const taker = new Taker(text, comments ?? []);
  taker.visit(program);
  return taker.edits;
}

/** Words before the name of a member, or before `class`, that JavaScript does not know. */
const words = new Set([
  'abstract',
  'declare',
  'override',
  'private',
  'protected',
  'public',
  'readonly',
]);

class Taker {
  readonly edits: Edit[] = [];
  readonly #text: string;
  readonly #comments: readonly Comment[];

  constructor(text: string, comments: readonly Comment[]) {
    this.#text = text;
    this.#comments = comments;
  }

  visit(node: Node): void {
    if (isTypeOnly(node)) return this.#takeStatement(node);
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
        this.#takeTypeNames(node);
        break;
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
        this.#take(endOf(node.expression), endOf(node));
        return this.visit(node.expression);
      case 'TSTypeAnnotation':
      case 'TSExpressionWithTypeArguments':
      case 'TSTypeParameterDeclaration':
      case 'TSTypeParameterInstantiation':
        return this.#take(startOf(node), endOf(node));
      case 'Identifier':
        if (node.name === 'this') throw this.#unknown(node);
        // With `?` or `!`, and the type.
        if (node.typeAnnotation || node.optional)
          this.#take(startOf(node) + node.name.length, endOf(node));
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#takeHead(node);
        break;
      case 'ClassMethod':
        this.#takeWords(startOf(node), startOf(node.key));
        break;
      case 'ClassProperty':
      case 'ClassPrivateProperty':
        this.#takeWords(startOf(node), startOf(node.key));
        if (node.typeAnnotation) this.#take(endOf(node.key), endOf(node.typeAnnotation));
        this.#visitAll([node.key, node.value]);
        return;
      default:
        if (node.type.startsWith('TS')) throw this.#unknown(node);
    }
    this.#visitAll(childrenOf(node));
  }

  #unknown(node: Node): TypeError {
    return new TypeError(`no JavaScript for: ${this.#text.slice(startOf(node), endOf(node))}`);
  }

  #visitAll(nodes: readonly (Node | null | undefined)[]): void {
    for (const node of nodes) if (node) this.visit(node);
  }

  #take(from: number, to: number): void {
    this.edits.push({ from, to, text: '' });
  }

  /** Takes a statement or member out with the remarks right above it; those above an import may be about the whole file. */
  #takeStatement(node: Node): void {
    let from = startOf(node);
    const above = node.type === 'ImportDeclaration' ? [] : [...this.#comments].reverse();
    for (const comment of above) {
      const [start, end] = [startOf(comment), endOf(comment)];
      if (end > from) continue;
      const between = this.#text.slice(end, from);
      const before = this.#text.slice(this.#text.lastIndexOf('\n', start) + 1, start);
      if (between.trim() + before.trim() !== '' || between.split('\n').length > 2) break;
      from = start;
    }
    // With the rest of its line, or a blank one would be left.
    const to = endOf(node) + (/^[ \t]*\n/.exec(this.#text.slice(endOf(node)))?.[0].length ?? 0);
    this.#take(from, to);
  }

  /** Of `{ type A, b }` leaves `{ b }`, and nothing of `{ type A }`. */
  #takeTypeNames({ specifiers }: ImportDeclaration | ExportNamedDeclaration): void {
    const names = specifiers.filter(isInBraces);
    const [first, last] = [names[0], names.at(-1)];
    const values = names.filter((name) => !isTypeName(name));
    if (first === undefined || last === undefined || values.length === names.length) return;
    const [whole] = specifiers;
    if (values.length === 0 && whole !== undefined)
      return this.#take(endOf(whole), this.#text.indexOf('}', endOf(last)) + 1);
    const text = values.map((name) => this.#text.slice(startOf(name), endOf(name))).join(', ');
    this.edits.push({ from: startOf(first), to: endOf(last), text });
  }

  /** Of `abstract class A<T> extends B<T> implements C {` leaves `class A extends B {`. */
  #takeHead(node: Class): void {
    if (node.type === 'ClassDeclaration' && node.abstract)
      this.#takeWords(startOf(node), startOf(node.id ?? node.body));
    if (!node.implements?.length) return;
    const before = [node.superTypeParameters, node.superClass, node.typeParameters, node.id].find(
      (part) => part !== null && part !== undefined,
    );
    if (before) this.edits.push({ from: endOf(before), to: startOf(node.body), text: ' ' });
  }

  #takeWords(from: number, to: number): void {
    let at = from;
    for (const word of this.#text.slice(from, to).split(' ')) {
      if (words.has(word)) this.#take(at, at + word.length + 1);
      at += word.length + 1;
    }
  }
}

type Named = ImportDeclaration['specifiers'][number] | ExportNamedDeclaration['specifiers'][number];

const isInBraces = ({ type }: Named) => type === 'ImportSpecifier' || type === 'ExportSpecifier';

const isTypeName = (name: Named) =>
  (name.type === 'ImportSpecifier' && name.importKind === 'type') ||
  (name.type === 'ExportSpecifier' && name.exportKind === 'type');

/** Whether nothing is left of a statement, or of a member of a class. */
function isTypeOnly(node: Node): boolean {
  switch (node.type) {
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSDeclareFunction':
    case 'TSDeclareMethod':
    case 'TSIndexSignature':
      return true;
    case 'ImportDeclaration':
      return node.importKind === 'type' || onlyTypes(node.specifiers);
    case 'ExportNamedDeclaration':
      if (node.declaration) return isTypeOnly(node.declaration);
      return node.exportKind === 'type' || onlyTypes(node.specifiers);
    case 'ClassDeclaration':
    case 'ClassProperty':
    case 'VariableDeclaration':
      return node.declare === true;
    default:
      return false;
  }
}

const onlyTypes = (names: readonly Named[]) => names.length > 0 && names.every(isTypeName);
