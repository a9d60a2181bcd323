/** Edits as people make them, in every kind of emitted file, each with a word by which it is found again. */
import { fc } from '../properties.ts';
import { edit, write } from './workshop.ts';

/** The kinds of emitted files, and by what the files of each are known. All others are `code`. */
const files = {
  model: /^app\/models\/(?!index)/,
  service: /^app\/services\//,
  route: /^app\/routes\/(?!index|pages)/,
  registry: /^app\/(?:models|routes)\/index\.ts$/,
  page: /^app\/templates\/.*\.html$/,
  'page routes': /^app\/routes\/pages\.ts$/,
  test: /^tests\//,
  entry: /^(?:run|manage)\.ts$/,
  app: /^app\/index\.ts$/,
  config: /^config\.ts$/,
  'package.json': /^package\.json$/,
  tsconfig: /^tsconfig.*\.json$/,
  Dockerfile: /^Dockerfile$/,
  compose: /^compose\.yaml$/,
  workflow: /^\.github\/workflows\//,
  README: /^README\.md$/,
  '.env': /^\.env$/,
  '.env.example': /^\.env\.example$/,
  'ignore files': /^\.(?:git|docker|prettier)ignore$/,
  css: /\.css$/,
  js: /^app\/static\/.*\.js$/,
  spec: /^flask-style\.json$/,
  contract: /^openapi\.json$/,
  code: /^(?:app\/(?:core|ops)|dev)\/.*\.ts$/,
} as const;

type Kind = keyof typeof files;
export const kinds = Object.keys(files) as readonly Kind[];

/** One edit: in which file, where, and how. */
export interface UserEdit {
  readonly kind: Kind;
  /** Chooses among the files of the kind that are there. */
  readonly file: number;
  /** Chooses among the lines of the file. */
  readonly line: number;
  readonly shape: number;
  readonly crlf: boolean;
}

export const userEdits: fc.Arbitrary<readonly UserEdit[]> = fc
  .shuffledSubarray([...kinds], { minLength: 6, maxLength: 10 })
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map((kind) =>
        fc.record({
          kind: fc.constant(kind),
          file: fc.nat(),
          line: fc.nat(),
          shape: fc.nat(),
          crlf: fc.boolean(),
        }),
      ),
    ),
  );

/** Files that hold no text of their own kind, or none that people edit. */
const left = /^\.flask-style\/|\.svg$|^dev\/embedded-mongo/;

/** The kinds that were edited since the tests began: a law holds for those alone. */
export const edited = new Set<Kind>();

/**
 * Makes the edits in a project. A kind of which there is no file is left out; `.env` is made.
 * @returns the words that were written, by file
 */
export function makeEdits(
  root: string,
  paths: readonly string[],
  edits: readonly UserEdit[],
  label: string,
): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, string[]>();
  for (const [index, one] of edits.entries()) {
    const those = paths.filter((file) => files[one.kind].test(file) && !left.test(file));
    const file = one.kind === '.env' ? '.env' : those[one.file % those.length];
    if (file === undefined) continue;
    if (!those.includes(file)) write(root, file, '');
    const word = `mine${label}${index}`;
    edit(root, file, (text) => withEdit(file, text, one, word));
    words.set(file, [...(words.get(file) ?? []), word]);
    edited.add(one.kind);
  }
  return words;
}

function withEdit(
  file: string,
  text: string,
  { line, shape, crlf }: UserEdit,
  word: string,
): string {
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
