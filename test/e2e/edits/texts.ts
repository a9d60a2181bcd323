/** What people do to the text of a file. */
type Change = (text: string) => string;

/** Edits of one file, each with what it is called. */
export type Rows = readonly (readonly [kind: string, change: Change])[];

/** What people do to the files of a project: each edit compiles, and its own words begin with `mine`. */
export interface Edit {
  readonly kind: string;
  /** The files that it changes, by path; one that is not there before is changed from an empty text. */
  readonly files: Readonly<Record<string, Change>>;
  /** The commands for which a conflict is the right answer. */
  readonly disputes?: readonly string[];
}

/** Edits of one file. */
export const editsOf = (
  group: string,
  file: string,
  rows: Rows,
  others: Edit['files'] = {},
): Edit[] =>
  rows.map(([kind, change]) => ({
    kind: `${group}: ${kind}`,
    files: { ...others, [file]: change },
  }));

/** Replaces parts of a text, which have to be there. */
export const swap =
  (...pairs: readonly (readonly [string, string])[]) =>
  (text: string): string =>
    pairs.reduce((sum, [from, to]) => {
      if (!sum.includes(from)) throw new Error(`not there: ${from}`);
      return sum.replace(from, () => to);
    }, text);

export const add = (more: string) => (text: string) => text + more;
export const first = (more: string) => (text: string) => more + text;
export const crlf = (text: string) => text.replaceAll('\n', '\r\n');
export const tabs = (text: string) =>
  text.replaceAll(/^(?: {2})+/gm, (spaces) => '\t'.repeat(spaces.length / 2));
export const four = (text: string) => text.replaceAll(/^(?: {2})+/gm, (spaces) => spaces + spaces);
export const bom = (text: string) => `\uFEFF${text}`;
export const bare = (text: string) => text.trimEnd();
export const mixed = (text: string) =>
  text.split('\n').reduce((sum, line, at) => sum + (at % 3 === 0 ? '\r\n' : '\n') + line);
export const then =
  (...all: readonly ((text: string) => string)[]) =>
  (text: string) =>
    all.reduce((sum, one) => one(sum), text);
export const doubleNoSemi = (text: string) => text.replaceAll("'", '"').replaceAll(/;$/gm, '');
export const comment = '// mineComment\n';
