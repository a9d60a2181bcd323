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

const numbers: readonly number[] = [0x01, 0x10, 0x12];
const dates: readonly number[] = [0x09];

/** Kinds of values that can be ordered by a JavaScript number. */
export const orderable = { numbers, dates };

/**
 * Makes a reader of one top-level field of stored documents that holds a number or a date, without making any value of it.
 * It gives the number, or the date in ms; NaN for a field that is missing or of another kind. An int64 beyond 2^53 is
 * rounded, which keeps the order but not every difference.
 */
export function numberReader(name: string): (bytes: Buffer, kind: readonly number[]) => number {
  const wanted = Buffer.from(name);
  return (bytes, kind) => {
    let at = 4;
    for (let type = bytes[at]; type; type = bytes[at]) {
      const from = at + 1;
      let nameEnd = from;
      while (bytes[nameEnd] !== 0) nameEnd++;
      const start = nameEnd + 1;
      if (sameName(bytes, from, nameEnd, wanted)) {
        if (!kind.includes(type)) return NaN;
        if (type === 0x01) return bytes.readDoubleLE(start);
        if (type === 0x10) return bytes.readInt32LE(start);
        return bytes.readInt32LE(start + 4) * 2 ** 32 + bytes.readUInt32LE(start);
      }
      at = endOf(bytes, type, start);
      if (at === 0) return NaN;
    }
    return NaN;
  };
}
