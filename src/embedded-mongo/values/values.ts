import type { Binary, Double, Int32, ObjectId, Timestamp } from 'mongodb';
import { BSONRegExp, Code, Decimal128, Long } from 'mongodb';

import type { Doc } from './bson.ts';
import type { Collation } from './collation.ts';
import {
  compareDecimals,
  exactDouble,
  fromBigInt,
  fromDecimal128,
  normalise,
  type Decimal,
} from './decimal.ts';

/** BSON types by the aliases that `$type` uses; `missing` is a field that is not there. */
export type TypeName =
  | 'missing'
  | 'minKey'
  | 'null'
  | 'int'
  | 'long'
  | 'double'
  | 'decimal'
  | 'string'
  | 'symbol'
  | 'object'
  | 'array'
  | 'binData'
  | 'objectId'
  | 'bool'
  | 'date'
  | 'timestamp'
  | 'regex'
  | 'javascript'
  | 'javascriptWithScope'
  | 'maxKey';

/** The numbers of the types, as `$type` takes them. */
export const typeNumbers: Readonly<Record<TypeName, number>> = {
  missing: 0,
  minKey: -1,
  null: 10,
  int: 16,
  long: 18,
  double: 1,
  decimal: 19,
  string: 2,
  symbol: 14,
  object: 3,
  array: 4,
  binData: 5,
  objectId: 7,
  bool: 8,
  date: 9,
  timestamp: 17,
  regex: 11,
  javascript: 13,
  javascriptWithScope: 15,
  maxKey: 127,
};

/** The place of each type in BSON's order; types that share one are compared with each other by value. */
const ranks: Readonly<Record<TypeName, number>> = {
  minKey: -1,
  missing: 0,
  null: 5,
  int: 10,
  long: 10,
  double: 10,
  decimal: 10,
  string: 15,
  symbol: 15,
  object: 20,
  array: 25,
  binData: 30,
  objectId: 35,
  bool: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  javascript: 60,
  javascriptWithScope: 65,
  maxKey: 127,
};

const classes: Readonly<Record<string, TypeName>> = {
  Double: 'double',
  Int32: 'int',
  Long: 'long',
  Decimal128: 'decimal',
  ObjectId: 'objectId',
  Binary: 'binData',
  Timestamp: 'timestamp',
  BSONRegExp: 'regex',
  BSONSymbol: 'symbol',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
};

/** The BSON type of a decoded value. */
export function typeOf(value: unknown): TypeName {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return value === (value | 0) && !Object.is(value, -0) ? 'int' : 'double';
    case 'boolean':
      return 'bool';
    case 'undefined':
      return 'missing';
    case 'object':
      return value === null ? 'null' : typeOfObject(value);
    default:
      throw new TypeError(`A ${typeof value} is not a BSON value`);
  }
}

function typeOfObject(value: object): TypeName {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return 'object';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  if (value instanceof Code) return value.scope ? 'javascriptWithScope' : 'javascript';
  if (value instanceof RegExp) return 'regex';
  const name = (value as { _bsontype?: unknown })._bsontype;
  const type = typeof name === 'string' ? classes[name] : undefined;
  if (type === undefined) throw new TypeError('An object of an unknown class is not a BSON value');
  return type;
}

/** The place of a value's type in BSON's order. */
export function rankOf(value: unknown): number {
  return ranks[typeOf(value)];
}

/** Whether a value is an embedded document (not an array, not a value of a BSON class). */
export function isDoc(value: unknown): value is Doc {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether a value is of one of the four numeric types. */
export function isNumber(value: unknown): value is number | Double | Int32 | Long | Decimal128 {
  return typeof value === 'number' || (typeof value === 'object' && rankOf(value) === 10);
}

/**
 * BSON's total order. `undefined` (a missing value) comes before null; sorting and matching, where a missing
 * field counts as null, replace it first.
 */
export function compare(a: unknown, b: unknown, collation?: Collation): number {
  if (typeof a === 'number' && typeof b === 'number') return compareDoubles(a, b);
  if (typeof a === 'string' && typeof b === 'string') {
    return collation ? collation.compare(a, b) : compareStrings(a, b);
  }
  const typeA = typeOf(a);
  const typeB = typeOf(b);
  const rank = ranks[typeA];
  if (rank !== ranks[typeB]) return rank < ranks[typeB] ? -1 : 1;
  switch (rank) {
    case 10:
      return compareNumbers(a, b);
    case 15:
      return compare(String(a), String(b), collation);
    case 20:
      return compareDocs(a as Doc, b as Doc, collation);
    case 25:
      return compareArrays(a as unknown[], b as unknown[], collation);
    case 30:
      return compareBinary(a as Binary, b as Binary);
    case 35:
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id);
    case 40:
      return Number(a) - Number(b);
    case 45:
      return Math.sign((a as Date).getTime() - (b as Date).getTime());
    case 47:
      return compareTimestamps(a as Timestamp, b as Timestamp);
    case 50:
      return compareRegexes(a, b);
    case 60:
    case 65:
      return compareCode(a as Code, b as Code);
    default:
      return 0;
  }
}

/** Equality under BSON's order: numbers by value whatever their type, documents with their field order. */
export function equal(a: unknown, b: unknown, collation?: Collation): boolean {
  return a === b || compare(a, b, collation) === 0;
}

/** Orders numbers of any of the four types exactly; NaN is the smallest and equals itself. */
function compareNumbers(a: unknown, b: unknown): number {
  const left = plainNumber(a);
  const right = plainNumber(b);
  return left !== undefined && right !== undefined
    ? compareDoubles(left, right)
    : compareDecimals(exact(a), exact(b));
}

/** The exact value of a number of any type. */
export function exact(value: unknown): Decimal {
  if (typeof value === 'number') return exactDouble(value);
  if (value instanceof Long) return fromBigInt(value.toBigInt());
  if (value instanceof Decimal128) return fromDecimal128(value);
  return exactDouble(Number(value));
}

/** The value as a double where that loses nothing. */
function plainNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof Long) {
    const number = value.toNumber();
    return Number.isSafeInteger(number) ? number : undefined;
  }
  return value instanceof Decimal128 ? undefined : Number(value);
}

function compareDoubles(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : 1;
}

/** Orders by code points (the order of the UTF-8 bytes), which differs from `<` above U+D7FF. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) {
      const highLeft = left >= 0xd800 && left <= 0xdfff;
      const highRight = right >= 0xd800 && right <= 0xdfff;
      if (highLeft !== highRight) return highLeft ? 1 : -1;
      return left < right ? -1 : 1;
    }
  }
  return Math.sign(a.length - b.length);
}

function compareDocs(a: Doc, b: Doc, collation?: Collation): number {
  const keysA = Object.keys(a);
  const keysB = Object.keys(b);
  const length = Math.min(keysA.length, keysB.length);
  for (let at = 0; at < length; at++) {
    const keyA = keysA[at] ?? '';
    const keyB = keysB[at] ?? '';
    const left = a[keyA];
    const right = b[keyB];
    const order =
      Math.sign(rankOf(left) - rankOf(right)) ||
      compareStrings(keyA, keyB) ||
      compare(left, right, collation);
    if (order !== 0) return order;
  }
  return Math.sign(keysA.length - keysB.length);
}

function compareArrays(a: unknown[], b: unknown[], collation?: Collation): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const order = compare(a[at], b[at], collation);
    if (order !== 0) return order;
  }
  return Math.sign(a.length - b.length);
}

function compareBinary(a: Binary, b: Binary): number {
  return (
    Math.sign(a.position - b.position) ||
    Math.sign(a.sub_type - b.sub_type) ||
    Buffer.compare(bytesOf(a), bytesOf(b))
  );
}

/** The bytes that a Binary holds, without the room it may have reserved. */
export function bytesOf(value: Binary): Uint8Array {
  return value.buffer.subarray(0, value.position);
}

function compareTimestamps(a: Timestamp, b: Timestamp): number {
  return Math.sign(a.t - b.t) || Math.sign(a.i - b.i);
}

/** Pattern and options of a regular expression, whichever class holds it. */
export function regexParts(value: unknown): [pattern: string, options: string] {
  if (value instanceof BSONRegExp) return [value.pattern, value.options];
  const { source, flags } = value as RegExp;
  return [source, flags.replace(/[^ims]/g, '')];
}

function compareRegexes(a: unknown, b: unknown): number {
  const [patternA, optionsA] = regexParts(a);
  const [patternB, optionsB] = regexParts(b);
  return compareStrings(patternA, patternB) || compareStrings(optionsA, optionsB);
}

function compareCode(a: Code, b: Code): number {
  return compareStrings(a.code, b.code) || compare(a.scope ?? {}, b.scope ?? {});
}

/**
 * A text that two values share exactly when they are equal: 1, 1.0, Long(1) and Decimal128("1.00") have one key.
 * It says nothing about order.
 */
export function keyOf(value: unknown, collation?: Collation): string {
  if (typeof value === 'string') {
    const text = collation ? collation.key(value) : value;
    return `s${text.length}:${text}`;
  }
  if (typeof value === 'number') return Number.isNaN(value) ? 'nNaN' : `n${value + 0}`;
  switch (typeOf(value)) {
    case 'missing':
      return 'u';
    case 'minKey':
      return '<';
    case 'maxKey':
      return '>';
    case 'null':
      return '0';
    case 'bool':
      return value === true ? 't' : 'f';
    case 'symbol':
      return keyOf(String(value), collation);
    case 'objectId':
      return `o${(value as ObjectId).toHexString()}`;
    case 'date':
      return `d${(value as Date).getTime()}`;
    case 'timestamp':
      return `T${(value as Timestamp).t},${(value as Timestamp).i}`;
    case 'binData': {
      const binary = value as Binary;
      return `b${binary.sub_type}:${Buffer.from(bytesOf(binary)).toString('base64')}.`;
    }
    case 'regex': {
      const [pattern, options] = regexParts(value);
      return `r${pattern.length}:${pattern}${options}.`;
    }
    case 'array':
      return `[${(value as unknown[]).map((item) => keyOf(item, collation)).join('')}]`;
    case 'object':
      return `{${keyOfFields(value as Doc, collation)}}`;
    case 'javascript':
    case 'javascriptWithScope': {
      const { code, scope } = value as Code;
      return `c${code.length}:${code}${scope ? keyOf(scope) : ''}`;
    }
    default:
      return keyOfNumber(value);
  }
}

function keyOfFields(doc: Doc, collation?: Collation): string {
  let text = '';
  for (const key of Object.keys(doc)) text += `${key.length}:${key}${keyOf(doc[key], collation)}`;
  return text;
}

function keyOfNumber(value: unknown): string {
  const plain = plainNumber(value);
  if (plain !== undefined) return keyOf(plain);
  const decimal = normalise(exact(value));
  if ('special' in decimal) return `n${decimal.special}`;
  const near = Number(`${decimal.coefficient}e${decimal.exponent}`);
  return compareDecimals(exactDouble(near), decimal) === 0
    ? keyOf(near)
    : `D${decimal.coefficient}e${decimal.exponent}`;
}
