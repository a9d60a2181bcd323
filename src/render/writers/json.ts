import { Fragment } from '../fragment.ts';
import { layOut } from './layout.ts';
import type { Dialect } from './layout.ts';

const dialect: Dialect = {
  string: quoted,
  // Prettier writes exponents without a plus.
  number: (value) => JSON.stringify(value).replace('e+', 'e'),
  key: quoted,
  trailingComma: '',
  expandObjects: true,
  expandLists: false,
};

/** A value as JSON, in prettier's layout. */
export function json(value: unknown): Fragment {
  return new Fragment(layOut(value, dialect));
}

/** A value as JSON the way npm writes package.json: one item a line. */
export function manifestJson(value: unknown): Fragment {
  return new Fragment(layOut(value, { ...dialect, expandLists: true }));
}

/** Text of which every character stands for itself, as nearly all text does. */
const plain = /^[ !#-;=-[\]-~]*$/;

/** Invisible characters by number, so that a reader of the file sees them; `</` so that it may stand in HTML. */
function quoted(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(/[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]|<(?=\/)/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
