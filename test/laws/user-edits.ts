/** Edits as people make them, in every kind of emitted file, each with a word by which it is found again. */
import fc from 'fast-check';
import { edit } from './workshop.ts';

/** One edit: in which file, where, and how. */
export interface UserEdit {
  /** Chooses among the files that are there. */
  readonly file: number;
  /** Chooses among the lines of the file. */
  readonly line: number;
  readonly shape: number;
  readonly crlf: boolean;
}

export const userEdits: fc.Arbitrary<readonly UserEdit[]> = fc.array(
  fc.record({ file: fc.nat(), line: fc.nat(), shape: fc.nat(), crlf: fc.boolean() }),
  { minLength: 1, maxLength: 6 },
);

/** Files that hold no text of their own kind, or none that people edit. */
const left = /^\.flask-style\/|\.svg$|^dev\/embedded-mongo/;

/**
 * Makes the edits in a project.
 * @returns the words that were written, by file
 */
export function makeEdits(
  root: string,
  files: readonly string[],
  edits: readonly UserEdit[],
  label: string,
): ReadonlyMap<string, readonly string[]> {
  const editable = files.filter((file) => !left.test(file));
  const words = new Map<string, string[]>();
  for (const [index, one] of edits.entries()) {
    const file = editable[one.file % editable.length] ?? 'README.md';
    const word = `mine${label}${index}`;
    edit(root, file, (text) => edited(file, text, one, word));
    words.set(file, [...(words.get(file) ?? []), word]);
  }
  return words;
}

function edited(file: string, text: string, { line, shape, crlf }: UserEdit, word: string): string {
  const plain = text.replaceAll('\r\n', '\n');
  const done = file.endsWith('.json')
    ? inJson(file, plain, word)
    : inText(file, plain, line, shape, word);
  return crlf || text.includes('\r\n') ? done.replaceAll('\n', '\r\n') : done;
}

/** A key at the end: of the scripts in package.json, otherwise of the whole. */
function inJson(file: string, text: string, word: string): string {
  // The spec takes no keys of others; it takes comments.
  if (file === 'flask-style.json') return text.replace('{\n', `{\n  // ${word}\n`);
  const value = JSON.parse(text) as Record<string, unknown>;
  if (file !== 'package.json') return `${JSON.stringify({ ...value, [word]: 1 }, null, 2)}\n`;
  const scripts = { ...(value['scripts'] as object), [word]: 'true' };
  return `${JSON.stringify({ ...value, scripts }, null, 2)}\n`;
}

function inText(file: string, text: string, line: number, shape: number, word: string): string {
  const lines = text.split('\n');
  const added = lineFor(file, shape, word);
  // Code goes to the end, where it stands by itself; a comment goes anywhere that is no template text.
  const anywhere = added.startsWith('//') && !text.includes('`') && !text.includes('/*');
  const ends = /\.(?:ts|js|css|html)$/.test(file) && !anywhere;
  const at = ends ? lines.length - 1 : line % lines.length;
  return [...lines.slice(0, at), added, ...lines.slice(at)].join('\n');
}

function lineFor(file: string, shape: number, word: string): string {
  if (/\.(?:ts|js)$/.test(file))
    return shape % 2 === 0 ? `// ${word}` : `export const ${word} = ${shape % 100};`;
  if (file.endsWith('.css')) return `.${word} {\n  color: red;\n}`;
  if (file.endsWith('.html')) return `<!-- ${word} -->`;
  if (file.endsWith('.md')) return `About ${word}.`;
  return `# ${word}`;
}
