import { ObjectId } from 'mongodb';

import { decode, double, type Doc } from './bson.ts';
import { fixedSizes } from './raw.ts';

/** Where a value ends, in a document that is known to be well formed; 0 for types that are too rare to bother. */
function endOf(bytes: Buffer, type: number, at: number): number {
  const size = fixedSizes[type] ?? -1;
  if (size >= 0) return at + size;
  if (type === 0x02) return at + 4 + bytes.readInt32LE(at);
  if (type === 0x03 || type === 0x04) return at + bytes.readInt32LE(at);
  return type === 0x05 ? at + 5 + bytes.readInt32LE(at) : 0;
}

function sameName(bytes: Buffer, at: number, end: number, name: Buffer): boolean {
  if (end - at !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (bytes[at + i] !== name[i]) return false;
  return true;
}

/** A scalar of a common type; undefined for all others. */
function scalar(bytes: Buffer, type: number, at: number, end: number): unknown {
  switch (type) {
    case 0x01:
      return double(bytes.readDoubleLE(at));
    case 0x02:
      return bytes.toString('utf8', at + 4, end - 1);
    case 0x07:
      return new ObjectId(bytes.subarray(at, end));
    case 0x08:
      return bytes[at] === 1;
    case 0x09:
      return new Date(bytes.readInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at));
    case 0x0a:
      return null;
    case 0x10:
      return bytes.readInt32LE(at);
    default:
      return undefined;
  }
}

/**
 * Makes a reader of some top-level fields of stored documents: what `decode` gives for them, but it stops at the last one
 * and makes no strings of the other names. Scans and index maintenance live on it.
 * @param names the fields; undefined: the whole document
 */
export function fieldPicker(names: ReadonlySet<string> | undefined): (bytes: Buffer) => Doc {
  if (!names || names.has('__proto__')) return (bytes) => decode(bytes, names);
  const wanted = [...names].map((name) => ({ name, bytes: Buffer.from(name) }));
  return (bytes) => {
    const doc: Doc = {};
    let missing = wanted.length;
    let at = 4;
    for (let type = bytes[at]; type && missing > 0; type = bytes[at]) {
      const from = at + 1;
      let nameEnd = from;
      while (bytes[nameEnd] !== 0) nameEnd++;
      const end = endOf(bytes, type, nameEnd + 1);
      if (end === 0) return decode(bytes, names);
      for (const field of wanted) {
        if (!sameName(bytes, from, nameEnd, field.bytes)) continue;
        const value = scalar(bytes, type, nameEnd + 1, end);
        if (value === undefined) return decode(bytes, names);
        doc[field.name] = value;
        missing--;
        break;
      }
      at = end;
    }
    return doc;
  };
}

/** Classes of values that can be ordered by their bytes, by BSON type: the members of one compare with each other. */
const ORDERS: Readonly<Record<number, 'number' | 'date' | 'string'>> = {
  0x01: 'number',
  0x02: 'string',
  0x09: 'date',
  0x10: 'number',
  0x12: 'number',
};

/** A value as it can be compared with stored bytes. An int64 beyond 2^53 is rounded: the order stays, not every difference. */
export interface Orderable {
  kind: 'number' | 'date' | 'string';
  number: number;
  text: Buffer;
}

const EMPTY = Buffer.alloc(0);

function numberAt(bytes: Buffer, type: number, at: number): number {
  if (type === 0x01) return bytes.readDoubleLE(at);
  if (type === 0x10) return bytes.readInt32LE(at);
  return bytes.readInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at);
}

/** Compares one top-level field of stored documents by its bytes, without making any value of it. */
export class FieldOrder {
  readonly #name: Buffer;

  constructor(name: string) {
    this.#name = Buffer.from(name);
  }

  /** The field of a document to compare others with; undefined when it is missing, NaN or of another kind. */
  read(bytes: Buffer): Orderable | undefined {
    const at = this.#locate(bytes);
    const type = bytes[at] ?? 0;
    const kind = ORDERS[type];
    if (at === 0 || kind === undefined) return undefined;
    const start = this.#start(at);
    if (kind === 'string') {
      return { kind, number: 0, text: bytes.subarray(start + 4, this.#textEnd(bytes, start)) };
    }
    const number = numberAt(bytes, type, start);
    return Number.isNaN(number) ? undefined : { kind, number, text: EMPTY };
  }

  /** Less than 0, 0 or more than 0 as the field stands before, beside or behind the value; 0 where its kind is another. */
  compare(bytes: Buffer, { kind, number, text }: Orderable): number {
    const at = this.#locate(bytes);
    const type = bytes[at] ?? 0;
    if (at === 0 || ORDERS[type] !== kind) return 0;
    const start = this.#start(at);
    if (kind !== 'string') return numberAt(bytes, type, start) - number;
    return bytes.compare(text, 0, text.length, start + 4, this.#textEnd(bytes, start));
  }

  #start(at: number): number {
    return at + this.#name.length + 2;
  }

  #textEnd(bytes: Buffer, start: number): number {
    return start + 3 + bytes.readInt32LE(start);
  }

  /** Where the field's type byte is; 0 when it is missing or stands behind a type too rare to bother. */
  #locate(bytes: Buffer): number {
    let at = 4;
    for (let type = bytes[at]; type; type = bytes[at]) {
      let nameEnd = at + 1;
      while (bytes[nameEnd] !== 0) nameEnd++;
      if (sameName(bytes, at + 1, nameEnd, this.#name)) return at;
      at = endOf(bytes, type, nameEnd + 1);
      if (at === 0) return 0;
    }
    return 0;
  }
}
