/**
 * Index keys as strings: for any two BSON values, `keyString(a) < keyString(b)` is MongoDB's sort order and equality of the
 * strings is equality of the values (1, 1.0, Long(1) and Decimal128('1') are one key). One char is one byte (latin1), so a key
 * is compact, and every encoding is self-delimiting, so the keys of a compound index are simply concatenated.
 */
import {
  Binary,
  BSONRegExp,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  BSONSymbol,
  Timestamp,
} from 'mongodb';

/** Rank of each type in BSON order; `undefined` stands for an empty array's key. */
const RANK = {
  minKey: 1,
  undefined: 2,
  null: 3,
  number: 4,
  string: 5,
  object: 6,
  array: 7,
  binary: 8,
  objectId: 9,
  boolean: 10,
  date: 11,
  timestamp: 12,
  regex: 13,
  dbRef: 14,
  code: 15,
  codeWithScope: 16,
  maxKey: 250,
} as const;

/** NaN, below every other number. */
const LOWEST = new Uint8Array(8);

/** What an index stores for an empty array. */
export const EMPTY_ARRAY = Symbol('empty array');

let scratch = Buffer.allocUnsafe(4096);
let length = 0;

function room(bytes: number): void {
  if (length + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafe(Math.max(scratch.length * 2, length + bytes));
  scratch.copy(larger, 0, 0, length);
  scratch = larger;
}

function byte(value: number): void {
  room(1);
  scratch[length++] = value;
}

function double(value: number): void {
  room(8);
  scratch.writeDoubleBE(value === 0 ? 0 : value, length);
  const negative = (scratch[length] ?? 0) & 0x80;
  if (negative)
    for (let i = 0; i < 8; i++) scratch[length + i] = ~(scratch[length + i] ?? 0) & 0xff;
  else scratch[length] = (scratch[length] ?? 0) | 0x80;
  length += 8;
}

function text(value: string): void {
  const safe = value.includes('\0') ? value.replaceAll('\0', '\0\u00ff') : value;
  room(safe.length * 3 + 2);
  if (safe === value) length += scratch.write(value, length, 'utf8');
  else {
    for (const part of value.split(/(\0)/)) {
      if (part === '\0') scratch.set([0, 0xff], length);
      length += part === '\0' ? 2 : scratch.write(part, length, 'utf8');
    }
  }
  scratch[length++] = 0;
  scratch[length++] = 1;
}

function raw(bytes: Uint8Array): void {
  room(bytes.length);
  scratch.set(bytes, length);
  length += bytes.length;
}

/** `value` as an exact decimal: digits x 10^exponent. */
function exactDecimal(value: number | string): [digits: bigint, exponent: number] {
  if (typeof value === 'string') {
    const [mantissa = '0', exponent = '0'] = value.toLowerCase().split('e');
    const [whole = '0', fraction = ''] = mantissa.split('.');
    return [BigInt(whole + fraction), Number(exponent) - fraction.length];
  }
  let mantissa = value;
  let twos = 0;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    twos++;
  }
  return [BigInt(mantissa) * 5n ** BigInt(twos), -twos];
}

/** A number no double holds: the nearest double, then what is missing from it, as further doubles. */
function expansion(value: string): void {
  let [digits, exponent] = exactDecimal(value);
  for (let term = 0; term < 3; term++) {
    const nearest = Number(`${digits}e${exponent}`);
    double(nearest);
    if (!Number.isFinite(nearest)) return;
    const [held, heldExponent] = exactDecimal(nearest);
    const common = Math.min(exponent, heldExponent);
    digits =
      digits * 10n ** BigInt(exponent - common) - held * 10n ** BigInt(heldExponent - common);
    exponent = common;
    const sign = digits === 0n ? 0x80 : digits < 0n ? 0x7f : 0x81;
    byte(sign);
    if (sign === 0x80) return;
  }
}

function number(value: number): void {
  byte(RANK.number);
  if (Number.isNaN(value)) raw(LOWEST);
  else double(value);
  byte(0x80);
}

function exactNumber(value: Long | Decimal128): void {
  const digits = value.toString();
  const near = Number(digits);
  if (Number.isSafeInteger(near) || !Number.isFinite(near)) return number(near);
  byte(RANK.number);
  expansion(digits);
}

function members(entries: Iterable<[string, unknown]>, named: boolean): void {
  for (const [name, value] of entries) {
    if (value === undefined) continue;
    const from = length;
    write(value);
    if (!named) continue;
    // MongoDB compares type, then name, then value: move the name in behind the type byte.
    const encoded = Buffer.from(scratch.subarray(from + 1, length));
    length = from + 1;
    text(name);
    raw(encoded);
  }
  byte(0);
}

function binary(bytes: Uint8Array, subtype: number): void {
  byte(RANK.binary);
  room(5);
  length = scratch.writeUInt32BE(bytes.length, length);
  byte(subtype);
  raw(bytes);
}

function write(value: unknown): void {
  switch (typeof value) {
    case 'number':
      return number(value);
    case 'string':
      byte(RANK.string);
      return text(value);
    case 'boolean':
      byte(RANK.boolean);
      return byte(value ? 1 : 0);
    case 'bigint':
      return exactNumber(Long.fromBigInt(value));
    case 'undefined':
      return byte(RANK.null);
    case 'symbol':
      return byte(RANK.undefined);
  }
  if (value === null) return byte(RANK.null);
  if (value instanceof ObjectId) {
    byte(RANK.objectId);
    return raw(value.id);
  }
  if (value instanceof Date) {
    byte(RANK.date);
    return double(value.getTime());
  }
  if (Array.isArray(value)) {
    byte(RANK.array);
    return members(Object.entries(value), false);
  }
  writeSpecial(value as object);
}

function writeSpecial(value: object): void {
  if (value instanceof Double || value instanceof Int32) return number(value.valueOf());
  if (value instanceof Timestamp) {
    byte(RANK.timestamp);
    room(8);
    length = scratch.writeUInt32BE(value.getHighBitsUnsigned(), length);
    length = scratch.writeUInt32BE(value.getLowBitsUnsigned(), length);
    return;
  }
  if (value instanceof Long || value instanceof Decimal128) return exactNumber(value);
  if (value instanceof Binary) return binary(value.value(), value.sub_type);
  if (value instanceof Uint8Array) return binary(value, 0);
  if (value instanceof MinKey) return byte(RANK.minKey);
  if (value instanceof MaxKey) return byte(RANK.maxKey);
  if (value instanceof RegExp || value instanceof BSONRegExp) {
    byte(RANK.regex);
    text(value instanceof RegExp ? value.source : value.pattern);
    return text(value instanceof RegExp ? value.flags : value.options);
  }
  if (value instanceof BSONSymbol) {
    byte(RANK.string);
    return text(value.value);
  }
  if (value instanceof Code) {
    byte(value.scope ? RANK.codeWithScope : RANK.code);
    text(value.code);
    if (value.scope) members(Object.entries(value.scope), true);
    return;
  }
  byte(RANK.object);
  const fields = value instanceof DBRef ? value.toJSON() : value;
  members(Object.entries(fields), true);
}

/** The order-preserving key of one value. A missing value has the key of null, as in MongoDB's indexes. */
export function keyString(value: unknown): string {
  length = 0;
  write(value);
  return scratch.toString('latin1', 0, length);
}

/** Turns a key around, so that ascending order of the result is descending order of the values. */
export function inverted(key: string): string {
  const bytes = Buffer.from(key, 'latin1');
  for (let i = 0; i < bytes.length; i++) bytes[i] = ~(bytes[i] ?? 0) & 0xff;
  return bytes.toString('latin1');
}

/** Char that starts every key of the same type as this one: bounds of "any number", "any string". */
export function typeRange(key: string): [from: string, to: string] {
  const rank = key.charCodeAt(0);
  return [String.fromCharCode(rank), String.fromCharCode(rank + 1)];
}
