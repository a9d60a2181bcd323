import { Fragment } from '../fragment.ts';
import { layOut } from './layout.ts';
import type { Dialect } from './layout.ts';

/** What nobody can see in a source file, what ends a line in it, and what ends a script in HTML. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}]|<(?=\/)/gu;
const short = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

const dialect: Dialect = {
  string: quoted,
  number: (value) => JSON.stringify(value).replace('e+', 'e'),
  key: (name) => {
    // A bare or quoted `__proto__` sets the prototype; a computed one is a member like any other.
    if (name === '__proto__') return "['__proto__']";
    return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
  },
  trailingComma: ',',
  expandObjects: false,
  expandLists: false,
};

/**
 * A value as a TypeScript literal, in prettier's layout.
 * @param indent columns before the first character of the line
 * @param used columns that the line needs beside the value
 */
export function ts(value: unknown, indent = 0, used = 0): Fragment {
  return new Fragment(layOut(value, dialect, indent, used));
}

/** Like prettier: single quotes, unless double ones need fewer escapes. */
function quoted(text: string): string {
  const count = (mark: string): number => text.split(mark).length - 1;
  const quote = count("'") > count('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replace(hidden, escapeUnits);
  return quote + escaped + quote;
}

function escapeUnits(character: string): string {
  const named = short.get(character);
  if (named !== undefined) return named;
  return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}
