import { Decimal128, Long, Timestamp, type Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { codeOf, ids, server, update } from './differences-server.ts';

const fixture = server();

/** The one document of a new collection after an update. */
async function updated(
  before: Document,
  change: Document | Document[],
  options = {},
): Promise<Document | null> {
  const collection = await fixture.given({ _id: 1, ...before });
  await update(collection, { _id: 1 }, change, options);
  return await collection.findOne({ _id: 1 }, { promoteLongs: false });
}

describe('$inc', () => {
  it('adds to a Long, by a Long and by a Decimal128', async () => {
    expect(await updated({ v: Long.fromString('9007199254740993') }, { $inc: { v: 1 } })).toEqual({
      _id: 1,
      v: Long.fromString('9007199254740994'),
    });
    expect(await updated({ v: 1 }, { $inc: { v: Long.fromNumber(2) } })).toEqual({
      _id: 1,
      v: Long.fromNumber(3),
    });
    expect(await updated({ v: 1 }, { $inc: { v: Decimal128.fromString('0.10') } })).toEqual({
      _id: 1,
      v: Decimal128.fromString('1.10'),
    });
    expect(
      await updated(
        { v: Decimal128.fromString('0.1') },
        { $inc: { v: Decimal128.fromString('0.2') } },
      ),
    ).toEqual({ _id: 1, v: Decimal128.fromString('0.3') });
  });

  it('widens an int that overflows to a long', async () => {
    expect(await updated({ v: 2147483647 }, { $inc: { v: 1 } })).toEqual({
      _id: 1,
      v: Long.fromNumber(2147483648),
    });
  });

  it('refuses a long that overflows', async () => {
    const collection = await fixture.given({ _id: 1, v: Long.MAX_VALUE });
    expect(await codeOf(update(collection, {}, { $inc: { v: 1 } }))).toBe(2);
  });

  it('multiplies with $mul, and sets zero where nothing was', async () => {
    expect(await updated({ v: Decimal128.fromString('1.5') }, { $mul: { v: 2 } })).toEqual({
      _id: 1,
      v: Decimal128.fromString('3.0'),
    });
    expect(await updated({}, { $mul: { v: 2 } })).toEqual({ _id: 1, v: 0 });
  });
});

describe('an update on a wrong path is an error', () => {
  it.each<[string, Document, Document, number]>([
    ['$set through a scalar', { a: 1 }, { $set: { 'a.b': 1 } }, 28],
    ['$set with a name on an array', { a: [1] }, { $set: { 'a.b': 1 } }, 28],
    ['$push on a number', { a: 1 }, { $push: { a: 1 } }, 2],
    ['$addToSet on a number', { a: 1 }, { $addToSet: { a: 1 } }, 2],
    ['$pull on a number', { a: 1 }, { $pull: { a: 1 } }, 2],
    ['$pop on a string', { a: 'x' }, { $pop: { a: 1 } }, 14],
    ['$inc on a string', { a: 'x' }, { $inc: { a: 1 } }, 14],
    ['$inc on null', { a: null }, { $inc: { a: 1 } }, 14],
    ['$inc by a string', { a: 1 }, { $inc: { a: 'x' } }, 14],
    ['$mul on an object', { a: {} }, { $mul: { a: 2 } }, 14],
    ['two operators on one path', { a: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
    [
      'two operators on a path and its parent',
      { a: {} },
      { $set: { 'a.b': 1 }, $unset: { a: 1 } },
      40,
    ],
    ['a changed _id', {}, { $set: { _id: 2 } }, 66],
    ['an unknown operator', {}, { $nonsense: { a: 1 } }, 9],
    ['$rename onto itself', { a: 1 }, { $rename: { a: 'a' } }, 2],
    ['an empty path part', {}, { $set: { 'a..b': 1 } }, 56],
    ['a positional operator without a match', { a: [1] }, { $set: { 'a.$': 2 } }, 2],
    ['an array filter without its definition', { a: [1] }, { $set: { 'a.$[x]': 2 } }, 2],
  ])('%s', async (_, before, change, code) => {
    const collection = await fixture.given({ _id: 1, ...before });
    expect(await codeOf(update(collection, { _id: 1 }, change))).toBe(code);
    expect(await collection.findOne()).toEqual({ _id: 1, ...before });
  });
});

describe('an update is atomic', () => {
  it('leaves a document whole when a later operator fails', async () => {
    const before = { _id: 1, a: 1, list: [1], text: 'x' };
    const collection = await fixture.given(before);
    expect(
      await codeOf(
        update(collection, {}, { $set: { a: 2 }, $push: { list: 2 }, $inc: { text: 1 } }),
      ),
    ).toBe(14);
    expect(await collection.findOne()).toEqual(before);
  });

  it('leaves a document whole when a stage of a pipeline update fails', async () => {
    const collection = await fixture.given({ _id: 1, a: 1 });
    expect(
      await codeOf(
        update(collection, {}, [
          { $set: { a: 2 } },
          { $set: { b: { $divide: [1, { $subtract: ['$a', 2] }] } } },
        ]),
      ),
    ).toBeDefined();
    expect(await collection.findOne()).toEqual({ _id: 1, a: 1 });
  });

  it('leaves a document whole when a unique index refuses the result', async () => {
    const collection = await fixture.given({ _id: 1, k: 1, n: 0 }, { _id: 2, k: 2, n: 0 });
    await collection.createIndex({ k: 1 }, { unique: true });
    expect(await codeOf(update(collection, { _id: 2 }, { $set: { k: 1, n: 9 } }))).toBe(11000);
    expect(await collection.findOne({ _id: 2 })).toEqual({ _id: 2, k: 2, n: 0 });
    expect(await ids(collection, { k: 2 })).toEqual([2]);
  });
});

describe('operators', () => {
  it('$setOnInsert writes on an upsert only', async () => {
    const collection = await fixture.given({ _id: 1 });
    const change = { $set: { a: 1 }, $setOnInsert: { b: 2 } };
    await update(collection, { _id: 1 }, change, { upsert: true });
    await update(collection, { _id: 2, 'k.l': 5 }, change, { upsert: true });
    expect(await collection.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, a: 1 },
      { _id: 2, k: { l: 5 }, a: 1, b: 2 },
    ]);
  });

  it('$currentDate gives a Date or a Timestamp as asked', async () => {
    const after = await updated(
      {},
      { $currentDate: { d: true, e: { $type: 'date' }, t: { $type: 'timestamp' } } },
    );
    expect(after?.['d']).toBeInstanceOf(Date);
    expect(after?.['e']).toBeInstanceOf(Date);
    expect(after?.['t']).toBeInstanceOf(Timestamp);
    expect(Math.abs(Date.now() - (after?.['d'] as Date).getTime())).toBeLessThan(10_000);
  });

  it('$set adds new keys in lexicographic order, numbers as numbers', async () => {
    const after = await updated({ m: 0 }, { $set: { z: 1, a: 2, k: 3, m: 4 } });
    expect(Object.keys(after ?? {})).toEqual(['_id', 'm', 'a', 'k', 'z']);
  });

  it('$addToSet takes an object with another key order as another', async () => {
    const after = await updated({ a: [{ x: 1, y: 2 }] }, { $addToSet: { a: { y: 2, x: 1 } } });
    expect(after?.['a']).toHaveLength(2);
    const same = await updated(
      { a: [{ x: 1, y: 2 }] },
      {
        $addToSet: {
          a: {
            $each: [
              { x: 1, y: 2 },
              { x: Long.ONE, y: 2 },
            ],
          },
        },
      },
    );
    expect(same?.['a']).toHaveLength(1);
  });

  it('arrayFilters, positional operators and $push modifiers work together', async () => {
    const collection = await fixture.given({
      _id: 1,
      g: [
        { n: 1, v: [1, 5] },
        { n: 2, v: [7] },
      ],
    });
    await update(
      collection,
      { _id: 1 },
      { $inc: { 'g.$[x].v.$[y]': 10 } },
      { arrayFilters: [{ 'x.n': { $lt: 2 } }, { y: { $gt: 2 } }] },
    );
    await update(collection, { 'g.n': 2 }, { $set: { 'g.$.hit': true } });
    await update(collection, { _id: 1 }, { $inc: { 'g.$[].n': 1 } });
    await update(
      collection,
      { _id: 1 },
      { $push: { list: { $each: [3, 1, 2], $sort: -1, $slice: 2, $position: 0 } } },
    );
    expect(await collection.findOne()).toEqual({
      _id: 1,
      g: [
        { n: 2, v: [1, 15] },
        { n: 3, v: [7], hit: true },
      ],
      list: [3, 2],
    });
  });

  it('an array filter that no path uses is an error', async () => {
    const collection = await fixture.given({ _id: 1, a: [1] });
    expect(
      await codeOf(update(collection, {}, { $set: { a: 1 } }, { arrayFilters: [{ x: 1 }] })),
    ).toBe(9);
  });

  it('$pull, $pullAll, $pop, $min, $max, $bit and $rename', async () => {
    expect(await updated({ a: [1, 2, 3, Long.fromNumber(2)] }, { $pull: { a: 2 } })).toMatchObject({
      a: [1, 3],
    });
    expect(await updated({ a: [{ b: 1, c: 1 }, { b: 2 }] }, { $pull: { a: { b: 1 } } })).toEqual({
      _id: 1,
      a: [{ b: 2 }],
    });
    expect(await updated({ a: [1, 2, 1] }, { $pullAll: { a: [1] } })).toEqual({ _id: 1, a: [2] });
    expect(await updated({ a: [1, 2], b: [1, 2] }, { $pop: { a: 1, b: -1 } })).toEqual({
      _id: 1,
      a: [1],
      b: [2],
    });
    expect(await updated({ a: 5, b: 5 }, { $min: { a: 3 }, $max: { b: 3 } })).toEqual({
      _id: 1,
      a: 3,
      b: 5,
    });
    expect(await updated({ a: 12 }, { $bit: { a: { and: 10 } } })).toEqual({ _id: 1, a: 8 });
    expect(await updated({ a: 1 }, { $rename: { a: 'c.d' } })).toEqual({ _id: 1, c: { d: 1 } });
  });
});

describe('pipeline updates', () => {
  it('do not touch the stored document before they are done', async () => {
    const collection = await fixture.given({ _id: 1, a: { b: 1, c: 2 } });
    const found = await collection.aggregate([{ $set: { 'a.b': 9 } }, { $unset: 'a.c' }]).toArray();
    expect(found).toEqual([{ _id: 1, a: { b: 9 } }]);
    expect(await collection.findOne()).toEqual({ _id: 1, a: { b: 1, c: 2 } });
    const [facet] = await collection
      .aggregate([{ $facet: { x: [{ $set: { 'a.b': 5 } }], y: [{ $match: { 'a.b': 1 } }] } }])
      .toArray();
    expect(facet).toEqual({
      x: [{ _id: 1, a: { b: 5, c: 2 } }],
      y: [{ _id: 1, a: { b: 1, c: 2 } }],
    });
  });

  it('see the fields earlier stages set', async () => {
    expect(
      await updated({ a: 2 }, [
        { $set: { b: { $add: ['$a', 1] } } },
        { $set: { c: { $multiply: ['$b', 2] } } },
        { $unset: 'a' },
      ]),
    ).toEqual({ _id: 1, b: 3, c: 6 });
  });
});
