import type { CodeOf } from './keys.ts';
import type { Source } from './parse.ts';

const closers = new Set([')', ']', '}']);

/** Reads stretches of a source without their layout: no white space, no semicolons, no comma before a bracket. */
export function codeReader({ tokens }: Source): CodeOf {
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
    const texts: string[] = [];
    for (let at = indexOf(from); at < said.length; at++) {
      const token = said[at];
      if (token === undefined || token.end > to) break;
      texts.push(token.text);
    }
    return texts.join(' ');
  };
}
