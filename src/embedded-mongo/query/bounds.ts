import { BSONRegExp } from 'mongodb';

import type { Doc } from '../values/bson.ts';
import type { Index } from '../storage/indexes.ts';
import { keyString, typeRange } from '../values/key-string.ts';
import { isDoc, typeOf } from '../values/values.ts';

/** One condition on one path of a filter, `{a: {$gt: 1}}` taken apart. */
export interface Condition {
  path: string;
  op: string;
  value: unknown;
}

/** A filter as conditions that must all hold. */
export interface Conjunction {
  conditions: Condition[];
  /** The branches of each `$or`. */
  ors: Doc[][];
  /** Whether the filter says more than the conditions and `$or`s do. */
  rest: boolean;
}

/** Part of one component's order: `low`..`high`, keys as the index has them (turned around where it descends). */
export interface Range {
  low: string;
  lowOpen: boolean;
  high: string;
  highOpen: boolean;
}

/** What conditions on one path mean for one component of an index. */
export interface Bounds {
  ranges: Range[];
  /** Whether every range is a single key. */
  points: boolean;
  /** Conditions that the ranges express completely. */
  used: Condition[];
}

export const RANGES = new Set(['$gt', '$gte', '$lt', '$lte']);

/** Takes a filter apart into conditions. */
export function conjunction(filter: Doc): Conjunction {
  const found: Conjunction = { conditions: [], ors: [], rest: false };
  for (const [path, value] of Object.entries(filter)) {
    if (path === '$and' && Array.isArray(value)) {
      for (const branch of value as Doc[]) {
        const inner = conjunction(branch);
        found.conditions.push(...inner.conditions);
        found.ors.push(...inner.ors);
        found.rest ||= inner.rest;
      }
    } else if (path === '$or' && Array.isArray(value)) {
      found.ors.push(value as Doc[]);
    } else if (path.startsWith('$')) {
      found.rest ||= path !== '$comment';
    } else if (isDoc(value) && Object.keys(value)[0]?.startsWith('$')) {
      for (const [op, operand] of Object.entries(value)) {
        found.conditions.push({ path, op, value: operand });
      }
    } else {
      found.conditions.push({ path, op: '$eq', value });
    }
  }
  return found;
}

/** Values whose key stands for exactly the documents that `$eq` matches. */
function isPlain(value: unknown): boolean {
  const type = typeOf(value);
  return type !== 'regex' && type !== 'array' && type !== 'missing';
}

function point(index: Index, position: number, value: unknown): Range {
  const key = index.part(value, position);
  return { low: key, lowOpen: false, high: key, highOpen: false };
}

/** The range of a comparison, within the operand's type as MongoDB compares. */
function comparison(op: string, value: unknown): Range | undefined {
  const type = typeOf(value);
  if (['missing', 'null', 'array', 'object', 'regex', 'minKey', 'maxKey'].includes(type))
    return undefined;
  if (Number.isNaN(Number(value)) && String(value) === 'NaN') return undefined;
  const key = keyString(value);
  const [from, to] = typeRange(key);
  const numeric = from === typeRange(keyString(0))[0];
  const range = { low: from, lowOpen: false, high: to, highOpen: true };
  if (numeric) Object.assign(range, { low: keyString(NaN), lowOpen: true });
  if (op === '$gt' || op === '$gte') return { ...range, low: key, lowOpen: op === '$gt' };
  return { ...range, high: key, highOpen: op === '$lt' };
}

/** The strings that an anchored pattern without special characters can match. */
function prefix(pattern: unknown): Range | undefined {
  const {
    source = '',
    flags = '',
    pattern: text = source,
    options = flags,
  } = pattern as Record<string, string>;
  const found = /^\^([\w @:-]+)(\.\*)?$/.exec(text);
  if (!found || options !== '') return undefined;
  const low = keyString(found[1]).slice(0, -2);
  return { low, lowOpen: false, high: `${low}\u00ff`, highOpen: true };
}

function turned(range: Range, descending: boolean): Range {
  if (!descending) return range;
  const flip = (key: string) =>
    Array.from(key, (char) => String.fromCharCode(255 - char.charCodeAt(0))).join('');
  return {
    low: flip(range.high),
    lowOpen: range.highOpen,
    high: flip(range.low),
    highOpen: range.lowOpen,
  };
}

/** The start and end of the keys that begin with `before` and continue within the range. */
export function spanOf(before: string, range: Range): [from: string, to: string] {
  return [
    before + range.low + (range.lowOpen ? '\uffff' : ''),
    before + range.high + (range.highOpen ? '' : '\uffff'),
  ];
}

function intersect(a: Range, b: Range): Range {
  const [lowA] = spanOf('', a);
  const [lowB] = spanOf('', b);
  const [, highA] = spanOf('', a);
  const [, highB] = spanOf('', b);
  const low = lowA >= lowB ? a : b;
  const high = highA <= highB ? a : b;
  return { low: low.low, lowOpen: low.lowOpen, high: high.high, highOpen: high.highOpen };
}

function pointsOf(condition: Condition): unknown[] | undefined {
  const { op, value } = condition;
  if (op === '$eq' && isPlain(value)) return [value];
  if (op === '$in' && Array.isArray(value) && value.every(isPlain)) return value as unknown[];
  return undefined;
}

export function holdsText(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    (typeof value === 'object' && value !== null && (Array.isArray(value) || isDoc(value)))
  );
}

/**
 * The bounds that conditions on the path of one component give; undefined when they give none.
 * @param collated whether the query compares text as the index does
 */
export function boundsFor(
  index: Index,
  position: number,
  conditions: readonly Condition[],
  collated: boolean,
): Bounds | undefined {
  const own = conditions.filter((condition) => condition.path === index.paths[position]);
  for (const condition of own) {
    const values = pointsOf(condition);
    if (!values || (!collated && values.some(holdsText))) continue;
    const ranges = values.map((value) => point(index, position, value));
    const exact = !values.includes(null);
    return { ranges: distinct(ranges), points: true, used: exact ? [condition] : [] };
  }
  if (index.collation) return undefined;
  let range: Range | undefined;
  // A pattern also matches a stored one that is the same.
  const stored: Range[] = [];
  const used: Condition[] = [];
  for (const condition of own) {
    const { op, value } = condition;
    const isPattern = op === '$regex' || (op === '$eq' && typeOf(value) === 'regex');
    if (isPattern && own.some((other) => other.op === '$options')) continue;
    if (!collated && holdsText(value)) continue;
    const next = RANGES.has(op) ? comparison(op, value) : isPattern ? prefixOf(value) : undefined;
    if (!next) continue;
    range = range ? intersect(range, next) : next;
    if (isPattern) {
      const pattern = typeof value === 'string' ? new BSONRegExp(value, '') : value;
      stored.push(point(index, position, pattern));
    }
    if (RANGES.has(op)) used.push(condition);
    // Each of two bounds may be met by another member of an array, so only one of them limits the search.
    if (index.multikey[position]) break;
  }
  return (
    range && {
      ranges: [turned(range, index.descending[position] ?? false), ...stored],
      points: false,
      used,
    }
  );
}

function prefixOf(value: unknown): Range | undefined {
  return prefix(typeof value === 'string' ? { source: value } : value);
}

function distinct(ranges: Range[]): Range[] {
  return [...new Map(ranges.map((range) => [range.low, range])).values()];
}
