import { BSON, Long, type Document } from 'mongodb';
import type { Random } from '../random.ts';

/** A message and whether its length field is true, so that the connection can carry another after it. */
export interface Message {
  bytes: Buffer;
  framed: boolean;
}

const opMsg = 2013;
const opQuery = 2004;
const opCompressed = 2012;
const headerBytes = 16;

function header(length: number, requestId: number, opCode: number): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.writeInt32LE(length | 0, 0);
  bytes.writeInt32LE(requestId | 0, 4);
  bytes.writeInt32LE(opCode | 0, 12);
  return bytes;
}

function frame(body: Buffer, requestId: number, opCode = opMsg): Buffer {
  return Buffer.concat([header(headerBytes + body.length, requestId, opCode), body]);
}

/** An OP_MSG with one command and, where given, its documents as a sequence of their own. */
export function command(
  document: Document,
  requestId: number,
  sequence?: [name: string, documents: Document[]],
): Buffer {
  const sections = [Buffer.from([0, 0, 0, 0, 0]), Buffer.from(BSON.serialize(document))];
  if (sequence) {
    const payload = Buffer.concat([
      Buffer.from(`${sequence[0]}\0`),
      ...sequence[1].map((one) => Buffer.from(BSON.serialize(one))),
    ]);
    const size = Buffer.alloc(5);
    size.writeInt8(1, 0);
    size.writeInt32LE(payload.length + 4, 1);
    sections.push(size, payload);
  }
  return frame(Buffer.concat(sections), requestId);
}

function query(document: Document, requestId: number): Buffer {
  const start = Buffer.concat([
    Buffer.alloc(4),
    Buffer.from('admin.$cmd\0'),
    Buffer.from([0, 0, 0, 0, 1, 0, 0, 0]),
  ]);
  return frame(Buffer.concat([start, Buffer.from(BSON.serialize(document))]), requestId, opQuery);
}

function deep(levels: number): Document {
  let document: Document = { end: 1 };
  for (let i = 0; i < levels; i++) document = { n: document };
  return document;
}

/** Valid messages to begin from: one of each shape that drivers send. */
function corpus(): Buffer[] {
  const $db = 'fuzz';
  const id = 7;
  return [
    command({ hello: 1, $db: 'admin', client: { driver: { name: 'fuzz', version: '1' } } }, id),
    query({ ismaster: 1, helloOk: true }, id),
    command({ ping: 1, $db }, id),
    command({ insert: 'c', ordered: true, $db }, id, [
      'documents',
      [{ _id: 1, a: 'text', b: [1, 2.5, Long.fromNumber(3)] }, { a: null }],
    ]),
    command(
      { insert: 'c', documents: [{ a: new Date(), r: /a/i, o: new BSON.ObjectId() }], $db },
      id,
    ),
    command(
      {
        update: 'c',
        updates: [
          {
            q: { a: { $gt: 1 } },
            u: { $set: { b: 1 }, $push: { l: { $each: [1] } } },
            upsert: true,
          },
        ],
        $db,
      },
      id,
    ),
    command({ delete: 'c', deletes: [{ q: { a: 1 }, limit: 1 }], $db }, id),
    command(
      {
        find: 'c',
        filter: { $or: [{ a: { $in: [1, 2] } }, { b: /x/ }] },
        sort: { a: -1 },
        limit: 5,
        $db,
      },
      id,
    ),
    command(
      {
        aggregate: 'c',
        pipeline: [{ $match: { a: 1 } }, { $group: { _id: '$a', n: { $sum: 1 } } }],
        cursor: {},
        $db,
      },
      id,
    ),
    command(
      { findAndModify: 'c', query: { _id: 1 }, update: { $inc: { n: 1 } }, new: true, $db },
      id,
    ),
    command({ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a_1' }], $db }, id),
    command({ getMore: Long.fromNumber(5), collection: 'c', $db }, id),
    command({ listCollections: 1, filter: {}, $db }, id),
    command({ insert: 'c', documents: [deep(90)], $db }, id),
    command(
      {
        commitTransaction: 1,
        lsid: { id: new BSON.UUID('00000000-0000-4000-8000-000000000001') },
        txnNumber: Long.ONE,
        autocommit: false,
        $db: 'admin',
      },
      id,
    ),
    frame(
      Buffer.concat([
        header(0, 0, opMsg).subarray(12),
        Buffer.from([20, 0, 0, 0, 1]),
        Buffer.from('not compressed'),
      ]),
      id,
      opCompressed,
    ),
  ];
}

const valid = corpus();

function flipBytes(random: Random, bytes: Buffer, from: number): void {
  const flips = 1 + random.below(8);
  for (let i = 0; i < flips; i++)
    bytes[from + random.below(bytes.length - from)] = random.below(256);
}

const interesting = [0, 1, -1, 4, 5, 16, 15, 2147483647, -2147483648, 48000001, 16777217];

/** A random or mutated message. */
export function message(random: Random): Message {
  const bytes = Buffer.from(random.pick(valid));
  const kind = random.below(10);
  if (kind === 0)
    return { bytes: Buffer.from(random.list(64, () => random.below(256))), framed: false };
  if (kind === 1) return { bytes: bytes.subarray(0, random.below(bytes.length)), framed: false };
  if (kind === 2) {
    bytes.writeInt32LE(random.chance(0.5) ? random.pick(interesting) : random.below(2 ** 31), 0);
    return { bytes, framed: false };
  }
  if (kind === 3) {
    const body = Buffer.from(random.list(80, () => random.below(256)));
    return {
      bytes: frame(
        body,
        random.below(1000),
        random.pick([opMsg, opQuery, opCompressed, 1, 2001, random.below(5000)]),
      ),
      framed: true,
    };
  }
  if (kind === 4) {
    // A length inside the message: sections, documents, strings.
    bytes.writeInt32LE(
      random.pick(interesting),
      headerBytes + random.below(Math.max(1, bytes.length - headerBytes - 4)),
    );
    return { bytes, framed: true };
  }
  if (kind === 5) {
    const cut = headerBytes + random.below(bytes.length - headerBytes);
    const shorter = Buffer.concat([
      bytes.subarray(0, cut),
      bytes.subarray(cut + 1 + random.below(4)),
    ]);
    shorter.writeInt32LE(shorter.length, 0);
    return { bytes: shorter, framed: true };
  }
  if (kind === 6)
    return {
      bytes: command({ insert: 'c', documents: [deep(random.below(400))], $db: 'fuzz' }, 1),
      framed: true,
    };
  if (kind < 9) flipBytes(random, bytes, headerBytes);
  return { bytes, framed: true };
}
