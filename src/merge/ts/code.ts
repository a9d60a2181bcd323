import type { CodeOf } from './keys.ts';
import type { Source, Token } from './parse.ts';

const closers = new Set([')', ']', '}']);

type TokensOf = (from: number, to: number) => readonly Token[];

/** A source is read by many, and to leave tokens out takes a look at each. */
const readers = new WeakMap<Source, TokensOf>();

/** Reads stretches of a source without their layout: no white space, no semicolons, no comma before a bracket. */
export function codeReader(source: Source): CodeOf {
  const read = tokenReader(source);
  return (from, to) =>
    read(from, to)
      .map(({ text }) => text)
      .join(' ');
}

/** Reads the tokens of which {@link codeReader} makes the code. */
export function tokenReader(source: Source): TokensOf {
  const reader = readers.get(source) ?? readerOf(source);
  readers.set(source, reader);
  return reader;
}

function readerOf({ tokens }: Source): TokensOf {
  const said = tokens.filter(({ text, comment }, at) => {
    if (comment) return true;
    if (text === ';') return false;
    const next = tokens.slice(at + 1, at + 8).find((token) => !token.comment);
    return text !== ',' || !closers.has(next?.text ?? '');
  });
  const indexOf = (offset: number) => {
    let low = 0;
    let high = said.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((said[middle]?.start ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return (from, to) => {
    const first = indexOf(from);
    let last = first;
    while ((said[last]?.end ?? Number.POSITIVE_INFINITY) <= to) last++;
    return said.slice(first, last);
  };
}
