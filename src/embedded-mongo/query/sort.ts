import { get, type Doc } from '../values/bson.ts';
import type { Collation } from '../values/collation.ts';
import { ServerError, badValue, typeMismatch } from '../errors.ts';
import { indexValues } from '../values/paths.ts';
import { textScore } from './text.ts';
import { compare, isDoc, isNumber } from '../values/values.ts';

/** Orders documents. */
type Comparator = (a: Doc, b: Doc) => number;

interface SortKey {
  direction: 1 | -1;
  read(doc: Doc): unknown;
}

/**
 * Compiles a sort specification. A field that is an array is represented by its least member when ascending, by its
 * greatest when descending; a missing field counts as null.
 * @throws ServerError 2 or 15975 for a malformed specification
 */
export function compileSort(sort: Doc, collation?: Collation): Comparator {
  const keys = sortKeys(sort, collation);
  return (a, b) => {
    for (const { direction, read } of keys) {
      const order = compare(read(a), read(b), collation);
      if (order !== 0) return order * direction;
    }
    return 0;
  };
}

/** Sorts by keys that are read once a document; stable. */
export function sortDocs(docs: Iterable<Doc>, sort: Doc, collation?: Collation): Doc[] {
  const keys = sortKeys(sort, collation);
  const rows = Array.from(docs, (doc) => ({ doc, values: keys.map(({ read }) => read(doc)) }));
  rows.sort((a, b) => compareRows(a.values, b.values, keys, collation));
  return rows.map(({ doc }) => doc);
}

/**
 * The first `limit` documents in sorted order, without sorting the rest: the same as sorting and cutting.
 * @param limit at least 1
 */
export function topDocs(
  docs: Iterable<Doc>,
  sort: Doc,
  limit: number,
  collation?: Collation,
): Doc[] {
  const keys = sortKeys(sort, collation);
  const kept: { doc: Doc; values: unknown[] }[] = [];
  const [first] = keys;
  for (const doc of docs) {
    const last = kept.length === limit ? kept[limit - 1] : undefined;
    if (last && first) {
      const order = compare(first.read(doc), last.values[0], collation) * first.direction;
      if (order > 0 || (order === 0 && keys.length === 1)) continue;
    }
    const values = keys.map(({ read }) => read(doc));
    if (last && compareRows(values, last.values, keys, collation) >= 0) continue;
    let low = 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = kept[middle];
      if (row && compareRows(row.values, values, keys, collation) <= 0) low = middle + 1;
      else high = middle;
    }
    if (kept.length === limit) kept.pop();
    kept.splice(low, 0, { doc, values });
  }
  return kept.map(({ doc }) => doc);
}

function compareRows(
  a: unknown[],
  b: unknown[],
  keys: SortKey[],
  collation: Collation | undefined,
): number {
  for (let at = 0; at < keys.length; at++) {
    const order = compare(a[at], b[at], collation);
    if (order !== 0) return order * (keys[at]?.direction ?? 1);
  }
  return 0;
}

function sortKeys(sort: Doc, collation: Collation | undefined): SortKey[] {
  const entries = Object.entries(sort);
  if (entries.length > 32) {
    throw new ServerError(13103, 'too many compound keys');
  }
  return entries.map(([path, order]) => sortKey(path, order, collation));
}

function sortKey(path: string, order: unknown, collation: Collation | undefined): SortKey {
  if (path === '')
    throw new ServerError(40352, 'FieldPath cannot be constructed with empty string');
  if (isDoc(order)) {
    if (order.$meta !== 'textScore') {
      throw badValue(
        `Invalid sort specification { ${path}: ... }: only $meta: "textScore" is supported`,
      );
    }
    return { direction: -1, read: (doc) => textScore(doc) ?? null };
  }
  if (path.startsWith('$')) {
    throw new ServerError(
      16410,
      `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
    );
  }
  if (path.endsWith('.')) throw new ServerError(40353, "FieldPath must not end with a '.'.");
  if (path.includes('..') || path.startsWith('.')) {
    throw new ServerError(15998, 'FieldPath field names may not be empty strings.');
  }
  if (!isNumber(order))
    throw typeMismatch(`Illegal key in $sort specification: ${path}: ${String(order)}`);
  const number = Number(order);
  if (number !== 1 && number !== -1) {
    throw new ServerError(
      15975,
      '$sort key ordering must be 1 (for ascending) or -1 (for descending)',
    );
  }
  return { direction: number, read: reader(path, number, collation) };
}

function reader(path: string, direction: 1 | -1, collation?: Collation): (doc: Doc) => unknown {
  const best = (values: unknown[]) =>
    values.reduce((chosen, value) =>
      compare(value, chosen, collation) * direction < 0 ? value : chosen,
    );
  if (path.includes('.')) return (doc) => best(indexValues(doc, path));
  return (doc) => {
    const value = get(doc, path);
    if (value === undefined) return null;
    return Array.isArray(value) ? best(indexValues(doc, path)) : value;
  };
}
