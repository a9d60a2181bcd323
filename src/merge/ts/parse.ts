import { parse, type ParserOptions } from '@babel/parser';
import type { File } from '@babel/types';

/** One token, or comment, of a source text. */
export interface Token {
  /** What it says: of a string its value, of a key in quotes its name, so that quotes do not matter. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly comment: boolean;
}

/** A source text with its syntax tree. */
export interface Source {
  readonly text: string;
  readonly file: File;
  readonly tokens: readonly Token[];
}

const options: ParserOptions = {
  sourceType: 'module',
  allowReturnOutsideFunction: true,
  attachComment: false,
  createParenthesizedExpressions: true,
  tokens: true,
};

/** Parses TypeScript or JavaScript; a sentence with the line where it does not parse. */
export function parseSource(text: string): Source | string {
  try {
    const file = parse(text, { ...options, plugins: ['typescript', 'decorators-legacy'] });
    return { text, file, tokens: tokensOf(file, text) };
  } catch (error) {
    const at = lineOfError(error);
    return at === undefined ? 'it would not parse' : `line ${at}: it would not parse`;
  }
}

function lineOfError(error: unknown): number | undefined {
  const place = error instanceof Error && 'loc' in error ? error.loc : undefined;
  if (typeof place !== 'object' || place === null || !('line' in place)) return undefined;
  return typeof place.line === 'number' ? place.line : undefined;
}

/** What babel hands out as tokens; its types leave them open. */
interface RawToken {
  readonly type: 'CommentLine' | 'CommentBlock' | { readonly label: string };
  readonly value?: unknown;
  readonly start: number;
  readonly end: number;
}

const isRaw = (value: unknown): value is RawToken =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

function tokensOf(file: File, source: string): readonly Token[] {
  const all: readonly unknown[] = file.tokens ?? [];
  const raw = all.filter(isRaw).filter(({ start, end }) => start < end);
  const code = raw.filter(isCode);
  const places = new Map(code.map((token, at) => [token, at]));
  return raw.map((token): Token => {
    const { start, end } = token;
    const text = source.slice(start, end);
    if (!isCode(token)) return { start, end, comment: true, text: bare(text) };
    if (token.type.label !== 'string') return { start, end, comment: false, text };
    const value = String(token.value);
    const at = places.get(token) ?? 0;
    const key = isKey(value, code[at - 1]?.type.label, code[at + 1]?.type.label);
    return { start, end, comment: false, text: key ? value : `"${value}"` };
  });
}

/** A token that is no comment. */
type CodeToken = RawToken & { readonly type: { readonly label: string } };

const isCode = (token: RawToken): token is CodeToken => typeof token.type !== 'string';

/** Whether a string is the name of a property, and would be the same one without quotes. */
const isKey = (value: string, before: string | undefined, after: string | undefined) =>
  /^[A-Za-z_$][\w$]*$/.test(value) && after === ':' && (before === '{' || before === ',');

/** A comment without the indentation of its lines. */
const bare = (comment: string) =>
  comment
    .split('\n')
    .map((line) => line.trim())
    .join('\n');
