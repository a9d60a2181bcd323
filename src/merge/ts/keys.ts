import type { Node } from '@babel/types';
import { endOf, startOf } from '../../render/syntax.ts';

/** What an item of a list is, to a merge and to a person. */
export interface Identity {
  readonly key: string | undefined;
  readonly name: string;
  readonly shape: string;
  /** Whether its place among new neighbours does not matter. */
  readonly free: boolean;
}

/** The text of a node without its layout. */
export type CodeOf = (from: number, to: number) => string;

const verbs = new Set([
  ...['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all', 'query'],
]);
/** Calls that stand for themselves, in any order. */
const suites = new Set(['describe', 'it', 'test', 'suite', 'conformance']);

/** What a statement, a member, a property or an element is called. */
export function identityOf(node: Node, codeOf: CodeOf): Identity {
  const code = (of: Node) => codeOf(startOf(of), endOf(of));
  const short = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
  const named = (key: string, name: string, shape: string = node.type): Identity => ({
    key,
    name,
    shape,
    free: true,
  });
  const unnamed: Identity = {
    key: undefined,
    name: short(code(node)),
    shape: node.type,
    free: false,
  };
  switch (node.type) {
    case 'ImportDeclaration': {
      const from = node.source.value;
      return named(
        `import:${node.importKind ?? 'value'}:${from}`,
        `the import of '${from}'`,
        'import',
      );
    }
    case 'ImportSpecifier':
    case 'ExportSpecifier': {
      const exported = node.type === 'ImportSpecifier' ? node.local : node.exported;
      return named(code(exported), code(exported));
    }
    case 'ExportAllDeclaration':
      return named(`export:*:${node.source.value}`, `the export of '${node.source.value}'`);
    case 'ExportDefaultDeclaration':
      return named('export:default', 'the default export');
    case 'ExportNamedDeclaration': {
      if (node.declaration) return identityOf(node.declaration, codeOf);
      const from = node.source?.value ?? '';
      return named(`export:${from}`, from === '' ? 'the exports' : `the export of '${from}'`);
    }
    case 'VariableDeclaration': {
      const names = node.declarations.map(({ id }) => codeOf(startOf(id), nameEnd(id))).join(', ');
      return named(`value:${names}`, names);
    }
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'TSEnumDeclaration':
    case 'TSDeclareFunction': {
      const name = node.id?.name ?? '';
      return name === '' ? unnamed : named(`value:${name}`, name);
    }
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return named(`type:${node.id.name}`, node.id.name);
    case 'ExpressionStatement':
      return { ...(callIdentity(node.expression, code) ?? unnamed), shape: 'expression' };
    case 'ObjectProperty':
    case 'ObjectMethod':
    case 'ClassMethod':
    case 'ClassProperty':
    case 'TSDeclareMethod':
    case 'TSPropertySignature':
    case 'TSMethodSignature': {
      const kind = 'kind' in node && node.kind !== 'method' ? `${node.kind}:` : '';
      const place = 'static' in node && node.static === true ? 'static:' : '';
      const name = node.key.type === 'StringLiteral' ? node.key.value : code(node.key);
      const shape = node.type === 'ObjectMethod' ? 'ObjectProperty' : node.type;
      return named(`${place}${kind}${name}`, name, shape);
    }
    case 'ClassPrivateMethod':
    case 'ClassPrivateProperty':
      return named(`#${node.key.id.name}`, `#${node.key.id.name}`);
    case 'TSEnumMember':
      return named(code(node.id), code(node.id));
    case 'SwitchCase':
      return { ...unnamed, key: node.test ? code(node.test) : 'default' };
    case 'SpreadElement':
      return { ...unnamed, key: code(node) };
    default:
      return unnamed;
  }
}

/** The end of the bare name of something declared, without its type. */
function nameEnd(id: Node): number {
  return id.type === 'Identifier' ? startOf(id) + id.name.length : endOf(id);
}

/** Calls are known by what is called and its first argument: `app.use('/x', ...)`, `describe('a book', ...)`. */
function callIdentity(expression: Node, code: (of: Node) => string): Identity | undefined {
  const call = expression.type === 'AwaitExpression' ? expression.argument : expression;
  if (call.type !== 'CallExpression') return undefined;
  const callee = code(call.callee);
  if (callee.length > 80) return undefined;
  const [first] = call.arguments;
  const named = first?.type === 'StringLiteral' || first?.type === 'Identifier';
  if (!named) return undefined;
  const argument = code(first);
  return {
    key: `call:${callee}:${argument}`,
    name: `${callee}(${argument})`.replaceAll(' ', ''),
    shape: 'call',
    free: suites.has(callee) || isRoute(callee, first),
  };
}

const isRoute = (callee: string, first: Node) =>
  first.type === 'StringLiteral' && verbs.has(callee.slice(callee.lastIndexOf(' ') + 1));

/** What one link of a chain of calls is called: `.get('/:id')`, `.optional()`. */
export function linkIdentity(method: string, first: Node | undefined): Identity {
  const path = first?.type === 'StringLiteral' ? first.value : undefined;
  const route = path !== undefined && verbs.has(method);
  return {
    key: path === undefined ? `.${method}` : `.${method}:${path}`,
    name: path === undefined ? `.${method}()` : `${method.toUpperCase()} ${path}`,
    shape: route ? 'route' : 'link',
    free: route,
  };
}
