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
    const [target, value] =
      node.type === 'VariableDeclarator'
        ? [node.id, node.init]
        : node.type === 'AssignmentExpression'
          ? [node.left, node.right]
          : [];
    const made =
      value?.type === 'CallExpression' &&
      (required(value.callee) === 'express' ||
        (value.callee.type === 'Identifier' && makers.has(value.callee.name)));
    const app = made ? nameIn(target) : undefined;
    if (app !== undefined) return { app, line: node.loc?.end.line ?? 1 };
  }
  return undefined;
}

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
