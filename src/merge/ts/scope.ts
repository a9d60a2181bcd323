import type { Node } from '@babel/types';
import { childrenOf } from '../../render/syntax.ts';
import type { Source } from './parse.ts';

/** The names that are used in a source and declared nowhere around their use, with the line of the first use. */
export function undeclaredNames({ file }: Source): ReadonlyMap<string, number> {
  const missing = new Map<string, number>();
  resolve(file.program, undefined, missing);
  return missing;
}

/** The names that are visible in one stretch of the source. */
class Scope {
  readonly #names = new Set<string>();
  readonly #around: Scope | undefined;

  constructor(around: Scope | undefined) {
    this.#around = around;
  }

  declare(pattern: Node | null | undefined): void {
    if (!pattern) return;
    switch (pattern.type) {
      case 'Identifier':
        this.#names.add(pattern.name);
        return;
      case 'TSParameterProperty':
        this.declare(pattern.parameter);
        return;
      case 'AssignmentPattern':
        this.declare(pattern.left);
        return;
      case 'RestElement':
        this.declare(pattern.argument);
        return;
      case 'ArrayPattern':
        for (const element of pattern.elements) this.declare(element);
        return;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          this.declare(property.type === 'RestElement' ? property : property.value);
        }
        return;
      case 'TSTypeParameter':
        this.#names.add(typeof pattern.name === 'string' ? pattern.name : '');
    }
  }

  has(name: string): boolean {
    return this.#names.has(name) || (this.#around?.has(name) ?? false);
  }
}

const opensScope = new Set([
  ...['Program', 'BlockStatement', 'StaticBlock', 'TSModuleBlock', 'SwitchStatement'],
  ...['ForStatement', 'ForInStatement', 'ForOfStatement', 'CatchClause'],
  ...['ClassDeclaration', 'ClassExpression', 'TSInterfaceDeclaration', 'TSTypeAliasDeclaration'],
  ...['TSMappedType', 'TSConditionalType'],
]);

const isFunction = (node: Node) => 'params' in node || 'parameters' in node;

function resolve(node: Node, around: Scope | undefined, missing: Map<string, number>): void {
  if (node.type === 'Identifier') {
    note(node, around, missing);
    if (node.typeAnnotation) resolve(node.typeAnnotation, around, missing);
    return;
  }
  let scope = around;
  if (opensScope.has(node.type) || isFunction(node)) {
    scope = new Scope(around);
    declareWithin(node, scope);
  }
  const names = new Set(namesOf(node));
  for (const child of childrenOf(node)) {
    if (!names.has(child)) resolve(child, scope, missing);
    else if (child.type === 'Identifier' && child.typeAnnotation) {
      resolve(child.typeAnnotation, scope, missing);
    }
  }
}

function note(
  node: Node & { readonly name: string },
  scope: Scope | undefined,
  missing: Map<string, number>,
): void {
  if (scope?.has(node.name) === true || missing.has(node.name)) return;
  missing.set(node.name, node.loc?.start.line ?? 1);
}

/** Declares what a node brings into its own scope. */
function declareWithin(node: Node, scope: Scope): void {
  if ('id' in node && node.id && 'type' in node.id) scope.declare(node.id);
  if ('params' in node && Array.isArray(node.params)) {
    for (const parameter of node.params) scope.declare(parameter);
  }
  if ('parameters' in node && Array.isArray(node.parameters)) {
    for (const parameter of node.parameters) scope.declare(parameter);
  }
  if ('typeParameters' in node && node.typeParameters && 'params' in node.typeParameters) {
    for (const parameter of node.typeParameters.params) scope.declare(parameter);
  }
  if (node.type === 'CatchClause') scope.declare(node.param);
  if (node.type === 'ForStatement' && node.init) declareStatement(node.init, scope);
  if (node.type === 'ForInStatement' || node.type === 'ForOfStatement') {
    declareStatement(node.left, scope);
  }
  if (node.type === 'TSMappedType') scope.declare(node.typeParameter);
  if (node.type === 'TSConditionalType') declareInferred(node.extendsType, scope);
  if (node.type === 'SwitchStatement') {
    for (const { consequent } of node.cases) {
      for (const statement of consequent) declareStatement(statement, scope);
    }
  }
  if ('body' in node && Array.isArray(node.body)) {
    for (const statement of node.body) declareStatement(statement, scope);
  }
}

function declareStatement(node: Node, scope: Scope): void {
  if (node.type === 'ExportNamedDeclaration' || node.type === 'ExportDefaultDeclaration') {
    if (node.declaration) declareStatement(node.declaration, scope);
  } else if (node.type === 'VariableDeclaration') {
    for (const { id } of node.declarations) scope.declare(id);
  } else if (node.type === 'ImportDeclaration') {
    for (const { local } of node.specifiers) scope.declare(local);
  } else if ('id' in node && node.id && 'type' in node.id) scope.declare(node.id);
}

function declareInferred(node: Node, scope: Scope): void {
  if (node.type === 'TSInferType') scope.declare(node.typeParameter);
  for (const child of childrenOf(node)) declareInferred(child, scope);
}

/** The children that are names of members and the like, not uses of something declared. */
export function namesOf(node: Node): readonly Node[] {
  switch (node.type) {
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return node.computed ? [] : [node.property];
    case 'ObjectProperty':
      // `{ a }` is a use of `a`: its key and value are nodes of their own.
      return node.computed ? [] : [node.key];
    case 'ObjectMethod':
    case 'ClassMethod':
    case 'ClassProperty':
    case 'TSDeclareMethod':
    case 'TSPropertySignature':
    case 'TSMethodSignature':
      return node.computed === true ? [] : [node.key];
    case 'TSEnumMember':
      return [node.id];
    case 'TSQualifiedName':
      return [node.right];
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'MetaProperty':
    case 'PrivateName':
      return childrenOf(node);
    case 'ExportSpecifier':
      return [node.exported];
    case 'ExportNamedDeclaration':
      return node.source ? childrenOf(node) : [];
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return node.label ? [node.label] : [];
    case 'TSNamedTupleMember':
      return [node.label];
    case 'TSImportType':
      return childrenOf(node);
    default:
      return [];
  }
}
