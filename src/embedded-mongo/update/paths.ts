import { drop, get, put, type Doc } from '../values/bson.ts';
import type { Collation } from '../values/collation.ts';
import { ServerError, badValue, failedToParse } from '../errors.ts';
import { compileFilter, type Matcher } from '../query/match.ts';
import { shown } from '../query/match-operators.ts';
import { isIndex } from '../values/paths.ts';
import type { Modification } from './update.ts';
import { compareStrings, isDoc } from '../values/values.ts';

/** MongoDB's limit of nulls that a `$set` far behind the end of an array may fill in. */
const maxPadding = 1_500_000;

/** The compiled `arrayFilters` of an update by their identifiers. */
export class ArrayFilters {
  private readonly matchers: ReadonlyMap<string, Matcher>;
  private readonly unused: Set<string>;

  constructor(matchers: ReadonlyMap<string, Matcher>) {
    this.matchers = matchers;
    this.unused = new Set(matchers.keys());
  }

  /** Notes that a path names the identifier. @throws ServerError 2 when there is no filter for it */
  use(identifier: string, path: string): void {
    if (!this.matchers.has(identifier)) {
      throw badValue(`No array filter found for identifier '${identifier}' in path '${path}'`);
    }
    this.unused.delete(identifier);
  }

  checkUsed(update: Doc): void {
    for (const identifier of this.unused) {
      throw failedToParse(
        `The array filter for identifier '${identifier}' was not used in the update ${shown(update)}`,
      );
    }
  }

  matches(identifier: string, item: unknown): boolean {
    return this.matchers.get(identifier)?.test({ [identifier]: item }) === true;
  }
}

/** Compiles `arrayFilters`; each speaks of one identifier. */
export function parseArrayFilters(
  filters: Doc[],
  env: { collation?: Collation | undefined; let?: Doc | undefined },
): ArrayFilters {
  const matchers = new Map<string, Matcher>();
  for (const filter of filters) {
    const names = [...new Set(identifiersIn(filter))];
    const [name, second] = names;
    if (name === undefined) {
      throw failedToParse(
        'Cannot use an expression without a top-level field name in arrayFilters',
      );
    }
    if (second !== undefined) {
      throw failedToParse(
        `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${name}' and '${second}'`,
      );
    }
    if (!/^[a-z][A-Za-z0-9]*$/.test(name)) {
      throw badValue(
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
      );
    }
    if (matchers.has(name)) {
      throw failedToParse(
        `Found multiple array filters with the same top-level field name ${name}`,
      );
    }
    matchers.set(name, compileFilter(filter, env));
  }
  return new ArrayFilters(matchers);
}

function identifiersIn(filter: Doc): string[] {
  return Object.entries(filter).flatMap(([key, value]) => {
    if (!key.startsWith('$')) return [key.split('.')[0] ?? ''];
    return Array.isArray(value) ? value.filter(isDoc).flatMap(identifiersIn) : [];
  });
}

/** Splits and checks the path of a modifier. */
export function parseUpdatePath(path: string, filters: ArrayFilters): string[] {
  if (path === '') throw new ServerError(56, 'An empty update path is not valid.');
  const parts = path.split('.');
  parts.forEach((part, at) => {
    if (part === '') {
      throw new ServerError(
        56,
        `The update path '${path}' contains an empty field name, which is not allowed.`,
      );
    }
    const identifier = /^\$\[(.*)\]$/.exec(part)?.[1];
    if ((part === '$' || identifier !== undefined) && at === 0) {
      throw badValue(
        `Cannot have array filter identifier (i.e. '$[<id>]') or positional (i.e. '$') element in the first position in path '${path}'`,
      );
    }
    if (identifier) filters.use(identifier, path);
    if (part === '$' && parts.indexOf('$', at + 1) >= 0) {
      throw badValue(`Too many positional (i.e. '$') elements found in path '${path}'`);
    }
    if (part.startsWith('$') && part !== '$' && identifier === undefined) {
      throw new ServerError(
        52,
        `The dollar ($) prefixed field '${part}' in '${path}' is not valid for storage.`,
      );
    }
  });
  return parts;
}

/** The order in which new fields appear: by name, array places by number. */
export function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const left = a[at] ?? '';
    const right = b[at] ?? '';
    const order =
      isIndex(left) && isIndex(right) ? Number(left) - Number(right) : compareStrings(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** @throws ServerError 40 when a path is, or leads through, another one */
export function checkConflicts(paths: readonly (readonly string[])[]): void {
  const seen = new Set<string>();
  const above = new Set<string>();
  for (const parts of paths) {
    const path = parts.join('.');
    let prefix = '';
    for (const part of parts) {
      prefix = prefix === '' ? part : `${prefix}.${part}`;
      if (seen.has(prefix)) throw conflict(path, prefix);
      if (prefix !== path) above.add(prefix);
    }
    if (above.has(path)) throw conflict(path, path);
    seen.add(path);
  }
}

function conflict(path: string, at: string): ServerError {
  return new ServerError(40, `Updating the path '${path}' would create a conflict at '${at}'`);
}

/** Puts array places for `$`, `$[]` and `$[identifier]`. */
export function concretePaths(
  doc: Doc,
  parts: string[],
  position: number | undefined,
  filters: ArrayFilters,
): string[][] {
  const at = parts.findIndex((part) => part.startsWith('$'));
  if (at < 0) return [parts];
  const head = parts.slice(0, at);
  const tail = parts.slice(at + 1);
  const marker = parts[at] ?? '';
  if (marker === '$') {
    if (position === undefined) {
      throw badValue('The positional operator did not find the match needed from the query.');
    }
    return concretePaths(doc, [...head, String(position), ...tail], position, filters);
  }
  const items = valueAt(doc, head);
  if (items === undefined) {
    throw badValue(
      `The path '${head.join('.')}' must exist in the document in order to apply array updates.`,
    );
  }
  if (!Array.isArray(items)) {
    throw badValue(
      `Cannot apply array updates to non-array element ${head.at(-1)}: ${shown(items)}`,
    );
  }
  const identifier = marker.slice(2, -1);
  return items.flatMap((item: unknown, place) =>
    identifier === '' || filters.matches(identifier, item)
      ? concretePaths(doc, [...head, String(place), ...tail], position, filters)
      : [],
  );
}

/** The value at a path of field names and array places. */
export function valueAt(doc: Doc, parts: readonly string[]): unknown {
  let value: unknown = doc;
  for (const part of parts) {
    if (isDoc(value)) value = get(value, part);
    else if (Array.isArray(value)) value = isIndex(part) ? value[Number(part)] : undefined;
    else return undefined;
  }
  return value;
}

/** Applies a modification at a path of `doc`, in place. `root` is the document as it was, for messages. */
export function applyAt(
  doc: Doc,
  parts: readonly string[],
  modification: Modification,
  root: Doc,
): void {
  const path = parts.join('.');
  const last = parts.at(-1) ?? '';
  let holder: Doc | unknown[] = doc;
  for (const [at, part] of parts.entries()) {
    const name = parts[at - 1] ?? '';
    const value = memberOf(holder, part);
    const next = parts[at + 1];
    const blocked = Array.isArray(holder) && !isIndex(part);
    if (blocked && modification.passes === true) return;
    if (blocked) throw notViable(modification, part, name, holder, path);
    if (value === undefined && !modification.creates) return;
    if (next === undefined) break;
    if (value === undefined) {
      const made: Doc = {};
      setMember(holder, part, made);
      holder = made;
    } else if (isDoc(value) || Array.isArray(value)) {
      holder = value as Doc | unknown[];
    } else {
      if (modification.passes === true) return;
      throw notViable(modification, next, part, value, path);
    }
  }
  const after = modification.apply(memberOf(holder, last), { root, path });
  if (after !== undefined) setMember(holder, last, after);
  else if (Array.isArray(holder)) holder[Number(last)] = null;
  else drop(holder, last);
}

function memberOf(holder: Doc | unknown[], part: string): unknown {
  if (!Array.isArray(holder)) return get(holder, part);
  return isIndex(part) ? holder[Number(part)] : undefined;
}

function setMember(holder: Doc | unknown[], part: string, value: unknown): void {
  if (!Array.isArray(holder)) {
    put(holder, part, value);
    return;
  }
  const place = Number(part);
  if (place - holder.length > maxPadding) {
    throw badValue(`can't backfill more than ${maxPadding} elements`);
  }
  while (holder.length < place) holder.push(null);
  holder[place] = value;
}

function notViable(
  { creates }: Modification,
  part: string,
  name: string,
  holder: unknown,
  path: string,
): ServerError {
  const element = `{${name}: ${shown(holder)}}`;
  return new ServerError(
    28,
    creates
      ? `Cannot create field '${part}' in element ${element}`
      : `Cannot use the part (${part}) of (${path}) to traverse the element (${element})`,
  );
}
