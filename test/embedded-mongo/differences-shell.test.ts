import { once } from 'node:events';
import { connect } from 'node:net';

import { BSON, Double, ObjectId } from 'mongodb';
import { describe, expect, it } from 'vitest';

import { connected, failure } from './client.ts';

// What trials of MongoDB's own shell tests against this server brought to light, in our words.
const at = connected();

async function computed(expression: unknown, options = {}): Promise<unknown> {
  const stages = [{ $documents: [{}] }, { $project: { value: expression } }];
  const [doc] = await at.db.aggregate(stages, options).toArray();
  return doc?.value;
}

const code = async (promise: Promise<unknown>) => (await failure(promise)).code as unknown;
const caseless = { locale: 'en', strength: 2 };

describe('filters and updates', () => {
  it('a member that the path names is no place for the positional $', async () => {
    await at.coll().insertOne({ _id: 1, a: [0], b: [{ c: [4, 5] }] });
    expect(await code(at.coll().updateOne({ 'a.0': 0 }, { $set: { 'a.$': 1 } }))).toBe(2);
    await at.coll().updateOne({ 'b.0.c': 5 }, { $set: { 'b.0.c.$': 6 } });
    expect(await at.coll().findOne()).toEqual({ _id: 1, a: [0], b: [{ c: [4, 6] }] });
  });

  it('operators of the top level are refused inside $elemMatch', async () => {
    const inside = { a: { $elemMatch: { $and: [{ $expr: { $eq: ['$b', 1] } }] } } };
    expect(await code(at.coll().find(inside).toArray())).toBe(2);
    expect(await code(at.coll().find({ $alwaysTrue: 0 }).toArray())).toBe(9);
  });

  it('a malformed statement fails where the collection does not exist, and creates none', async () => {
    const bad = { a: { $nothing: 1 } };
    expect(await code(at.coll().deleteOne(bad))).toBe(2);
    expect(await code(at.coll().updateOne(bad, { $set: { a: 1 } }, { upsert: true }))).toBe(2);
    expect(await code(at.coll().updateOne({}, { $rename: { a: 'a' } }))).toBe(2);
    expect(await code(at.db.command({ count: 'things', query: bad }))).toBe(2);
    expect(await code(at.coll().distinct('a', bad))).toBe(2);
    expect(
      await code(
        at
          .coll()
          .aggregate([{ $match: bad }])
          .toArray(),
      ),
    ).toBe(2);
    expect(await code(at.coll().countDocuments(bad))).toBe(2);
    expect(await at.db.listCollections().toArray()).toEqual([]);
  });

  it('an upsert takes two members of $all for two equalities', async () => {
    const upsert = at
      .coll()
      .updateOne({ a: { $all: [1, 2] } }, { $set: { b: 1 } }, { upsert: true });
    expect(await code(upsert)).toBe(54);
  });

  it('$pull with operators looks into members that are arrays, as a filter does', async () => {
    await at.coll().insertOne({ _id: 1, a: [1, [1, 2], 3], b: ['x', ['ay', 'z'], { c: 1 }] });
    await at.coll().updateOne({}, { $pull: { a: { $in: [2, 3] }, b: /^a/ } } as object);
    expect(await at.coll().findOne()).toEqual({ _id: 1, a: [1], b: ['x', { c: 1 }] });
  });

  it('a replacement that is upserted needs a whole _id', async () => {
    const upsert = at.coll().replaceOne({ '_id.x': 1 } as object, { a: 1 }, { upsert: true });
    expect(await code(upsert)).toBe(55);
  });

  it('a hint has to be a name or a pattern, and does not go with $natural', async () => {
    await at.coll().createIndex({ a: 1 });
    expect(await code(at.db.command({ find: 'things', hint: 1 }))).toBe(9);
    const natural = at.coll().find().hint({ a: 1 }).sort({ $natural: 1 });
    expect(await code(natural.toArray())).toBe(2);
    expect(await code(at.db.command({ find: 'things', limit: -1 }))).toBe(51024);
  });

  it('findAndModify shows no positional projection of the new document', async () => {
    await at.coll().insertOne({ _id: 1, a: [1, 2] });
    const change = at
      .coll()
      .findOneAndUpdate(
        { a: 2 },
        { $set: { b: 1 } },
        { projection: { 'a.$': 1 }, returnDocument: 'after' },
      );
    expect(await code(change)).toBe(2);
  });

  it('a cursor does not outlive its collection', async () => {
    await at.coll().insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }, { _id: 4 }]);
    const cursor = at.coll().find().batchSize(1);
    await cursor.next();
    await at.coll().drop();
    expect(await code(cursor.toArray())).toBe(175);
  });

  it('a cursor outlives neither the name of its collection nor the index it walks', async () => {
    await at.coll().createIndex({ a: 1 });
    await at.coll().insertMany([{ a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }]);
    const [renamed, walking, scanning] = [{}, { a: { $gt: 0 } }, {}].map((filter) =>
      at.coll().find(filter).batchSize(1),
    );
    for (const cursor of [walking, scanning]) await cursor?.next();
    await at.coll().dropIndex('a_1');
    expect(await code(walking?.toArray() ?? Promise.resolve())).toBe(175);
    expect(await scanning?.toArray()).toHaveLength(3);
    await renamed?.next();
    await at.coll().rename('others');
    expect(await code(renamed?.toArray() ?? Promise.resolve())).toBe(175);
  });

  it('a repeated key that is a double is shown as one', async () => {
    await at.coll().insertOne({ _id: new Double(1) as unknown as number });
    const again = await failure(at.coll().insertOne({ _id: new Double(1) as unknown as number }));
    expect(again.message).toContain('{ _id: 1.0 }');
  });
});

describe('expressions', () => {
  it('%L reads the digits of a fraction, %Z writes plain minutes', async () => {
    const read = { dateString: '2017-07-04T11:56:02.81Z', format: '%Y-%m-%dT%H:%M:%S.%LZ' };
    expect(await computed({ $dateFromString: read })).toEqual(new Date('2017-07-04T11:56:02.810Z'));
    const write = { date: new Date(0), format: '%Z', timezone: '+01:00' };
    expect(await computed({ $dateToString: write })).toBe('60');
    const parts = { date: new Date(0), iso8601: '$missing' };
    expect(await computed({ $dateToParts: parts })).toBeNull();
  });

  it('$regexFindAll begins no search at the end of the text', async () => {
    const find = async (input: string, regex: string) => {
      const found = (await computed({ $regexFindAll: { input, regex } })) as { idx: number }[];
      return found.map(({ idx }) => idx);
    };
    expect(await find('aaa', 'a*?')).toEqual([0, 1, 2]);
    expect(await find('aaa', 'a*')).toEqual([0]);
    expect(await find('', 'a*')).toEqual([0]);
    expect(await find('ab', 'b*$')).toEqual([1]);
    expect(await find('ab', 'c*$')).toEqual([2]);
  });

  it.each([
    [40396, { $arrayToObject: [[['a']]] }],
    [40396, { $arrayToObject: [[['a', 1, 2]]] }],
    [40396, { $arrayToObject: [[{ k: 'a', v: 1, more: 1 }]] }],
    [40396, { $arrayToObject: [[['a', 1], { k: 'b', v: 1 }]] }],
    [16007, { $toUpper: true }],
    [16007, { $substrCP: [new ObjectId(), 0, 1] }],
    [18537, { $dateToString: { date: new Date(-(10 ** 14)), format: '%Y' } }],
    [241, { $toDate: '2024-02-30' }],
    [241, { $toDate: '2024-02-03T24:00:00Z' }],
    [241, { $dateFromString: { dateString: '30.02.2024', format: '%d.%m.%Y' } }],
    [241, { $dateFromString: { dateString: '2024-02-03 25', format: '%Y-%m-%d %H' } }],
  ])('%i for %j', async (expected, expression) => {
    expect(await code(computed(expression))).toBe(expected);
  });

  it.each([
    [{ $indexOfArray: [['b', 'B'], 'B'] }, 0],
    [{ $setIntersection: [['a'], ['A']] }, ['a']],
    [{ $setUnion: [['a'], ['A']] }, ['a']],
    [{ $setDifference: [['a', 'b'], ['A']] }, ['b']],
    [{ $setEquals: [['a'], ['A']] }, true],
    [{ $setIsSubset: [['a'], ['A']] }, true],
  ])('%j compares by the collation', async (expression, value) => {
    expect(await computed(expression, { collation: caseless })).toEqual(value);
  });
});

describe('validators', () => {
  it('compare by the collation of the collection', async () => {
    await at.db.createCollection('things', { validator: { a: 'x' }, collation: caseless });
    await at.coll().insertOne({ a: 'X' });
    expect(await code(at.coll().insertOne({ a: 'y' }))).toBe(121);
  });

  it('look at a replacement that changes nothing', async () => {
    await at.coll().insertOne({ _id: 1 });
    await at.db.command({ collMod: 'things', validator: { $jsonSchema: { required: ['a'] } } });
    expect(await code(at.coll().replaceOne({ _id: 1 }, {}))).toBe(121);
  });

  it('take items for the same whatever the order of their fields', async () => {
    const $jsonSchema = { properties: { a: { uniqueItems: true } } };
    await at.coll().insertOne({
      a: [
        { x: 1, y: 1 },
        { y: 1, x: 1 },
      ],
    });
    expect(await at.coll().find({ $jsonSchema }).toArray()).toEqual([]);
    const form = { $jsonSchema: { additionalItems: 1 } };
    expect(await code(at.coll().find(form).toArray())).toBe(14);
  });
});

describe('the catalog', () => {
  it.each([
    [14, { create: 'c', validator: 7 }],
    [72, { create: 'c', pipeline: [] }],
    [5, { create: 'c', viewOn: 'c', pipeline: [] }],
    [72, { create: 'c', viewOn: 'd', pipeline: [], capped: true, size: 10 }],
    [51024, { create: 'c', capped: true, size: -1 }],
    [67, { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a', v: 0 }] }],
    [67, { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a\0b' }] }],
    [
      67,
      { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a', expireAfterSeconds: 2 ** 31 }] },
    ],
    [
      67,
      {
        createIndexes: 'c',
        indexes: [{ key: { a: 1 }, name: 'a', partialFilterExpression: { a: /x/ } }],
      },
    ],
    [197, { createIndexes: 'c', indexes: [{ key: { _id: 1 }, name: '_id_', sparse: false }] }],
    [
      67,
      { createIndexes: 'c', indexes: [{ key: { a: 'text' }, name: 'a', default_language: 'x' }] },
    ],
    [
      67,
      { createIndexes: 'c', indexes: [{ key: { a: 'text' }, name: 'a', language_override: 1 }] },
    ],
  ])('%i for %j', async (expected, command) => {
    expect(await code(at.db.command(command))).toBe(expected);
  });

  it('has at most 64 indexes, and changes an index only when it is said how', async () => {
    const keys = Array.from({ length: 63 }, (_, n) => ({ key: { [`f${n}`]: 1 } }));
    await at.coll().createIndexes(keys);
    expect(await code(at.coll().createIndex({ more: 1 }))).toBe(67);
    const change = { collMod: 'things', index: { keyPattern: { f1: 1 } } };
    expect(await code(at.db.command(change))).toBe(72);
    expect(await code(at.db.command({ dropIndexes: 'things', index: ['f1_1', 123] }))).toBe(14);
  });

  it('a view keeps its collation and gives one batch when asked to', async () => {
    await at.coll().insertMany([{ _id: 1 }, { _id: 2 }]);
    await at.db.createCollection('view', { viewOn: 'things', pipeline: [] });
    expect(await code(at.coll('view').find({}, { collation: caseless }).toArray())).toBe(167);
    const { cursor } = await at.db.command({ find: 'view', batchSize: 1, singleBatch: true });
    expect(String((cursor as { id: unknown }).id)).toBe('0');
  });
});

describe('text indexes', () => {
  const search = async ($search: string) => {
    const rows = at.coll().find({ $text: { $search } }).sort({ _id: 1 });
    return (await rows.toArray()).map(({ _id }) => _id);
  };

  it('a document may name its language, one that MongoDB knows', async () => {
    await at.coll().createIndex({ a: 'text' });
    const insert = (language: unknown) => at.coll().insertOne({ _id: 1, a: 'x', language });
    expect(await code(insert('klingon'))).toBe(17262);
    expect(await code(insert(1))).toBe(17261);
    await at.coll().insertMany([
      { _id: 1, a: 'the apples', language: 'none' },
      { _id: 2, a: 'the apples' },
    ]);
    expect(await search('apple')).toEqual([2]);
    await at.coll().insertOne({ _id: 3, a: 'pommes', language: 'french' });
    expect(await code(search('apple'))).toBe(238);
    await at.coll('b').createIndex({ a: 'text' }, { default_language: 'french' });
  });

  it('every field, and fields that only the weights name', async () => {
    await at.coll().insertMany([
      { _id: 1, a: { b: ['x'] } },
      { _id: 2, c: 'x' },
    ]);
    await at.coll().createIndex({ '$**': 'text' });
    expect(await search('x')).toEqual([1, 2]);
    await at.coll().dropIndexes();
    await at.coll().createIndex({ 'a.b': 'text' }, { weights: { c: 2 } });
    expect(await search('x')).toEqual([1, 2]);
    await at.coll().insertOne({ _id: 3, a: { b: 'y', language: 'none' } });
    expect(await code(search('x'))).toBe(238);
  });
});

it('a deprecated type is answered with its refusal, not by a cut connection', async () => {
  const body = Buffer.from(BSON.serialize({ ping: null, $db: 'test' }));
  body[4] = 0x06; // `undefined`, which has no bytes either: no driver sends it any more
  const message = Buffer.alloc(21 + body.length);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(2013, 12);
  body.copy(message, 21);
  const socket = connect(at.server.port, '127.0.0.1');
  socket.end(message);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(BSON.deserialize(answer.subarray(21)).code).toBe(238);
  socket.destroy();
});
