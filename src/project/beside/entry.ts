import { parse } from '@babel/parser';
import type { ProjectFiles } from '../files.ts';

/** Where an Express project makes its application. */
export interface Entry {
  readonly path: string;
  /** What the application is called there. */
  readonly app: string;
  /** The line, from 1, on which it is made. */
  readonly line: number;
}

const stems = ['src/app', 'src/index', 'src/server', 'src/main', 'app', 'index', 'server', 'main'];
const endings = ['ts', 'mts', 'js', 'mjs', 'cjs'];

/**
 * Looks for `const app = express()` on the top level of the usual files, `main` first. Nothing of the project is run.
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
  const { program } = parse(text, {
    sourceType: 'unambiguous',
    errorRecovery: true,
    allowReturnOutsideFunction: true,
    plugins: ['typescript'],
  });
  for (const statement of program.body) {
    const declared =
      statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declared?.type !== 'VariableDeclaration') continue;
    for (const { id, init, loc } of declared.declarations) {
      const made =
        init?.type === 'CallExpression' &&
        init.callee.type === 'Identifier' &&
        init.callee.name === 'express';
      if (made && id.type === 'Identifier') return { app: id.name, line: loc?.start.line ?? 1 };
    }
  }
  return undefined;
}
