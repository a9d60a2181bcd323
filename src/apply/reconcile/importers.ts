import path from 'node:path';

const specifier = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g;

/** The files of the project that a source text imports, as paths; what a package gives is not among them. */
export function importsOf(file: string, text: string): readonly string[] {
  const folder = path.posix.dirname(file);
  return [...text.matchAll(specifier)].map(([, , target = '']) =>
    path.posix.normalize(path.posix.join(folder, target)),
  );
}

/** Whether a file can import others. */
export function isSource(file: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(file);
}
