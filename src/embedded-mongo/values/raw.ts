/**
 * BSON handled by its bytes: finding, checking and assembling elements without decoding values.
 * Documents travel from socket to store to socket in this form, so an ordinary read never re-encodes them.
 */
import { encode, type Doc } from './bson.ts';
import { ServerError, unsupported } from '../errors.ts';

const MAX_DEPTH = 100;

/** Where one element lies: `at` is its type byte, `start`..`end` its value. */
export interface Element {
  type: number;
  name: string;
  at: number;
  start: number;
  end: number;
}

function invalid(reason: string): ServerError {
  return new ServerError(22, `Invalid BSON: ${reason}`);
}

function int32(bytes: Buffer, at: number, limit: number): number {
  if (at + 4 > limit) throw invalid('truncated length');
  return bytes.readInt32LE(at);
}

function stringEnd(bytes: Buffer, at: number, limit: number): number {
  const length = int32(bytes, at, limit);
  const end = at + 4 + length;
  if (length < 1 || end > limit || bytes[end - 1] !== 0) throw invalid('bad string');
  return end;
}

function cstringEnd(bytes: Buffer, at: number, limit: number): number {
  const end = bytes.indexOf(0, at) + 1;
  if (end === 0 || end > limit) throw invalid('unterminated name');
  return end;
}

/** Bytes of a value by its type, for types of a fixed size; -1 where the value says it. */
export const fixedSizes = new Int8Array(256).fill(-1);
for (const [type, size] of [
  [0x01, 8],
  [0x07, 12],
  [0x08, 1],
  [0x09, 8],
  [0x0a, 0],
  [0x10, 4],
  [0x11, 8],
  [0x12, 8],
  [0x13, 16],
  [0x7f, 0],
  [0xff, 0],
] as const) {
  fixedSizes[type] = size;
}

function valueEnd(bytes: Buffer, type: number, at: number, limit: number): number {
  const fixed = fixedSizes[type] ?? -1;
  if (fixed >= 0) return at + fixed;
  switch (type) {
    case 0x02:
    case 0x0d:
    case 0x0e:
      return stringEnd(bytes, at, limit);
    case 0x03:
    case 0x04:
    case 0x0f: {
      const length = int32(bytes, at, limit);
      if (length < 5) throw invalid('bad document length');
      return at + length;
    }
    case 0x05: {
      const length = int32(bytes, at, limit);
      if (length < 0) throw invalid('bad binary length');
      return at + 5 + length;
    }
    case 0x0b:
      return cstringEnd(bytes, cstringEnd(bytes, at, limit), limit);
    case 0x06:
    case 0x0c:
      // Well formed, so it is answered: a cut connection would say nothing to who sent it.
      throw unsupported(`The deprecated BSON type ${type}`);
    default:
      throw invalid(`unknown type 0x${type.toString(16)}`);
  }
}

/** Where the closing zero of the document is that starts at `from`. */
function lastByte(bytes: Buffer, from: number): number {
  const length = int32(bytes, from, bytes.length);
  const last = from + length - 1;
  if (length < 5 || last >= bytes.length || bytes[last] !== 0) {
    throw invalid('bad document length');
  }
  return last;
}

/** Visits the elements of the document that starts at `from`. Throws 22 (InvalidBSON) on any byte out of place. */
export function* elements(bytes: Buffer, from = 0): Generator<Element> {
  const limit = lastByte(bytes, from);
  let at = from + 4;
  while (at < limit) {
    const type = bytes[at] ?? 0;
    const start = cstringEnd(bytes, at + 1, limit);
    const end = valueEnd(bytes, type, start, limit);
    if (end > limit) throw invalid('value past the end of its document');
    yield { type, name: bytes.toString('utf8', at + 1, start - 1), at, start, end };
    at = end;
  }
}

/** Throws 22 unless the whole document, nested ones included, is well formed and at most 100 levels deep. */
export function checkDocument(bytes: Buffer, from = 0, depth = 1): void {
  if (depth > MAX_DEPTH) throw new ServerError(15, `Exceeded depth limit of ${MAX_DEPTH}`);
  const limit = lastByte(bytes, from);
  let at = from + 4;
  while (at < limit) {
    const type = bytes[at] ?? 0;
    const start = cstringEnd(bytes, at + 1, limit);
    at = valueEnd(bytes, type, start, limit);
    if (at > limit) throw invalid('value past the end of its document');
    if (type === 0x03 || type === 0x04) checkDocument(bytes, start, depth + 1);
  }
}

/** The element called `name` of a document, or undefined. */
export function findElement(bytes: Buffer, name: string): Element | undefined {
  for (const element of elements(bytes)) if (element.name === name) return element;
  return undefined;
}

/** One element: type byte, name, value bytes. */
export function element(type: number, name: string, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`, 'utf8'), value]);
}

/** A document made of ready elements. */
export function assemble(parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 5);
  const out = Buffer.allocUnsafe(length);
  out.writeInt32LE(length, 0);
  let at = 4;
  for (const part of parts) at += part.copy(out, at);
  out[at] = 0;
  return out;
}

/** A document's bytes as a Buffer. */
export function encoded(doc: Doc): Buffer {
  const bytes = encode(doc);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The elements of a document without its frame, to put into another one. */
export function contents(bytes: Buffer): Buffer {
  return bytes.subarray(4, bytes.length - 1);
}

/** A BSON array whose members are whole documents. */
export function arrayOf(documents: readonly Buffer[]): Buffer {
  let length = 5;
  for (let index = 0; index < documents.length; index++) {
    length += String(index).length + 2 + (documents[index]?.length ?? 0);
  }
  const out = Buffer.allocUnsafe(length);
  out.writeInt32LE(length, 0);
  let at = 4;
  documents.forEach((document, index) => {
    out[at++] = 0x03;
    at += out.write(String(index), at, 'latin1');
    out[at++] = 0;
    at += document.copy(out, at);
  });
  out[at] = 0;
  return out;
}

/** The member documents of an array of documents (an element of type 0x04). */
export function documentsIn(bytes: Buffer, array: Element): Buffer[] {
  const found: Buffer[] = [];
  for (const member of elements(bytes, array.start)) {
    if (member.type !== 0x03) throw new ServerError(14, `'${array.name}' must hold objects`);
    found.push(bytes.subarray(member.start, member.end));
  }
  return found;
}

/** The document that a field holds. @throws ServerError 14 when it holds something else */
export function documentIn(bytes: Buffer, name: string): Buffer {
  const found = findElement(bytes, name);
  if (found?.type !== 0x03) throw new ServerError(14, `'${name}' must be an object`);
  return bytes.subarray(found.start, found.end);
}

/** A copy of the document, detached from the message it came in, with `_id` moved to the front. */
export function ownedWithIdFirst(bytes: Buffer, id: Element): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  bytes.copy(out, 0, 0, 4);
  const size = bytes.copy(out, 4, id.at, id.end);
  bytes.copy(out, 4 + size, 4, id.at);
  bytes.copy(out, id.end, id.end);
  return out;
}
