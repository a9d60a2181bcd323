import path from 'node:path';
import type ts from 'typescript';
import type { Locate } from './declaration.ts';
import type { Code, Compiler } from './service.ts';

/** A name in code, and where it is declared. */
export interface Name {
  /** The file that declares it, as it lies on disk. */
  readonly file: string;
  readonly locate: Locate;
}

/** A place in a text, and what is to stand there. */
export interface Edit {
  readonly file: string;
  readonly start: number;
  readonly length: number;
  readonly text: string;
}

/**
 * What has to be written to give a name another one: an edit for each place where code means it, its declaration among
 * them, by what the compiler knows of types. Text that only reads like it (a string, an untyped object) is left.
 *
 * @returns only edits of files in `code`; undefined when the file does not declare the name
 */
export function renaming(
  compiler: Compiler,
  code: Code,
  { file, locate }: Name,
  to: string,
): readonly Edit[] | undefined {
  const { service } = compiler;
  const home = compiler.nameOf(file);
  const source = service.getProgram()?.getSourceFile(home);
  const at = source === undefined ? undefined : locate(compiler.ts, source);
  if (at === undefined) return undefined;
  const options = { providePrefixAndSuffixTextForRename: true };
  const all = service.findRenameLocations(home, at, false, false, options) ?? [];
  const shared = all.some((place) => isOtherModel(compiler, place, file));
  return all
    .filter((place) => !shared || isDeclaredIn(home, place, compiler))
    .map(({ fileName, textSpan, prefixText = '', suffixText = '' }) => ({
      file: compiler.pathOf(fileName),
      start: textSpan.start,
      length: textSpan.length,
      text: prefixText + to + suffixText,
    }))
    .filter((edit) => code.has(edit.file));
}

/** Code that takes two resources alike ties their fields together, though only one of them is meant. */
function isOtherModel(compiler: Compiler, place: ts.RenameLocation, home: string): boolean {
  const file = compiler.pathOf(place.fileName);
  const folder = home.slice(0, home.lastIndexOf('/') + 1);
  return file !== home && file.startsWith(folder) && !file.endsWith('/index.ts');
}

function isDeclaredIn(home: string, place: ts.RenameLocation, { service }: Compiler): boolean {
  const found = service.getDefinitionAtPosition(place.fileName, place.textSpan.start) ?? [];
  return found.every(({ fileName }) => fileName === home);
}

/** The edits of imports that follow from files at other places, for files in `code`, which stay in their folders. */
export function importEdits(
  { ts: compiler }: Compiler,
  code: Code,
  moved: ReadonlyMap<string, string>,
): readonly Edit[] {
  return [...code].flatMap(([file, text]) => {
    const folder = path.posix.dirname(file);
    return compiler.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName, pos }) => {
      const to = moved.get(path.posix.join(folder, fileName));
      if (to === undefined || !fileName.startsWith('.')) return [];
      const relative = path.posix.relative(folder, to);
      const specifier = relative.startsWith('.') ? relative : `./${relative}`;
      // The place that the compiler gives is that of the quote.
      const start = text.indexOf(fileName, pos);
      return [{ file, start, length: fileName.length, text: specifier }];
    });
  });
}

/** The texts of all files that edits change, with the edits made. */
export function edited(code: Code, edits: readonly Edit[]): Code {
  const result = new Map<string, string>();
  for (const file of new Set(edits.map((edit) => edit.file))) {
    let text = code.get(file) ?? '';
    const own = edits.filter((edit) => edit.file === file).sort((a, b) => b.start - a.start);
    for (const { start, length, text: now } of own)
      text = text.slice(0, start) + now + text.slice(start + length);
    result.set(file, text);
  }
  return result;
}
