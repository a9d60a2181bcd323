import { describe, expect, it } from 'vitest';
import { MongoServerError } from 'mongodb';
import { codeOf, ids, server } from './differences-server.ts';

const fixture = server();
const embedded = process.env['MONGODB_URI'] === undefined;

describe('$text', () => {
  it('finds words, phrases and leaves out negated ones; gives a score', async () => {
    const collection = await fixture.given(
      { _id: 1, t: 'red apple pie' },
      { _id: 2, t: 'green apple' },
      { _id: 3, t: 'pie chart' },
    );
    await collection.createIndex({ t: 'text' });
    expect(await ids(collection, { $text: { $search: 'apple' } })).toEqual([1, 2]);
    expect(await ids(collection, { $text: { $search: 'apple -green' } })).toEqual([1]);
    expect(await ids(collection, { $text: { $search: '"apple pie"' } })).toEqual([1]);
    expect(await ids(collection, { $text: { $search: 'green chart' } })).toEqual([2, 3]);
    const scored = await collection
      .find({ $text: { $search: 'apple pie' } })
      .project({ s: { $meta: 'textScore' } })
      .sort({ s: { $meta: 'textScore' } })
      .toArray();
    expect(scored[0]).toMatchObject({ _id: 1 });
    expect(scored.every(({ s }) => typeof s === 'number' && s > 0)).toBe(true);
  });

  it('needs a text index', async () => {
    const collection = await fixture.given({ _id: 1, t: 'a' });
    expect(await codeOf(collection.find({ $text: { $search: 'a' } }).toArray())).toBe(27);
  });
});

describe('$comment and $jsonSchema', () => {
  it('$comment changes nothing', async () => {
    const collection = await fixture.given({ _id: 1, a: 1 }, { _id: 2, a: 2 });
    expect(await ids(collection, { a: 1, $comment: 'why' })).toEqual([1]);
  });

  it('$jsonSchema filters', async () => {
    const collection = await fixture.given({ _id: 1, a: 1 }, { _id: 2, a: 'x' }, { _id: 3 });
    expect(
      await ids(collection, {
        $jsonSchema: { required: ['a'], properties: { a: { bsonType: 'int', minimum: 1 } } },
      }),
    ).toEqual([1]);
  });

  it('$jsonSchema validates with details in code 121', async () => {
    await fixture.db.dropCollection('validated');
    const collection = await fixture.db.createCollection('validated', {
      validator: {
        $jsonSchema: {
          bsonType: 'object',
          required: ['a'],
          properties: { a: { bsonType: 'string', maxLength: 3 } },
        },
      },
    });
    const error: unknown = await collection
      .insertOne({ a: 'long text' })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MongoServerError);
    expect(error).toMatchObject({
      code: 121,
      errInfo: { details: { operatorName: '$jsonSchema' } },
    });
    expect(JSON.stringify((error as MongoServerError).errInfo)).toContain('maxLength');
    expect(await codeOf(collection.insertOne({}))).toBe(121);
    await collection.insertOne({ a: 'x' }, {});
    expect(await codeOf(collection.updateOne({ a: 'x' }, { $set: { a: 1 } }))).toBe(121);
    await collection.insertOne({ a: 'bypassed' }, { bypassDocumentValidation: true });
  });
});

// MongoDB has these; the embedded server names them as not supported instead of guessing.
describe.runIf(embedded)('what is not supported fails with code 238 and its name', () => {
  it.each<[string, object]>([
    ['$where', { $where: 'this.a == 1' }],
    ['$near', { a: { $near: [0, 0] } }],
    [
      '$polygon',
      {
        a: {
          $geoWithin: {
            $polygon: [
              [0, 0],
              [0, 1],
              [1, 1],
            ],
          },
        },
      },
    ],
    [
      '$geoIntersects',
      { a: { $geoIntersects: { $geometry: { type: 'Point', coordinates: [0, 0] } } } },
    ],
  ])('%s in a filter', async (name, filter) => {
    const collection = await fixture.given({ _id: 1, a: 1 });
    const failure = collection.find(filter).toArray();
    await expect(failure).rejects.toMatchObject({ code: 238 });
    await expect(failure).rejects.toThrow(name);
  });

  it.each(['$geoNear', '$search', '$vectorSearch'])('%s as a stage', async (name) => {
    const collection = await fixture.given({ _id: 1, a: 1 });
    const failure = collection.aggregate([{ [name]: {} }]).toArray();
    await expect(failure).rejects.toMatchObject({ code: 238 });
    await expect(failure).rejects.toThrow(name);
  });

  it.each(['$function', '$accumulator'])('%s as an expression', async (name) => {
    const collection = await fixture.given({ _id: 1, a: 1 });
    const failure = collection
      .aggregate([{ $project: { v: { [name]: { body: 'function() {}', args: [], lang: 'js' } } } }])
      .toArray();
    await expect(failure).rejects.toMatchObject({ code: 238 });
  });

  it.each(['2d', 'hashed'])('an index of kind %s', async (kind) => {
    const collection = await fixture.given({ _id: 1 });
    expect(await codeOf(collection.createIndex({ a: kind } as never))).toBe(238);
  });
});

describe('error codes', () => {
  it.each<[string, (name: string) => Promise<unknown>, number]>([
    [
      'a duplicate key',
      (c) => fixture.db.collection(c).insertMany([{ _id: 9 }, { _id: 9 }] as never),
      11000,
    ],
    ['an unknown command', () => fixture.db.command({ nonsense: 1 }), 59],
    [
      'an unknown filter operator',
      (c) =>
        fixture.db
          .collection(c)
          .find({ a: { $nonsense: 1 } })
          .toArray(),
      2,
    ],
    [
      'an unknown top level operator',
      (c) => fixture.db.collection(c).find({ $nonsense: 1 }).toArray(),
      2,
    ],
    [
      'an unknown stage',
      (c) =>
        fixture.db
          .collection(c)
          .aggregate([{ $nonsense: 1 }])
          .toArray(),
      40324,
    ],
    [
      'an unknown expression',
      (c) =>
        fixture.db
          .collection(c)
          .aggregate([{ $project: { a: { $nonsense: 1 } } }])
          .toArray(),
      31325,
    ],
    ['a bad hint', (c) => fixture.db.collection(c).find({}).hint({ nope: 1 }).toArray(), 2],
    ['an unknown cursor', (c) => fixture.db.command({ getMore: 12345n, collection: c }), 43],
    ['dropping an unknown index', (c) => fixture.db.collection(c).dropIndex('nope'), 27],
    [
      'an index of the same name with other options',
      (c) => fixture.db.collection(c).createIndex({ b: 1 }, { name: 'a_1' }),
      86,
    ],
    [
      'an index of the same key with another name',
      (c) => fixture.db.collection(c).createIndex({ a: 1 }, { name: 'other' }),
      85,
    ],
    [
      'a collection that exists',
      (c) => fixture.db.createCollection(c, { capped: true, size: 4096 }),
      48,
    ],
    ['renaming an unknown collection', () => fixture.db.collection('none').rename('other'), 26],
  ])('%s has its code', async (_, operation, code) => {
    const collection = await fixture.given({ _id: 1, a: 1 });
    await collection.createIndex({ a: 1 });
    expect(await codeOf(operation(collection.collectionName))).toBe(code);
  });
});
