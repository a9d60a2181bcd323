import {
  BSON,
  BSONRegExp,
  BSONSymbol,
  Binary,
  Code,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'mongodb';

import { ServerError, unsupported } from '../errors.ts';

/** A decoded BSON document. Field order is insertion order, except that JavaScript puts integer-like names first. */
export type Doc = { [key: string]: unknown };

/** MongoDB's limit of nested documents and arrays. */
const maxDepth = 200;

/** Names of fields seen before, by a hash of their bytes; a power of two. */
const cachedNames = 1024;
const nameCache: (string | undefined)[] = Array.from({ length: cachedNames });

/** Bytes of the values whose type says their size. */
const fixedSizes: Readonly<Record<number, number>> = {
  0x01: 8,
  0x07: 12,
  0x08: 1,
  0x09: 8,
  0x0a: 0,
  0x10: 4,
  0x11: 8,
  0x12: 8,
  0x13: 16,
  0x7f: 0,
  0xff: 0,
};

/** Sets a field as an own property whatever its name: `__proto__` is an ordinary field name in BSON. */
export function put(doc: Doc, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(doc, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    doc[key] = value;
  }
}

/** Reads an own field only, so that `constructor` is missing from `{}`. */
export function get(doc: Doc, key: string): unknown {
  const value = doc[key];
  return value === undefined || typeof value === 'function' || key === '__proto__'
    ? Object.hasOwn(doc, key)
      ? value
      : undefined
    : value;
}

/** Takes a field away. */
export function drop(doc: Doc, key: string): void {
  Reflect.deleteProperty(doc, key);
}

/** A double as this server holds it: integral ones in their class, so that they stay doubles when they are written again. */
export function double(value: number): number | Double {
  return Number.isInteger(value) ? new Double(value) : value;
}

/**
 * Decodes one document and keeps every type: int32 → number, integral double → Double, other double → number,
 * int64 → Long, everything else the class of the bson package (regular expressions: BSONRegExp).
 * @param only when given, the top-level fields to decode; others are skipped
 * @throws ServerError 22 for malformed bytes
 */
export function decode(bytes: Uint8Array, only?: ReadonlySet<string>): Doc {
  const reader = new Reader(bytes);
  const doc = reading(() => reader.document(0, only));
  if (reader.at !== bytes.length) throw malformed('trailing bytes after the document');
  return doc;
}

/** The classes of the bson package refuse some values (regular expression options) with errors of their own. */
function reading(read: () => Doc): Doc {
  try {
    return read();
  } catch (error) {
    if (error instanceof ServerError) throw error;
    throw malformed(error instanceof Error ? error.message : 'unreadable value');
  }
}

/** The largest document MongoDB passes around: 16 MiB and 16 KiB for what surrounds a stored one. */
const maxEncoded = 16_793_600;

/**
 * Encodes a document; the inverse of `decode`. A member that is `undefined` is left out.
 * @throws ServerError 10334 for one that is too large, 238 for one with a field `_bsontype`
 */
export function encode(doc: Doc): Uint8Array {
  const bytes = serialized(doc);
  // The package writes into 17 MiB: a string that does not fit is cut there without a word.
  if (bytes.length > maxEncoded) throw tooLarge();
  return bytes;
}

function serialized(doc: Doc): Uint8Array {
  try {
    return BSON.serialize(doc, { ignoreUndefined: true });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    // The package takes a document that has a field `_bsontype` for a value of one of its classes, and refuses it.
    if (error instanceof BSON.BSONError) throw unsupported(`Encoding (${error.message})`);
    throw error;
  }
}

function tooLarge(): ServerError {
  return new ServerError(
    10334,
    'BSONObj size is invalid. Size must be between 0 and 16793600(16MB)',
  );
}

function malformed(what: string): ServerError {
  return new ServerError(22, `Invalid BSON: ${what}`);
}

class Reader {
  at = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  document(depth: number, only?: ReadonlySet<string>): Doc {
    const doc: Doc = {};
    const end = this.open(depth);
    for (let type = this.byte(end); type !== 0; type = this.byte(end)) {
      const key = this.key(end);
      if (only && !only.has(key)) this.skip(type, end, depth);
      else put(doc, key, this.value(type, end, depth));
    }
    this.close(end);
    return doc;
  }

  private array(depth: number): unknown[] {
    const items: unknown[] = [];
    const end = this.open(depth);
    for (let type = this.byte(end); type !== 0; type = this.byte(end)) {
      this.skipKey(end);
      items.push(this.value(type, end, depth));
    }
    this.close(end);
    return items;
  }

  /** Reads the length of a document and returns where it ends. */
  private open(depth: number): number {
    if (depth > maxDepth) throw new ServerError(15, 'BSONObj exceeds maximum nested object depth');
    const start = this.at;
    const end = start + this.int32(this.bytes.length);
    if (end < start + 5 || end > this.bytes.length) throw malformed('length of a document');
    return end;
  }

  private close(end: number): void {
    if (this.at !== end) throw malformed('document does not end where its length says');
  }

  private value(type: number, end: number, depth: number): unknown {
    switch (type) {
      case 0x01:
        return double(this.bytes.readDoubleLE(this.take(8, end)));
      case 0x02:
        return this.string(end);
      case 0x03:
        return this.document(depth + 1);
      case 0x04:
        return this.array(depth + 1);
      case 0x05:
        return this.binary(end);
      case 0x07:
        return new ObjectId(this.copy(12, end));
      case 0x08: {
        const flag = this.byte(end);
        if (flag > 1) throw malformed('boolean');
        return flag === 1;
      }
      case 0x09:
        return this.date(end);
      case 0x0a:
        return null;
      case 0x0b:
        return new BSONRegExp(this.key(end), this.key(end));
      case 0x0d:
        return new Code(this.string(end));
      case 0x0e:
        return new BSONSymbol(this.string(end));
      case 0x0f: {
        const stop = this.at + this.int32(end);
        const code = this.string(end);
        const scope = this.document(depth + 1);
        if (this.at !== stop) throw malformed('code with scope');
        return new Code(code, scope);
      }
      case 0x10:
        return this.int32(end);
      case 0x11: {
        const low = this.int32(end);
        return new Timestamp(Long.fromBits(low, this.int32(end), true));
      }
      case 0x12: {
        const low = this.int32(end);
        return Long.fromBits(low, this.int32(end));
      }
      case 0x13:
        return new Decimal128(this.copy(16, end));
      case 0x7f:
        return new MaxKey();
      case 0xff:
        return new MinKey();
      case 0x06:
      case 0x0c:
        throw unsupported(`The deprecated BSON type ${type}`);
      default:
        throw malformed(`unknown type ${type}`);
    }
  }

  private skip(type: number, end: number, depth: number): void {
    const size = fixedSizes[type];
    if (size !== undefined) this.take(size, end);
    else if (type === 0x02) this.take(this.int32(end), end);
    else if (type === 0x03 || type === 0x04) this.take(this.int32(end) - 4, end);
    else if (type === 0x05) this.take(this.int32(end) + 1, end);
    else this.value(type, end, depth);
  }

  private date(end: number): Date {
    const millis = Number(this.bytes.readBigInt64LE(this.take(8, end)));
    const date = new Date(millis);
    if (Number.isNaN(date.getTime())) throw unsupported('A date outside ECMAScript’s range');
    return date;
  }

  private binary(end: number): Binary {
    const length = this.int32(end);
    const subtype = this.byte(end);
    if (length < 0) throw malformed('length of binary data');
    const bytes = this.copy(length, end);
    if (subtype !== 2) return new Binary(bytes, subtype);
    if (length < 4 || bytes.readInt32LE(0) !== length - 4) throw malformed('old binary data');
    return new Binary(bytes.subarray(4), subtype);
  }

  private string(end: number): string {
    const length = this.int32(end);
    if (length < 1) throw malformed('length of a string');
    const start = this.take(length, end);
    if (this.bytes[start + length - 1] !== 0) throw malformed('string without its end');
    return this.text(start, start + length - 1);
  }

  /** A field's name; documents repeat theirs, so that most are found in a cache without making a string. */
  private key(end: number): string {
    const start = this.at;
    let hash = 0;
    let at = start;
    for (let byte = this.bytes[at]; byte !== 0; byte = this.bytes[++at]) {
      if (byte === undefined || at >= end) throw malformed('name without its end');
      hash = (hash * 31 + byte) | 0;
    }
    this.at = at + 1;
    const slot = hash & (cachedNames - 1);
    const cached = nameCache[slot];
    if (cached !== undefined && this.holds(cached, start, at)) return cached;
    const name = this.bytes.toString('utf8', start, at);
    nameCache[slot] = name;
    return name;
  }

  private holds(text: string, start: number, stop: number): boolean {
    if (text.length !== stop - start) return false;
    for (let at = 0; at < text.length; at++) {
      if (text.charCodeAt(at) !== this.bytes[start + at]) return false;
    }
    return true;
  }

  private skipKey(end: number): void {
    const stop = this.bytes.indexOf(0, this.at);
    if (stop < 0 || stop >= end) throw malformed('name without its end');
    this.at = stop + 1;
  }

  /** Short ASCII text is built here, as a call into the native decoder costs more than it saves. */
  private text(start: number, stop: number): string {
    if (stop - start > 24) return this.bytes.toString('utf8', start, stop);
    let text = '';
    for (let at = start; at < stop; at++) {
      const byte = this.bytes[at] ?? 0;
      if (byte > 127) return this.bytes.toString('utf8', start, stop);
      text += String.fromCharCode(byte);
    }
    return text;
  }

  private copy(length: number, end: number): Buffer {
    const start = this.take(length, end);
    return Buffer.from(this.bytes.subarray(start, start + length));
  }

  private byte(end: number): number {
    return this.bytes[this.take(1, end)] ?? 0;
  }

  private int32(end: number): number {
    return this.bytes.readInt32LE(this.take(4, end));
  }

  private take(length: number, end: number): number {
    const start = this.at;
    if (length < 0 || start + length > end) throw malformed('value runs over its document');
    this.at = start + length;
    return start;
  }
}
