import type { Node } from '@babel/types';
import type { ProjectFiles } from '../files.ts';
import { required } from './bindings.ts';
import { literalOf, nodesIn } from './syntax.ts';

/** Where an Express project makes its application. */
export interface Entry {
  readonly path: string;
  /** What the application is called there: `app`, `this.app`. */
  readonly app: string;
  /** The last line, from 1, of the statement that makes it. */
  readonly line: number;
  /**
   * Why no statement can stand right below: the statement goes on with a body parser, `express().use(express.json())`, or it
   * is the property of a class.
   */
  readonly within?: 'chain' | 'class';
}

const names = ['app', 'index', 'server', 'main', 'config/express', 'config/app', 'loaders/express'];
const stems = ['src/', ''].flatMap((folder) => names.map((name) => folder + name));
const endings = ['ts', 'mts', 'js', 'mjs', 'cjs'];

/**
 * Looks for `const app = express()` in the usual files, `main` first. Nothing of the project is run.
 *
 * @param main of package.json
 */
export async function findEntry(files: ProjectFiles, main: unknown): Promise<Entry | undefined> {
  const usual = stems.flatMap((stem) => endings.map((ending) => `${stem}.${ending}`));
  const first = typeof main === 'string' ? main.replace(/^\.\//, '') : undefined;
  for (const path of [...(first !== undefined && isPlain(first) ? [first] : []), ...usual]) {
    const text = await files.text(path);
    const made = text === undefined ? undefined : applicationIn(text);
    if (made !== undefined) return { path, ...made };
  }
  return undefined;
}

function isPlain(path: string): boolean {
  const parts = path.split('/');
  return /\.[cm]?[jt]s$/.test(path) && !path.startsWith('/') && !parts.includes('..');
}

function applicationIn(text: string): Omit<Entry, 'path'> | undefined {
  const nodes = nodesIn(text);
  const makers = new Set(nodes.flatMap(importedExpress));
  for (const node of nodes) {
    const { name, value } = madeBy(node);
    if (name === undefined || !makesApplication(value, makers)) continue;
    const within =
      node.type === 'ClassProperty' ? 'class' : parsesBodies(value) ? 'chain' : undefined;
    return { app: name, line: node.loc?.end.line ?? 1, ...(within !== undefined && { within }) };
  }
  return undefined;
}

/** What a value is given to, as it is called where it is used. */
function madeBy(node: Node): { readonly name?: string | undefined; readonly value?: Node | null } {
  if (node.type === 'VariableDeclarator')
    return { name: nameIn(node.id), value: node.init ?? null };
  if (node.type === 'AssignmentExpression') return { name: nameIn(node.left), value: node.right };
  if (node.type !== 'ClassProperty' || node.static || node.key.type !== 'Identifier') return {};
  return { name: `this.${node.key.name}`, value: node.value ?? null };
}

/** `express()`, also with what is called on the application at once: `express().use(cors())`. */
function makesApplication(value: Node | null | undefined, makers: ReadonlySet<string>): boolean {
  if (value?.type !== 'CallExpression') return false;
  const { callee } = value;
  if (callee.type === 'MemberExpression' && callee.property.type === 'Identifier')
    return staying.has(callee.property.name) && makesApplication(callee.object, makers);
  const named = callee.type === 'Identifier' && makers.has(callee.name);
  return named || required(callee) === 'express';
}

/** Whether one of the calls on an application mounts a body parser. */
function parsesBodies(value: Node | null | undefined): boolean {
  if (value?.type !== 'CallExpression' || value.callee.type !== 'MemberExpression') return false;
  return value.arguments.some(isParser) || parsesBodies(value.callee.object);
}

/** `express.json()`, `json()`, `bodyParser.urlencoded({ extended: true })`. */
function isParser(node: Node): boolean {
  if (node.type !== 'CallExpression') return false;
  const { callee } = node;
  const named = callee.type === 'MemberExpression' ? callee.property : callee;
  return named.type === 'Identifier' && parsers.has(named.name);
}

const parsers: ReadonlySet<string> = new Set(['json', 'urlencoded', 'raw', 'text', 'bodyParser']);

/** What is called on an application and answers with it; `listen` answers with a server. */
const staying: ReadonlySet<string> = new Set([
  ...['use', 'set', 'enable', 'disable', 'engine', 'param'],
  ...['all', 'delete', 'get', 'head', 'options', 'patch', 'post', 'put'],
]);

/** What a file calls the function of express. */
function importedExpress(node: Node): readonly string[] {
  if (node.type === 'ImportDeclaration' && node.source.value === 'express')
    return node.specifiers.flatMap(({ type, local }) =>
      type === 'ImportSpecifier' ? [] : [local.name],
    );
  if (node.type === 'TSImportEqualsDeclaration') {
    const { moduleReference: from, id } = node;
    const named =
      from.type === 'TSExternalModuleReference' && literalOf(from.expression) === 'express';
    return named ? [id.name] : [];
  }
  if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') return [];
  return required(node.init) === 'express' ? [node.id.name] : [];
}

/** `app`, or `this.app`. */
function nameIn(target: Node | null | undefined): string | undefined {
  if (target?.type === 'Identifier') return target.name;
  if (target?.type !== 'MemberExpression' || target.computed) return undefined;
  const { object, property } = target;
  return object.type === 'ThisExpression' && property.type === 'Identifier'
    ? `this.${property.name}`
    : undefined;
}
