import type compiler from 'typescript';
import { asCommonJs } from './commonjs.ts';
import type { Form } from './types.ts';

/** Stands for a blank line, which the compiler of TypeScript drops and comments survive. */
const blank = '//@blank-line';
/** What is left of an import that named types only. */
const emptyImport = /^import \{\s*\} from ['"]/;

/**
 * TypeScript source in another form: paths in imports end otherwise, and for JavaScript the types are gone.
 * @returns text that is not laid out yet
 */
export async function inForm(text: string, { to, imports }: Form): Promise<string> {
  // Loaded late: only projects that were not made by us need it.
  const { default: ts } = await import('typescript');
  const own = endingAs(text, imports, ts);
  if (to === 'typescript') return own;
  const { outputText } = ts.transpileModule(withBlanks(own, ts), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  const script = outputText
    .split('\n')
    .filter((line) => !emptyImport.test(line))
    .map((line) => (line.trim() === blank ? '' : line))
    .join('\n');
  return to === 'commonjs' ? asCommonJs(script, ts) : script;
}

type Compiler = typeof compiler;

/** The source with another ending for each relative path that it imports. */
function endingAs(text: string, imports: string, ts: Compiler): string {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  let result = text;
  for (const { fileName, end } of [...importedFiles].sort((a, b) => b.pos - a.pos)) {
    if (!fileName.startsWith('.') || !fileName.endsWith('.ts')) continue;
    // `end` is behind the name, before its quote.
    const from = result.lastIndexOf(fileName, end) + fileName.length - '.ts'.length;
    result = result.slice(0, from) + imports + result.slice(from + '.ts'.length);
  }
  return result;
}

/** The source with each blank line before a statement marked. */
function withBlanks(text: string, ts: Compiler): string {
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest);
  const places: number[] = [];
  for (const statement of source.statements) {
    const at = text.indexOf('\n\n', statement.getFullStart());
    if (at !== -1 && at < statement.getStart(source)) places.push(at + 1);
  }
  return places.reduceRight(
    (result, at) => `${result.slice(0, at)}${blank}\n${result.slice(at)}`,
    text,
  );
}
