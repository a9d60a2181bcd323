/** A piece of source text. Regular expressions count as templates: neither says anything about a route. */
export interface Token {
  readonly kind: 'string' | 'template' | 'name' | 'mark';
  /** The text; of a string, what it stands for. */
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
}

const pattern = new RegExp(
  [
    String.raw`(?<blank>\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)`,
    String.raw`(?<string>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")`,
    '(?<template>`(?:\\\\.|[^`\\\\])*`)',
    String.raw`(?<name>[\p{ID_Start}$_][\p{ID_Continue}$]*)`,
    String.raw`(?<mark>=>|\d[\w.]*|[^\s\w])`,
  ].join('|'),
  'guy',
);

// After these a slash starts a regular expression; after anything else it divides.
const beforeRegex = new Set([
  ...['(', ',', '=', ':', '[', '!', '&', '|', '?', '{', '}', ';', '=>'],
  'return',
]);
const regex = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/guy;

/** Splits JavaScript or TypeScript into tokens, without comments. Never fails: what it does not know becomes a mark. */
export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (let at = 0; at < source.length;) {
    const [text, kind] = nextToken(source, at, tokens.at(-1)?.text ?? ';');
    if (kind !== undefined)
      tokens.push({ kind, text: kind === 'string' ? unquoted(text) : text, line });
    line += text.split('\n').length - 1;
    at += text.length;
  }
  return tokens;
}

function nextToken(
  source: string,
  at: number,
  previous: string,
): readonly [text: string, kind: Token['kind'] | undefined] {
  pattern.lastIndex = at;
  const groups = pattern.exec(source)?.groups ?? {};
  if (groups['mark'] === '/' && beforeRegex.has(previous)) {
    regex.lastIndex = at;
    const literal = regex.exec(source)?.[0];
    if (literal !== undefined) return [literal, 'template'];
  }
  for (const kind of ['string', 'template', 'name', 'mark'] as const) {
    const text = groups[kind];
    if (text !== undefined) return [text, kind];
  }
  return [groups['blank'] ?? source.charAt(at), undefined];
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}
