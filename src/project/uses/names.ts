import path from 'node:path';
import type ts from 'typescript';
import { filesMeant } from '../../apply/reconcile/importers.ts';
import { specifierOf } from '../../merge/index.ts';
import { edited as editedText } from '../../render/syntax.ts';
import type { Locate } from './declaration.ts';
import { keysIn } from './keys.ts';
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
  const at = declared(compiler, { file, locate });
  if (at === undefined) return undefined;
  const options = { providePrefixAndSuffixTextForRename: true };
  const home = compiler.nameOf(file);
  const all = service.findRenameLocations(home, at, false, false, options) ?? [];
  const spelt = [...code.keys()].flatMap((path) => keysIn(compiler, path, home, at));
  return [...all, ...spelt]
    .filter(({ fileName }) => code.has(compiler.pathOf(fileName)))
    .filter((place) => !isShared(compiler, place, file))
    .map(({ fileName, textSpan, prefixText = '', suffixText = '' }) => ({
      file: compiler.pathOf(fileName),
      start: textSpan.start,
      length: textSpan.length,
      text: prefixText + to + suffixText,
    }));
}

/** The offset of a name in the file that declares it; undefined when it does not. */
export function declared({ ts, service, nameOf }: Compiler, { file, locate }: Name) {
  const source = service.getProgram()?.getSourceFile(nameOf(file));
  return source === undefined ? undefined : locate(ts, source);
}

/** Code that takes two resources alike means the fields of both, though only one of them gets another name. */
function isShared(
  { service, pathOf }: Compiler,
  { fileName, textSpan }: ts.RenameLocation,
  home: string,
): boolean {
  const folder = home.slice(0, home.lastIndexOf('/') + 1);
  const found = service.getDefinitionAtPosition(fileName, textSpan.start) ?? [];
  return found.some((definition) => {
    const file = pathOf(definition.fileName);
    return file !== home && file.startsWith(folder) && !file.endsWith('/index.ts');
  });
}

/** The edits of imports that follow from files at other places, for files in `code`; their own place may be another one. */
export function importEdits(
  { ts: compiler }: Compiler,
  code: Code,
  moved: ReadonlyMap<string, string>,
): readonly Edit[] {
  return [...code].flatMap(([file, text]) => {
    const folder = path.posix.dirname(file);
    const home = path.posix.dirname(moved.get(file) ?? file);
    return compiler.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName, pos }) => {
      const target = path.posix.join(folder, fileName);
      const from = filesMeant(target).find((meant) => moved.has(meant));
      if (!fileName.startsWith('.') || (from === undefined && home === folder)) return [];
      const to = from === undefined ? target : inStyleOf(target, from, moved.get(from) ?? from);
      // The place that the compiler gives is that of the quote.
      const start = text.indexOf(fileName, pos);
      return [{ file, start, length: fileName.length, text: specifierOf(to, home) }];
    });
  });
}

/** The new place of a file, with as much of its ending as the import of the old one had. */
function inStyleOf(target: string, from: string, to: string): string {
  const left = from.startsWith(target) ? from.slice(target.length) : undefined;
  if (left === undefined) return to.replace(/ts$/, 'js');
  return to.endsWith(left) ? to.slice(0, to.length - left.length) : to;
}

/** The texts of all files that edits change, with the edits made. */
export function edited(code: Code, edits: readonly Edit[]): Code {
  const result = new Map<string, string>();
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const own = edits
      .filter((edit) => edit.file === file)
      .map(({ start, length, text }) => ({ from: start, to: start + length, text }));
    result.set(file, editedText(code.get(file) ?? '', own));
  }
  return result;
}
