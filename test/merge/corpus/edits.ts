import { format } from 'prettier';
import { before, beforeLast, behind, swap, type Subject } from './subject.ts';

/** What somebody does to a file; `undefined` where it does not apply to a file of this kind. */
export interface Edit {
  readonly text: string;
  /** The things that it changes or takes away, as they were. */
  readonly touches: readonly string[];
  /** A configuration of prettier that lies in the project. */
  readonly prettierrc?: object;
  /** The project is formatted, and its files do not say how. */
  readonly unsaid?: boolean;
  /** What it does to names; what the generator adds is to follow it. */
  readonly renames?: (text: string) => string;
  /** The whole file is laid out anew: its lines are not the lines that were. */
  readonly relaid?: boolean;
}

export type Editing = (
  subject: Subject,
  text: string,
) => Edit | undefined | Promise<Edit | undefined>;

const edit = (text: string, ...touches: readonly string[]): Edit => ({ text, touches });

const double = { singleQuote: false, printWidth: 80, tabWidth: 4, semi: false } as const;

const formatAs = (path: string, text: string, options: object) =>
  format(text, { filepath: path, singleQuote: true, printWidth: 100, ...options });

const append =
  (name: string): Editing =>
  ({ piece, end }, text) =>
    edit(end === undefined ? text + piece(name) : beforeLast(text, end, piece(name)));

const insert =
  (name: string): Editing =>
  ({ piece, middle }, text) =>
    edit(before(text, middle, piece(name)));

const itemAt =
  (place: 0 | 1, name: string): Editing =>
  ({ item, items }, text) =>
    item && items && edit(behind(text, items[place], item(name)));

const useOf =
  (name: string): Editing =>
  ({ imported }, text) =>
    imported &&
    edit(
      behind(
        behind(text, imported.after, imported.line(name)),
        imported.useAfter,
        imported.use(name),
      ),
    );

const tune: Editing = ({ tuned }, text) => tuned && edit(swap(text, ...tuned), tuned[0]);

/** A small edit for kinds of edits that change all lines besides. */
const small: Editing = (subject, text) => tune(subject, text) ?? append('mine')(subject, text);

const relaid =
  (change: (text: string) => string): Editing =>
  async (subject, text) => {
    const done = await small(subject, text);
    return done && { ...done, text: change(done.text) };
  };

/** The kinds of user edit. */
export const userEdits: Readonly<Record<string, Editing>> = {
  'append a piece': append('mine'),
  'insert a piece': insert('mine'),
  'add an entry at the end': itemAt(1, 'mine'),
  'add an entry in the middle': itemAt(0, 'mine'),
  'tune an entry': tune,
  'rename a variable': ({ variable }, text) =>
    variable && {
      ...edit(text.replaceAll(variable[0], variable[1]), variable[0]),
      renames: (other) => other.replaceAll(variable[0], variable[1]),
    },
  'reformat, configured': async ({ path, formatted }, text) =>
    formatted
      ? { text: await formatAs(path, text, double), touches: [], prettierrc: double, relaid: true }
      : undefined,
  'reformat, not configured': async (subject, text) => {
    const done = await small(subject, text);
    if (!subject.formatted || done === undefined) return undefined;
    return {
      ...done,
      text: await formatAs(subject.path, done.text, double),
      unsaid: true,
      relaid: true,
    };
  },
  'indent with tabs': ({ indented }, text) =>
    indented
      ? {
          ...edit(text.replaceAll(/^(?: {2})+/gm, (spaces) => '\t'.repeat(spaces.length / 2))),
          unsaid: true,
          relaid: true,
        }
      : undefined,
  'delete a block': ({ block }, text) =>
    block === undefined ? undefined : edit(swap(text, block, ''), block),
  'CRLF and an edit': relaid((text) => text.replaceAll('\n', '\r\n')),
  'BOM, no final newline and an edit': relaid((text) => `\uFEFF${text.trimEnd()}`),
  'mixed line ends and an edit': relaid((text) =>
    text.split('\n').reduce((sum, line, at) => sum + (at % 3 === 0 ? '\r\n' : '\n') + line),
  ),
  'edit next to a changed line': ({ near }, text) => near && edit(swap(text, ...near), near[0]),
  'change a value': ({ constant }, text) =>
    constant && edit(swap(text, constant[0], constant[2]), constant[0]),
  'add an import and use it': useOf('helper'),
  'move code': ({ moved }, text) =>
    moved && edit(before(swap(text, moved[1], ''), moved[0], moved[1]), ...moved),
  'wrap in try and catch': ({ wrapped, path }, text) => {
    if (wrapped === undefined || !/[jt]s$/.test(path)) return undefined;
    const indent = /^ */.exec(wrapped)?.[0] ?? '';
    const deeper = wrapped.replaceAll(/^(?=.)/gm, '  ');
    const body = `${indent}try {\n${deeper}${indent}} catch (problem) {\n${indent}  throw new Error('mine', { cause: problem });\n${indent}}\n`;
    return { ...edit(swap(text, wrapped, body)), relaid: true };
  },
  'add comments': ({ commented, comment }, text) =>
    commented &&
    edit(
      commented.reduce((sum, line, at) => {
        const indent = /^ */.exec(line)?.[0] ?? '';
        return before(sum, line, indent + comment(`Note ${at} of mine.`));
      }, text),
    ),
  'edit three places': (subject, text) => {
    const { tuned, items, item } = subject;
    if (!tuned || !items || !item) return undefined;
    const first = swap(behind(text, items[0], item('mine')), ...tuned);
    const last = append('other')(subject, first);
    return last instanceof Promise || last === undefined
      ? undefined
      : { ...last, touches: [tuned[0]] };
  },
};

/** The kinds of template change. */
export const changes: Readonly<Record<string, Editing>> = {
  'entry in the middle': itemAt(0, 'fresh'),
  'entry at the end': itemAt(1, 'fresh'),
  'entry renamed': ({ renamed }, text) => renamed && edit(swap(text, ...renamed), renamed[0]),
  'entry removed': ({ removed }, text) =>
    removed === undefined ? undefined : edit(swap(text, removed, ''), removed),
  'value changed': ({ constant }, text) =>
    constant && edit(swap(text, constant[0], constant[1]), constant[0]),
  'import and use': useOf('logger'),
  'piece appended': append('fresh'),
  'piece inserted': insert('fresh'),
};
