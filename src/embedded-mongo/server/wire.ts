import type { Doc } from '../values/bson.ts';
import { arrayOf, assemble, contents, element, encoded } from '../values/raw.ts';

/** Largest message MongoDB takes, in bytes. */
const MAX_MESSAGE = 48_000_000;

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const CHECKSUM = 1;
const MORE_TO_COME = 2;
/** Bits of OP_MSG that a receiver must know; others above 15 are optional. */
const KNOWN_BITS = CHECKSUM | MORE_TO_COME;

/** A message from a client: one command. */
export interface Message {
  requestId: number;
  /** OP_QUERY is the handshake of old drivers and is answered with OP_REPLY. */
  legacy: boolean;
  /** The client does not want an answer. */
  silent: boolean;
  /** The command's BSON. */
  body: Buffer;
  /** Arrays of the command that travel outside of it, by name. */
  sequences: Map<string, Buffer[]>;
  /** The database, when the command does not say it (OP_QUERY). */
  db: string | undefined;
}

/** The bytes do not follow the protocol: the connection must be closed. */
export class ProtocolError extends Error {}

/** Cuts a stream of bytes into messages. */
export class Framing {
  private chunks: Buffer[] = [];
  private size = 0;

  /** Takes what arrived and gives the messages that are complete. @throws ProtocolError on a length no message has */
  *push(chunk: Buffer): Generator<Buffer> {
    this.chunks.push(chunk);
    this.size += chunk.length;
    while (this.size >= 16) {
      const length = this.peek();
      if (length < 16 || length > MAX_MESSAGE)
        throw new ProtocolError(`message of ${length} bytes`);
      if (this.size < length) return;
      const all =
        this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks);
      const rest = all.subarray(length);
      this.chunks = rest.length > 0 ? [rest] : [];
      this.size = rest.length;
      yield all.subarray(0, length);
    }
  }

  private peek(): number {
    const [first] = this.chunks;
    if (first && first.length < 4) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0]?.readInt32LE(0) ?? 0;
  }
}

/** Reads one message, whose documents are not looked into yet. @throws ProtocolError when it is malformed */
export function readMessage(bytes: Buffer): Message {
  const requestId = bytes.readInt32LE(4);
  const code = bytes.readInt32LE(12);
  if (code === OP_MSG) return readMsg(requestId, bytes);
  if (code === OP_QUERY) return readQuery(requestId, bytes);
  throw new ProtocolError(`unknown operation ${code}`);
}

function documentAt(bytes: Buffer, at: number, end: number): Buffer {
  const length = at + 4 <= end ? bytes.readInt32LE(at) : 0;
  if (length < 5 || at + length > end)
    throw new ProtocolError('document past the end of its message');
  return bytes.subarray(at, at + length);
}

function readMsg(requestId: number, bytes: Buffer): Message {
  if (bytes.length < 26) throw new ProtocolError('message too short');
  const flags = bytes.readUInt32LE(16);
  if (flags & 0xffff & ~KNOWN_BITS) throw new ProtocolError('unknown flag');
  const end = flags & CHECKSUM ? bytes.length - 4 : bytes.length;
  let body: Buffer | undefined;
  const sequences = new Map<string, Buffer[]>();
  let at = 20;
  while (at < end) {
    const kind = bytes[at++];
    if (kind === 0) {
      if (body) throw new ProtocolError('two bodies');
      body = documentAt(bytes, at, end);
      at += body.length;
    } else if (kind === 1) {
      at = readSequence(bytes, at, end, sequences);
    } else {
      throw new ProtocolError(`unknown section ${kind}`);
    }
  }
  if (!body || at !== end) throw new ProtocolError('no body');
  const silent = (flags & MORE_TO_COME) !== 0;
  return { requestId, legacy: false, silent, body, sequences, db: undefined };
}

function readSequence(
  bytes: Buffer,
  start: number,
  limit: number,
  sequences: Map<string, Buffer[]>,
): number {
  const length = start + 4 <= limit ? bytes.readInt32LE(start) : 0;
  const end = start + length;
  if (length < 5 || end > limit) throw new ProtocolError('bad sequence length');
  const nameEnd = bytes.indexOf(0, start + 4);
  if (nameEnd < 0 || nameEnd >= end) throw new ProtocolError('bad sequence name');
  const name = bytes.toString('utf8', start + 4, nameEnd);
  if (sequences.has(name)) throw new ProtocolError('sequence sent twice');
  const documents: Buffer[] = [];
  let at = nameEnd + 1;
  while (at < end) {
    const document = documentAt(bytes, at, end);
    documents.push(document);
    at += document.length;
  }
  sequences.set(name, documents);
  return end;
}

function readQuery(requestId: number, bytes: Buffer): Message {
  const nameEnd = bytes.indexOf(0, 20);
  if (nameEnd < 0 || nameEnd + 9 > bytes.length) throw new ProtocolError('bad query');
  const namespace = bytes.toString('utf8', 20, nameEnd);
  if (!namespace.endsWith('.$cmd')) throw new ProtocolError('only commands are accepted');
  const body = documentAt(bytes, nameEnd + 9, bytes.length);
  const db = namespace.slice(0, -'.$cmd'.length);
  return { requestId, legacy: true, silent: false, body, sequences: new Map(), db };
}

/** Documents of an answer that are passed on as they are stored. */
export class RawBatch {
  readonly documents: readonly Buffer[];

  constructor(documents: readonly Buffer[]) {
    this.documents = documents;
  }
}

/** One document of an answer that is passed on as it is stored. */
export class RawDocument {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

function holdsRaw(value: unknown): value is Doc {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((member) => member instanceof RawBatch)
  );
}

/** Encodes an answer, which may hold `RawBatch` and `RawDocument` at its first two levels. */
export function encodeReply(reply: Doc): Buffer {
  const parts: Buffer[] = [];
  let plain: Doc = {};
  const flush = () => {
    if (Object.keys(plain).length > 0) parts.push(contents(encoded(plain)));
    plain = {};
  };
  for (const [name, value] of Object.entries(reply)) {
    if (value instanceof RawDocument) {
      flush();
      parts.push(element(0x03, name, value.bytes));
    } else if (value instanceof RawBatch) {
      flush();
      parts.push(element(0x04, name, arrayOf(value.documents)));
    } else if (holdsRaw(value)) {
      flush();
      parts.push(element(0x03, name, encodeReply(value)));
    } else {
      plain[name] = value;
    }
  }
  flush();
  return assemble(parts);
}

let lastRequest = 0;

/** Frames an answer to a message. */
export function frameReply(message: Message, reply: Buffer): Buffer[] {
  const header = Buffer.alloc(message.legacy ? 36 : 21);
  header.writeInt32LE(header.length + reply.length, 0);
  header.writeInt32LE((lastRequest = (lastRequest + 1) & 0x7fffffff), 4);
  header.writeInt32LE(message.requestId, 8);
  header.writeInt32LE(message.legacy ? OP_REPLY : OP_MSG, 12);
  if (message.legacy) header.writeInt32LE(1, 32);
  return [header, reply];
}
