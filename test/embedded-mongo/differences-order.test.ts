import {
  Binary,
  Decimal128,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  type Document,
} from 'mongodb';
import { describe, expect, it } from 'vitest';
import { ids, server } from './differences-server.ts';

const fixture = server();

/** One value of each BSON type in the order MongoDB documents ("Comparison/Sort Order"). */
const inOrder: [string, unknown][] = [
  ['MinKey', new MinKey()],
  ['null', null],
  ['number', 5],
  ['string', 'a'],
  ['object', { a: 1 }],
  ['binary', new Binary(Buffer.from('a'))],
  ['ObjectId', new ObjectId('0'.repeat(24))],
  ['boolean', false],
  ['date', new Date(0)],
  ['timestamp', new Timestamp({ t: 1, i: 1 })],
  ['regex', /a/],
  ['MaxKey', new MaxKey()],
];

const order = (documents: Document[]): unknown[] => documents.map(({ _id }) => _id as unknown);

describe('sorting', () => {
  it('orders types as documented, with and without an index', async () => {
    const shuffled = inOrder
      .map(([_id, v], i) => ({ _id, v, shuffle: (i * 7) % inOrder.length }))
      .sort((a, b) => a.shuffle - b.shuffle);
    const collection = await fixture.given(...shuffled);
    const expected = inOrder.map(([name]) => name);
    expect(order(await collection.find().sort({ v: 1 }).toArray())).toEqual(expected);
    expect(order(await collection.find().sort({ v: -1 }).toArray())).toEqual(expected.toReversed());
    expect(order(await collection.aggregate([{ $sort: { v: 1 } }]).toArray())).toEqual(expected);
    await collection.createIndex({ v: 1 });
    expect(order(await collection.find().sort({ v: 1 }).hint({ v: 1 }).toArray())).toEqual(
      expected,
    );
  });

  it('takes the least member of an array ascending and the greatest descending', async () => {
    const collection = await fixture.given(
      { _id: 1, v: [5, 1] },
      { _id: 2, v: [2, 3] },
      { _id: 3, v: 4 },
    );
    expect(order(await collection.find().sort({ v: 1 }).toArray())).toEqual([1, 2, 3]);
    expect(order(await collection.find().sort({ v: -1 }).toArray())).toEqual([1, 3, 2]);
  });

  it('puts an empty array before null and missing', async () => {
    const collection = await fixture.given(
      { _id: 1, v: null },
      { _id: 2, v: [] },
      { _id: 3, v: 0 },
    );
    expect(order(await collection.find().sort({ v: 1 }).toArray())).toEqual([2, 1, 3]);
  });

  it('compares strings by their bytes, binaries by length first', async () => {
    const collection = await fixture.given(
      { _id: 1, v: 'b' },
      { _id: 2, v: 'B' },
      { _id: 3, v: 'é' },
      { _id: 4, v: '\u{1F600}' },
      { _id: 5, v: '\uFFEE' },
    );
    expect(order(await collection.find().sort({ v: 1 }).toArray())).toEqual([2, 1, 3, 5, 4]);
    const binaries = await fixture.given(
      { _id: 1, v: new Binary(Buffer.from('b')) },
      { _id: 2, v: new Binary(Buffer.from('aa')) },
    );
    expect(order(await binaries.find().sort({ v: 1 }).toArray())).toEqual([1, 2]);
  });

  it('sorts by several keys and by numbers of mixed types', async () => {
    const collection = await fixture.given(
      { _id: 1, a: Long.fromNumber(2), b: 1 },
      { _id: 2, a: 2, b: Decimal128.fromString('0.5') },
      { _id: 3, a: 1.5, b: 9 },
    );
    expect(order(await collection.find().sort({ a: -1, b: 1 }).toArray())).toEqual([2, 1, 3]);
  });
});

describe('$expr', () => {
  it('compares across types in BSON order', async () => {
    const collection = await fixture.given(
      { _id: 1, v: 'x' },
      { _id: 2, v: 0 },
      { _id: 3, v: null },
      { _id: 4 },
    );
    expect(await ids(collection, { $expr: { $gt: ['$v', 1] } })).toEqual([1]);
    expect(await ids(collection, { $expr: { $lt: ['$v', 1] } })).toEqual([2, 3, 4]);
    expect(await ids(collection, { $expr: { $gt: [{ $literal: 'x' }, 1] } })).toEqual([1, 2, 3, 4]);
  });

  it('knows numbers of every type as equal', async () => {
    const collection = await fixture.given(
      { _id: 1, v: Long.fromNumber(3) },
      { _id: 2, v: Decimal128.fromString('3') },
    );
    expect(await ids(collection, { $expr: { $eq: ['$v', 3] } })).toEqual([1, 2]);
    expect(await ids(collection, { $expr: { $gte: ['$v', 2.5] } })).toEqual([1, 2]);
  });
});
