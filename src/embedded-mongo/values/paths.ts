import { get, put, type Doc } from './bson.ts';
import { isDoc } from './values.ts';

/** Called with a value found at a path and the place of the outermost array passed on the way; true ends the walk. */
type Visit = (value: unknown, index: number | undefined) => boolean;

/** Splits a dotted path. */
export function splitPath(path: string): string[] {
  return path.split('.');
}

/** Whether a path component may name an array member: `0`, `12`, not `01`. */
export function isIndex(part: string): boolean {
  return /^(0|[1-9]\d{0,8})$/.test(part);
}

/** The value at a dotted path through documents only; undefined when there is none or an array stands on the way. */
export function getPath(doc: Doc, path: string): unknown {
  if (!path.includes('.')) return get(doc, path);
  let value: unknown = doc;
  for (const part of path.split('.')) {
    if (!isDoc(value)) return undefined;
    value = get(value, part);
  }
  return value;
}

/**
 * Visits each value that a query on the path looks at: arrays on the way are entered, each of their documents
 * in turn and the member that a numeric component names; a missing field is visited as undefined.
 * With `leaves` the members of an array at the end of the path are visited, and then the array itself.
 * @returns whether a visit returned true
 */
export function walk(doc: Doc, parts: readonly string[], leaves: boolean, visit: Visit): boolean {
  return walkDoc(doc, parts, 0, leaves, undefined, visit);
}

function walkDoc(
  doc: Doc,
  parts: readonly string[],
  at: number,
  leaves: boolean,
  index: number | undefined,
  visit: Visit,
): boolean {
  const value = get(doc, parts[at] ?? '');
  const last = at === parts.length - 1;
  if (Array.isArray(value)) {
    if (!last) return walkArray(value, parts, at + 1, leaves, index, visit);
    if (leaves) {
      for (let item = 0; item < value.length; item++) {
        if (visit(value[item], index ?? item)) return true;
      }
    }
    return visit(value, index);
  }
  if (last) return visit(value, index);
  return isDoc(value)
    ? walkDoc(value, parts, at + 1, leaves, index, visit)
    : visit(undefined, index);
}

function walkArray(
  items: unknown[],
  parts: readonly string[],
  at: number,
  leaves: boolean,
  index: number | undefined,
  visit: Visit,
): boolean {
  const part = parts[at] ?? '';
  const named = isIndex(part) ? Number(part) : -1;
  for (let item = 0; item < items.length; item++) {
    const value = items[item];
    const outer = index ?? item;
    if (isDoc(value) && walkDoc(value, parts, at, leaves, outer, visit)) return true;
    if (item !== named) continue;
    // A member that the path itself names gives the positional `$` no place.
    if (at === parts.length - 1) {
      if (visit(value, index)) return true;
    } else if (isDoc(value)) {
      if (walkDoc(value, parts, at + 1, leaves, index, visit)) return true;
    } else if (Array.isArray(value)) {
      if (walkArray(value, parts, at + 1, leaves, index, visit)) return true;
    }
  }
  return false;
}

/**
 * The keys of a document in an index on the path, as MongoDB makes them: each member of an array (not the array
 * itself), `undefined` for an empty array, null for a missing field. Not free of duplicates.
 */
export function indexValues(doc: Doc, path: string): unknown[] {
  if (!path.includes('.')) return indexLeaf(get(doc, path));
  const keys: unknown[] = [];
  collect(doc, splitPath(path), 0, keys);
  return keys;
}

function indexLeaf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.length === 0 ? [undefined] : (value as unknown[]);
  return [value === undefined ? null : value];
}

function collect(value: unknown, parts: readonly string[], at: number, keys: unknown[]): void {
  if (at === parts.length) {
    for (const key of indexLeaf(value)) keys.push(key);
    return;
  }
  const part = parts[at] ?? '';
  if (isDoc(value)) {
    collect(get(value, part), parts, at + 1, keys);
  } else if (Array.isArray(value)) {
    if (value.length === 0) keys.push(null);
    else if (isIndex(part)) collectIndexed(value, parts, at, keys);
    else for (const item of value) collect(isDoc(item) ? item : undefined, parts, at, keys);
  } else {
    keys.push(null);
  }
}

function collectIndexed(
  items: unknown[],
  parts: readonly string[],
  at: number,
  keys: unknown[],
): void {
  collect(items[Number(parts[at])], parts, at + 1, keys);
  for (const item of items) {
    if (isDoc(item) && get(item, parts[at] ?? '') !== undefined) collect(item, parts, at, keys);
  }
}

/** A deep copy of documents and arrays; values of BSON classes are immutable here and shared. */
export function clone<T>(value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T;
  if (!isDoc(value)) return value;
  const copy: Doc = {};
  for (const key of Object.keys(value)) put(copy, key, clone(value[key]));
  return copy as T;
}
