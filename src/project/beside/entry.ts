import type { Node } from '@babel/types';
import type { ProjectFiles } from '../files.ts';
import { assigned, modulesIn, required } from './bindings.ts';
import { nodesIn } from './syntax.ts';

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
 * Looks for `const app = express()` in the usual files, `main` first; in functions and constructors too. Nothing of the
 * project is run.
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
  const modules = modulesIn(nodes);
  const isExpress = (node: Node): boolean =>
    required(node) === 'express' ||
    (node.type === 'Identifier' && modules.get(node.name) === 'express');
  for (const node of nodes) {
    // A property of a class has no room for a call below it.
    if (node.type === 'ClassProperty') continue;
    const { name, value } = assigned(node) ?? {};
    if (name === undefined || value?.type !== 'CallExpression') continue;
    if (!isExpress(value.callee)) continue;
    const app = node.type === 'AssignmentExpression' ? textOf(node.left, text) : name;
    return { app, line: node.loc?.end.line ?? 1 };
  }
  return undefined;
}

function textOf({ start, end }: Node, text: string): string {
  return text.slice(start ?? 0, end ?? 0);
}
