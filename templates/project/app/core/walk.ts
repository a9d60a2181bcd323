// Finds the values at a dotted path of a document, through lists, wherever they are.
import type { Doc } from './bson.ts';

/** One value found: what it is, where it is, and how to put another in its place (undefined removes it). */
export interface Found {
  readonly value: unknown;
  readonly at: readonly PropertyKey[];
  readonly put: (value: unknown) => void;
}

export const isDoc = (value: unknown): value is Doc =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every value at the path; the items of a list are found one by one. */
export const valuesAt = (document: Doc, path: string): Found[] => {
  const [first = '', ...rest] = path.split('.');
  return below(document, first, rest, []);
};

const below = (
  holder: Doc,
  name: string,
  rest: readonly string[],
  at: readonly PropertyKey[],
): Found[] => {
  const value = holder[name];
  const here = [...at, name];
  if (value === undefined || value === null) return [];
  const [next, ...further] = rest;
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    return items.flatMap((item, i) => {
      if (next === undefined) {
        return [{ value: item, at: [...here, i], put: (other) => void (items[i] = other) }];
      }
      return isDoc(item) ? below(item, next, further, [...here, i]) : [];
    });
  }
  if (next === undefined) {
    return [{ value, at: here, put: (other) => void (holder[name] = other) }];
  }
  return isDoc(value) ? below(value, next, further, here) : [];
};
