import type { Node } from '@babel/types';
import { literalOf } from './syntax.ts';

/** The module of `require('...')`. */
export function required(node: Node | null | undefined): string | undefined {
  if (node?.type !== 'CallExpression' || node.callee.type !== 'Identifier') return undefined;
  return node.callee.name === 'require' ? literalOf(node.arguments[0]) : undefined;
}

/** What each module is called in a file: `const books = require('./books')`, `import books from './books.js'`. */
export function modulesIn(nodes: readonly Node[]): ReadonlyMap<string, string> {
  return new Map(nodes.flatMap(bindings));
}

function bindings(node: Node): (readonly [name: string, module: string])[] {
  if (node.type === 'ImportDeclaration')
    return node.specifiers.map(({ local }) => [local.name, node.source.value]);
  if (node.type === 'TSImportEqualsDeclaration') {
    const { moduleReference: from, id } = node;
    const name = from.type === 'TSExternalModuleReference' ? literalOf(from.expression) : undefined;
    return name === undefined ? [] : [[id.name, name]];
  }
  if (node.type !== 'VariableDeclarator') return [];
  const module = required(node.init);
  if (module === undefined) return [];
  if (node.id.type === 'Identifier') return [[node.id.name, module]];
  if (node.id.type !== 'ObjectPattern') return [];
  return node.id.properties.flatMap((property) =>
    property.type === 'ObjectProperty' && property.value.type === 'Identifier'
      ? [[property.value.name, module] as const]
      : [],
  );
}

/** What a value is given to: a variable, a property of `this` or of a class; nothing for any other node. */
export function assigned(node: Node): { readonly name: string; readonly value: Node } | undefined {
  const [target, value] = sides(node);
  if (!target || !value) return undefined;
  if (target.type === 'Identifier') return { name: target.name, value };
  const own = target.type === 'MemberExpression' && target.object.type === 'ThisExpression';
  const name = own && target.property.type === 'Identifier' ? target.property.name : undefined;
  return name === undefined ? undefined : { name, value };
}

function sides(node: Node): readonly (Node | null | undefined)[] {
  if (node.type === 'VariableDeclarator') return [node.id, node.init];
  if (node.type === 'ClassProperty') return [node.key, node.value];
  return node.type === 'AssignmentExpression' ? [node.left, node.right] : [];
}

/** `router` of `router.get('/').post('/')`, `make` of `make(options)`, `app` of `this.app`. */
export function baseOf(node: Node): Node {
  if (required(node) !== undefined) return node;
  if (node.type === 'CallExpression') return baseOf(node.callee);
  if (node.type !== 'MemberExpression') return node;
  return node.object.type === 'ThisExpression' ? node.property : baseOf(node.object);
}
