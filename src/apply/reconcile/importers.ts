import path from 'node:path';

const specifier = /\b(?:from|import|require)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g;

/** One file that a source text imports. */
export interface Import {
  readonly target: string;
  /** Counted from 1. */
  readonly line: number;
}

/** The files of the project that a source text imports, as paths; what a package gives is not among them. */
export function importsOf(file: string, text: string): readonly Import[] {
  const folder = path.posix.dirname(file);
  return [...text.matchAll(specifier)].map(({ 2: target = '', index }) => ({
    target: path.posix.normalize(path.posix.join(folder, target)),
    line: text.slice(0, index).split('\n').length,
  }));
}

const tries = ['', '.ts', '.js', '.mts', '.mjs', '.cjs', '/index.ts', '/index.js', '/index.mjs'];

/**
 * The files that a path in an import may mean: the one behind `./x.js` may be called `x.ts`, the one behind `./x` have any
 * ending, or be a folder.
 */
export function filesMeant(target: string): readonly string[] {
  const typed = target.replace(/js$/, 'ts');
  return [...tries.map((ending) => target + ending), ...(typed === target ? [] : [typed])];
}

/** Whether a file can import others. */
export function isSource(file: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(file);
}
