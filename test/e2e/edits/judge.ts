import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, type ParseError } from 'jsonc-parser';
import ts from 'typescript';

/** Files by path, without packages. */
export type Files = ReadonlyMap<string, Buffer>;

/**
 * What is wrong in files of projects that lie in folders beside one another, and in those that import one of them. One program
 * reads all of them, so that the types of packages are read once.
 *
 * @param changed the files to look at, by the folder of their project
 */
export function typeErrors(
  changed: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<string, readonly string[]> {
  const configs = [...changed.keys()].map((root) => [root, configOf(root)] as const);
  const names = configs.flatMap(([root, { fileNames }]) =>
    fileNames.filter((name) => isTouched(name, root, changed.get(root) ?? new Set())),
  );
  // The projects have one folder above them, and none is the root of all.
  const { rootDir: _, ...options } = configs[0]?.[1].options ?? {};
  const program = ts.createProgram(names, { ...options, noEmit: true });
  return new Map(
    configs.map(([root]) => [
      root,
      names
        .filter((name) => name.startsWith(`${root}/`))
        .flatMap((name) => {
          const source = program.getSourceFile(name);
          return [
            ...program.getSyntacticDiagnostics(source),
            ...program.getSemanticDiagnostics(source),
          ].map(
            ({ messageText }) =>
              `${path.relative(root, name)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
          );
        }),
    ]),
  );
}

function configOf(root: string): ts.ParsedCommandLine {
  const file = path.join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(file, (name) => ts.sys.readFile(name)) as {
    config?: unknown;
  };
  return ts.parseJsonConfigFileContent(config, ts.sys, root);
}

function isTouched(name: string, root: string, changed: ReadonlySet<string>): boolean {
  const file = path.relative(root, name);
  const { importedFiles } = ts.preProcessFile(readFileSync(name, 'utf8'), true, true);
  const imported = importedFiles.map(({ fileName }) =>
    path.posix.join(path.posix.dirname(file), fileName),
  );
  return [file, ...imported].some((one) => changed.has(one));
}

/** What a command has taken from the user: own words, a mark, line ends, a document that can be read. */
export function losses(edited: readonly string[], mine: Files, after: Files): readonly string[] {
  const all = [...after].filter(([file]) => !/^(?:\.flask-style|migrations)\//.test(file));
  const left = wordsIn(all.map(([, content]) => content.toString('utf8')).join('\n'));
  return edited.flatMap((file) => {
    const before = mine.get(file)?.toString('utf8') ?? '';
    const words = [...wordsIn(before)].filter(([word]) => /mine/i.test(word));
    const lost = words.filter(([word, count]) => (left.get(word) ?? 0) < count);
    const now = after.get(file)?.toString('utf8');
    return [
      ...lost.map(([word]) => `lost ${word}`),
      ...(now === undefined ? [] : formFaults(file, before, now)),
    ];
  });
}

function formFaults(file: string, before: string, now: string): readonly string[] {
  const faults: string[] = [];
  if (before.startsWith('\uFEFF') !== now.startsWith('\uFEFF')) faults.push(`${file}: the BOM`);
  if (before.endsWith('\n') !== now.endsWith('\n'))
    faults.push(`${file}: the end of the last line`);
  if (!before.includes('\r') && now.includes('\r')) faults.push(`${file}: CR where there was none`);
  const bare = /[^\r]\n/;
  if (before.includes('\r') && !bare.test(before) && bare.test(now))
    faults.push(`${file}: LF in a file with CRLF`);
  if (file.endsWith('.json')) {
    const errors: ParseError[] = [];
    parse(now.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
    if (errors.length > 0) faults.push(`${file}: it is no JSON`);
  }
  return faults;
}

function wordsIn(text: string): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  for (const word of text.match(/[\p{L}\p{N}_$]+/gu) ?? [])
    words.set(word, (words.get(word) ?? 0) + 1);
  return words;
}
