/** One emitted file and where people and the generator change files of its kind. All texts are found in it literally. */
export interface Subject {
  readonly kind: string;
  readonly path: string;
  /** One more entry of its main list: a field, a route, a property, a step, a rule. */
  readonly item?: (name: string) => string;
  /** The text of its main list behind which a new entry goes: in the middle, at the end. */
  readonly items?: readonly [middle: string, end: string];
  /** An entry that the generator gives another name, before and after. */
  readonly renamed?: readonly [string, string];
  /** An entry that the generator drops. */
  readonly removed?: string;
  /** An entry that the user tunes. */
  readonly tuned?: readonly [string, string];
  /** A value that the generator changes, and to what a user might change it. */
  readonly constant?: readonly [from: string, generator: string, user: string];
  /** What a user changes on a line next to that value. */
  readonly near?: readonly [string, string];
  /** What a user deletes. */
  readonly block?: string;
  /** A piece that stands for itself: a function, a section, a rule. */
  readonly piece: (name: string) => string;
  /** Before which text such a piece goes when it does not go to the end. */
  readonly middle: string;
  /** Before which text it goes at the end; absent: the end of the file. */
  readonly end?: string;
  readonly comment: (text: string) => string;
  /** Lines that get a comment of the user's before them. */
  readonly commented?: readonly string[];
  /** Two texts one behind the other that a user exchanges. */
  readonly moved?: readonly [string, string];
  readonly imported?: {
    readonly after: string;
    readonly line: (name: string) => string;
    readonly useAfter: string;
    readonly use: (name: string) => string;
  };
  /** A variable that a user renames. */
  readonly variable?: readonly [string, string];
  /** A body that a user wraps: its lines. */
  readonly wrapped?: string;
  /** Whether prettier formats it and its indentation is layout. */
  readonly formatted: boolean;
  readonly indented: boolean;
}

/** Replaces the only, or the first, place of a text; the corpus is broken when it is not there. */
export function swap(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`not in the file: ${from}`);
  return text.replace(from, () => to);
}

export const behind = (text: string, place: string, added: string) =>
  swap(text, place, place + added);

export const before = (text: string, place: string, added: string) =>
  swap(text, place, added + place);

export function beforeLast(text: string, place: string, added: string): string {
  const at = text.lastIndexOf(place);
  if (at === -1) throw new Error(`not in the file: ${place}`);
  return text.slice(0, at) + added + text.slice(at);
}
