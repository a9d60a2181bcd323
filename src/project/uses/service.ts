import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type ts from 'typescript';

/** TypeScript and JavaScript of a project by relative path, as it lies on disk or as it would. */
export type Code = ReadonlyMap<string, string>;

/** The compiler looking at a project; nothing of the project is run or written. */
export interface Compiler {
  readonly ts: typeof ts;
  readonly service: ts.LanguageService;
  /** The absolute name under which the compiler knows a path of the project, and back. */
  readonly nameOf: (file: string) => string;
  readonly pathOf: (name: string) => string;
  /** What has been parsed so far, and how often such code was looked at. */
  readonly parsed: { readonly registry: ts.DocumentRegistry; readonly round: number };
}

/**
 * A language service over code in memory. What is not in `code` (the declarations of packages) is read from disk.
 *
 * @param root the absolute folder of the project
 * @param entries the paths to look at; what they import comes along
 * @param before another look at the same project: what is not in `code` is not parsed again
 */
export async function openCompiler(
  root: string,
  code: Code,
  entries: readonly string[],
  before?: Compiler,
): Promise<Compiler> {
  // Loaded here: only a few commands need it, and it is by far the largest package.
  const { default: compiler } = await import('typescript');
  const nameOf = (file: string) => path.posix.join(slashed(root), file);
  const pathOf = (name: string) => path.posix.relative(slashed(root), name);
  const textOf = (name: string): string | undefined =>
    code.get(pathOf(name)) ?? (existsSync(name) ? readFileSync(name, 'utf8') : undefined);
  const options = optionsOf(compiler, root, code);
  const registry = before?.parsed.registry ?? compiler.createDocumentRegistry();
  const round = (before?.parsed.round ?? 0) + 1;
  const host: ts.LanguageServiceHost = {
    getScriptFileNames: () => entries.map(nameOf),
    getScriptVersion: (name) => String(code.has(pathOf(name)) ? round : 0),
    getScriptSnapshot: (name) => {
      const text = textOf(name);
      return text === undefined ? undefined : compiler.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => slashed(root),
    getCompilationSettings: () => options,
    getDefaultLibFileName: (wanted) => compiler.getDefaultLibFilePath(wanted),
    fileExists: (name) => code.has(pathOf(name)) || compiler.sys.fileExists(name),
    readFile: textOf,
    directoryExists: (name) => compiler.sys.directoryExists(name),
    realpath: (name) => name,
  };
  const service = compiler.createLanguageService(host, registry);
  return { ts: compiler, service, nameOf, pathOf, parsed: { registry, round } };
}

function optionsOf(compiler: typeof ts, root: string, code: Code): ts.CompilerOptions {
  const name = path.posix.join(slashed(root), 'tsconfig.json');
  const { config } = compiler.readConfigFile(name, (file) => compiler.sys.readFile(file)) as {
    config?: unknown;
  };
  const host: ts.ParseConfigHost = {
    useCaseSensitiveFileNames: true,
    readDirectory: () => [...code.keys()],
    fileExists: (file) => compiler.sys.fileExists(file),
    readFile: (file) => compiler.sys.readFile(file),
  };
  const { options } = compiler.parseJsonConfigFileContent(config ?? {}, host, slashed(root));
  // Global types of packages have no part in what a field is called.
  return { ...options, types: [], allowJs: true, noEmit: true, skipLibCheck: true };
}

function slashed(name: string): string {
  return name.replaceAll('\\', '/');
}
