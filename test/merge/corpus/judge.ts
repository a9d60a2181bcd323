import ts from 'typescript';
import { parseTree, type ParseError } from 'jsonc-parser';
import { parseAllDocuments } from 'yaml';
import type { Edit } from './edits.ts';
import type { Subject } from './subject.ts';

interface Judged {
  readonly subject: Subject;
  readonly base: string;
  readonly ours: Edit;
  readonly theirs: Edit;
  readonly collides: boolean;
}

/** What is wrong with a clean merge; none of it is read from the merge's own gate. */
export function brokenWith(
  { subject, ours, collides, ...generated }: Judged,
  content: Uint8Array,
): readonly string[] {
  const renames = ours.renames ?? ((text: string) => text);
  const base = renames(generated.base);
  const theirs = { ...generated.theirs, text: renames(generated.theirs.text) };
  const raw = new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
  const merged = plain(raw);
  const mine = plain(ours.text);
  const faults: string[] = [];
  const words = [mine, base, theirs.text, merged].map(wordsOf);
  const [mineWords, baseWords, theirWords, mergedWords] = words;
  if (mineWords && baseWords && theirWords && mergedWords) {
    faults.push(...lost('user', mineWords, baseWords, theirWords, mergedWords));
    faults.push(...lost('generator', theirWords, baseWords, mineWords, mergedWords));
  }
  if (ours.relaid !== true && !collides) {
    const there = new Set(linesOf(merged));
    const old = new Set(linesOf(base));
    for (const line of linesOf(mine)) {
      if (old.has(line) || there.has(line)) continue;
      // Both sides may have changed the line: then its words are there but for those that the generator took out.
      const wanted = [...wordsOf(line).keys()].filter(
        (word) => (theirWords?.get(word) ?? 0) >= (baseWords?.get(word) ?? 0),
      );
      const words = linesOf(merged).map(wordsOf);
      if (!words.some((have) => wanted.every((word) => have.has(word)))) {
        faults.push(`user line lost: ${line}`);
      }
    }
  }
  for (const line of gone(base, mine, theirs.text)) {
    if (linesOf(merged).includes(line)) faults.push(`came back: ${line}`);
  }
  if (raw.startsWith('\uFEFF') !== ours.text.startsWith('\uFEFF')) faults.push('byte order mark');
  if (/\n$/.test(raw) !== /\n$/.test(ours.text)) faults.push('final newline');
  if (!ours.text.includes('\r') && raw.includes('\r')) faults.push('line ends');
  const bare = ours.text.replaceAll('\r\n', '');
  if (
    ours.text.includes('\r') &&
    !bare.includes('\n') &&
    raw.replaceAll('\r\n', '').includes('\n')
  ) {
    faults.push('bare line feed in a CRLF file');
  }
  return [...faults, ...syntaxFaults(subject.path, merged, mine, theirs.text)];
}

const plain = (text: string) => text.replace('\uFEFF', '').replaceAll('\r\n', '\n');

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function wordsOf(text: string): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  for (const word of text.match(/[\p{L}\p{N}_$]+/gu) ?? [])
    words.set(word, (words.get(word) ?? 0) + 1);
  return words;
}

type Words = ReadonlyMap<string, number>;

function lost(
  who: string,
  side: Words,
  base: Words,
  other: Words,
  merged: Words,
): readonly string[] {
  return [...side].flatMap(([word, count]) => {
    const removed = Math.max(0, (base.get(word) ?? 0) - (other.get(word) ?? 0));
    return (merged.get(word) ?? 0) < count - removed ? [`${who} word lost: ${word}`] : [];
  });
}

/** Lines that the user took out, that are nowhere in ours, and that the generator does not add. */
function gone(base: string, ours: string, theirs: string): readonly string[] {
  const mine = linesOf(ours)
    .join(' ')
    .replaceAll(/["',;\s]/g, '');
  return linesOf(base).filter(
    (line) =>
      line.length > 8 &&
      !mine.includes(line.replaceAll(/["',;\s]/g, '')) &&
      linesOf(theirs).filter((other) => other === line).length <=
        linesOf(base).filter((other) => other === line).length,
  );
}

function syntaxFaults(
  path: string,
  merged: string,
  ours: string,
  theirs: string,
): readonly string[] {
  if (/\.[jt]s$/.test(path)) {
    const known = new Set([...compilerSays(path, ours), ...compilerSays(path, theirs)]);
    return compilerSays(path, merged).filter((message) => !known.has(message));
  }
  if (path.endsWith('.json')) {
    const errors: ParseError[] = [];
    parseTree(merged, errors, { allowTrailingComma: /,\s*[\]}]/.test(ours) });
    return errors.length === 0 ? [] : ['no JSON'];
  }
  if (/\.ya?ml$/.test(path)) {
    return parseAllDocuments(merged).flatMap((document) =>
      'errors' in document ? document.errors.map(({ message }) => message) : [],
    );
  }
  if (path === '.gitignore' || path === '.env.example') {
    const lines = merged.split('\n').filter((line) => /^[^#\s]/.test(line));
    return new Set(lines).size === lines.length ? [] : ['a line is there twice'];
  }
  return [];
}

const known = new Map<string, readonly string[]>();

/** What the compiler says of one file on its own: syntax, duplicate and undeclared names. */
function compilerSays(path: string, text: string): readonly string[] {
  const before = known.get(text);
  if (before !== undefined) return before;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const program = ts.createProgram({
    rootNames: [path],
    options: {
      noLib: true,
      noResolve: true,
      allowJs: true,
      checkJs: true,
      allowImportingTsExtensions: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      types: [],
    },
    host: {
      getSourceFile: (name) => (name === path ? source : undefined),
      getDefaultLibFileName: () => 'lib.d.ts',
      writeFile: () => undefined,
      getCurrentDirectory: () => '',
      getCanonicalFileName: (name) => name,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => '\n',
      fileExists: (name) => name === path,
      readFile: () => undefined,
    },
  });
  // Cannot find name, duplicate identifier, redeclared, property twice, function twice, used before.
  const codes = new Set([2304, 2552, 2300, 2451, 1117, 2393, 2440, 2528, 2391]);
  const says = [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source).filter(({ code }) => codes.has(code)),
  ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  known.set(text, says);
  return says;
}
