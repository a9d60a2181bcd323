import type ts from 'typescript';
import { declarationOf } from './declaration.ts';
import { openCompiler, type Code, type Compiler } from './service.ts';

/** A field, and where its resource declares it. */
export interface Field {
  /** The file of the model, e.g. `app/models/product.ts`. */
  readonly model: string;
  readonly path: readonly string[];
}

/** A place in code that means a field. */
export interface Use {
  readonly file: string;
  readonly start: number;
  readonly length: number;
  /** What a new name needs around it: `{ title }` becomes `{ name: title }`. */
  readonly prefix: string;
  readonly suffix: string;
}

/**
 * The places where code means a field, its declaration among them, by what the compiler knows of its type. Text that only
 * reads like it (a string, an untyped object) is none.
 *
 * @param root the absolute folder of the project, for the types of its packages
 * @param within the files that are looked through; few files are faster than all of them
 * @returns undefined when the model does not declare the field
 */
export async function usesOf(
  root: string,
  code: Code,
  field: Field,
  within: readonly string[],
): Promise<readonly Use[] | undefined> {
  const word = field.path.at(-1) ?? '';
  const entries = within.filter((file) => code.get(file)?.includes(word));
  if (!code.has(field.model)) return undefined;
  const compiler = await openCompiler(root, code, [...new Set([field.model, ...entries])]);
  const model = compiler.nameOf(field.model);
  const source = compiler.service.getProgram()?.getSourceFile(model);
  if (source === undefined) return undefined;
  const at = declarationOf(compiler.ts, source, field.path);
  if (at === undefined) return undefined;
  const options = { providePrefixAndSuffixTextForRename: true };
  const places = compiler.service.findRenameLocations(model, at, false, false, options) ?? [];
  const own = places.filter(({ fileName }) => code.has(compiler.pathOf(fileName)));
  const shared = own.some((place) => isOtherModel(compiler, place, field));
  return own
    .filter((place) => !shared || declaredOnlyIn(model, place, compiler))
    .map(({ fileName, textSpan, prefixText = '', suffixText = '' }) => ({
      file: compiler.pathOf(fileName),
      start: textSpan.start,
      length: textSpan.length,
      prefix: prefixText,
      suffix: suffixText,
    }));
}

/** Code that takes two resources alike ties their fields together, though only one of them is meant. */
function isOtherModel(compiler: Compiler, place: ts.RenameLocation, field: Field): boolean {
  const file = compiler.pathOf(place.fileName);
  const folder = field.model.slice(0, field.model.lastIndexOf('/') + 1);
  return file !== field.model && file.startsWith(folder);
}

function declaredOnlyIn(model: string, place: ts.RenameLocation, { service }: Compiler): boolean {
  const found = service.getDefinitionAtPosition(place.fileName, place.textSpan.start) ?? [];
  return found.every(({ fileName }) => fileName === model);
}

/** A text with every use in it under another name. */
export function renamed(text: string, uses: readonly Use[], to: string): string {
  let result = text;
  for (const { start, length, prefix, suffix } of uses.toSorted((a, b) => b.start - a.start))
    result = result.slice(0, start) + prefix + to + suffix + result.slice(start + length);
  return result;
}
