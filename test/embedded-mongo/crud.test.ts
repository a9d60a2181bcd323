import { Binary, Decimal128, Long, ObjectId, Timestamp } from 'mongodb';
import { describe, expect, it } from 'vitest';

import { connected, failure } from './client.ts';

const at = connected();

describe('writing and reading', () => {
  it('keeps every BSON type as it was sent', async () => {
    const doc = {
      _id: new ObjectId(),
      long: Long.fromString('9007199254740993'),
      decimal: Decimal128.fromString('1.10'),
      binary: new Binary(Buffer.from('abc')),
      date: new Date(0),
      timestamp: new Timestamp({ t: 1, i: 2 }),
      pattern: /^a/i,
      nested: { list: [1, 2.5, 'x', null, true] },
    };
    await at.coll().insertOne({ ...doc });
    const found = await at.coll().findOne({}, { promoteLongs: false });
    expect(found).toEqual(doc);
    await at.coll().updateOne({}, { $set: { other: 1 } });
    expect(await at.coll().findOne({}, { promoteLongs: false })).toEqual({ ...doc, other: 1 });
  });

  it('stores _id first, makes one when there is none, and refuses one that is an array', async () => {
    await at.db.command({ insert: 'things', documents: [{ a: 1, _id: 5 }, { a: 2 }] });
    const [first, second] = await at.coll().find().toArray();
    expect(Object.keys(first ?? {})).toEqual(['_id', 'a']);
    expect(second?._id).toBeInstanceOf(ObjectId);
    expect(await failure(at.coll().insertOne({ _id: [1] }))).toMatchObject({ code: 53 });
  });

  it('fetches a long result in batches and lets a cursor be closed', async () => {
    await at.coll().insertMany(Array.from({ length: 1000 }, (_, n) => ({ _id: n })));
    expect(
      await at
        .coll()
        .find({}, { batchSize: 7 })
        .map(({ _id }) => _id)
        .toArray(),
    ).toEqual(Array.from({ length: 1000 }, (_, n) => n));
    const first = await at.db.command({ find: 'things', batchSize: 2 });
    const id = first['cursor'].id as Long;
    expect(await at.db.command({ killCursors: 'things', cursors: [id] })).toMatchObject({
      cursorsKilled: [id],
    });
    expect(await failure(at.db.command({ getMore: id, collection: 'things' }))).toMatchObject({
      code: 43,
    });
  });

  it('sorts, skips, limits and projects', async () => {
    await at.coll().insertMany([3, 1, 2, 5, 4].map((n) => ({ _id: n, n, other: true })));
    const found = at
      .coll()
      .find({ n: { $gt: 1 } })
      .sort({ n: -1 })
      .skip(1)
      .limit(2)
      .project({ n: 1, _id: 0 });
    expect(await found.toArray()).toEqual([{ n: 4 }, { n: 3 }]);
  });

  it('updates one, many, by replacement, by pipeline, and inserts when asked to', async () => {
    const things = at.coll();
    await things.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 1 },
    ]);
    expect(await things.updateOne({ n: 1 }, { $inc: { n: 1 } })).toMatchObject({
      matchedCount: 1,
      modifiedCount: 1,
    });
    expect(await things.updateMany({}, { $set: { n: 2 } })).toMatchObject({
      matchedCount: 2,
      modifiedCount: 1,
    });
    expect(await things.replaceOne({ _id: 2 }, { only: 1 })).toMatchObject({ modifiedCount: 1 });
    await things.updateOne({ _id: 1 }, [{ $set: { twice: { $multiply: ['$n', 2] } } }]);
    const added = await things.updateOne(
      { key: 'k' },
      { $set: { n: 9 }, $setOnInsert: { fresh: true } },
      { upsert: true },
    );
    expect(added).toMatchObject({ upsertedCount: 1 });
    expect(await things.find({}, { sort: { _id: 1 } }).toArray()).toEqual([
      { _id: 1, n: 2, twice: 4 },
      { _id: 2, only: 1 },
      { _id: added.upsertedId, key: 'k', n: 9, fresh: true },
    ]);
    expect(await failure(things.updateOne({ _id: 1 }, { $set: { _id: 7 } }))).toMatchObject({
      code: 66,
    });
  });

  it('changes the matching array member by position and by filter', async () => {
    const things = at.coll();
    await things.insertOne({ _id: 1, marks: [{ n: 1 }, { n: 5 }, { n: 9 }] });
    await things.updateOne({ 'marks.n': 5 }, { $set: { 'marks.$.seen': true } });
    await things.updateOne(
      {},
      { $inc: { 'marks.$[high].n': 1 } },
      { arrayFilters: [{ 'high.n': { $gt: 4 } }] },
    );
    expect(await things.findOne()).toEqual({
      _id: 1,
      marks: [{ n: 1 }, { n: 6, seen: true }, { n: 10 }],
    });
  });

  it('finds and modifies, before and after', async () => {
    const things = at.coll();
    await things.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    expect(await things.findOneAndUpdate({ n: 1 }, { $inc: { n: 10 } })).toEqual({ _id: 1, n: 1 });
    const after = await things.findOneAndUpdate(
      {},
      { $inc: { n: 10 } },
      { sort: { n: 1 }, returnDocument: 'after', projection: { _id: 0 } },
    );
    expect(after).toEqual({ n: 12 });
    expect(
      await things.findOneAndReplace(
        { _id: 3 },
        { x: 1 },
        { upsert: true, returnDocument: 'after' },
      ),
    ).toEqual({ _id: 3, x: 1 });
    expect(await things.findOneAndDelete({ _id: 1 })).toEqual({ _id: 1, n: 11 });
    expect(await things.findOneAndDelete({ _id: 1 })).toBeNull();
  });

  it('runs bulk writes, ordered and not, on one collection and on several', async () => {
    const things = at.coll();
    const operations = [
      { insertOne: { document: { _id: 1 } } },
      { insertOne: { document: { _id: 1 } } },
      { insertOne: { document: { _id: 2 } } },
    ];
    expect(await failure(things.bulkWrite(operations))).toMatchObject({ code: 11000 });
    expect(await things.countDocuments()).toBe(1);
    expect(await failure(things.bulkWrite(operations.slice(1), { ordered: false }))).toMatchObject({
      code: 11000,
    });
    expect(await things.countDocuments()).toBe(2);
    const result = await at.client.bulkWrite([
      { name: 'insertOne', namespace: 'test.other', document: { k: 1 } },
      { name: 'updateMany', namespace: 'test.things', filter: {}, update: { $set: { n: 1 } } },
      {
        name: 'replaceOne',
        namespace: 'test.things',
        filter: { k: 9 },
        replacement: { k: 9 },
        upsert: true,
      },
      { name: 'deleteOne', namespace: 'test.things', filter: { n: 1 } },
    ]);
    expect(result).toMatchObject({
      insertedCount: 1,
      matchedCount: 2,
      modifiedCount: 2,
      upsertedCount: 1,
      deletedCount: 1,
    });
  });

  it('counts, lists distinct values and deletes', async () => {
    const things = at.coll();
    await things.insertMany([{ t: ['a', 'b'] }, { t: 'a' }, { t: 'c' }, {}]);
    expect(await things.countDocuments({ t: 'a' })).toBe(2);
    expect(await things.estimatedDocumentCount()).toBe(4);
    expect(await things.distinct('t')).toEqual(['a', 'b', 'c']);
    expect(await things.deleteMany({ t: 'a' })).toMatchObject({ deletedCount: 2 });
    expect(await things.deleteOne({})).toMatchObject({ deletedCount: 1 });
  });

  it('compares text as a collation says', async () => {
    const things = at.coll();
    await things.insertMany([
      { _id: 1, name: 'Ann' },
      { _id: 2, name: 'ann' },
      { _id: 3, name: 'Bea' },
    ]);
    const collation = { locale: 'en', strength: 2 };
    expect(await things.countDocuments({ name: 'ANN' }, { collation })).toBe(2);
    await things.createIndex({ name: 1 }, { collation });
    expect(await things.find({ name: 'ANN' }, { collation }).toArray()).toHaveLength(2);
    expect(await things.countDocuments({ name: 'ANN' })).toBe(0);
  });

  it('checks documents against a schema and tells what is wrong', async () => {
    const $jsonSchema = {
      bsonType: 'object',
      required: ['name'],
      properties: { name: { bsonType: 'string' } },
    };
    const things = await at.db.createCollection('checked', { validator: { $jsonSchema } });
    await things.insertOne({ name: 'x' });
    const error = await failure(things.insertOne({ name: 5 }));
    expect(error).toMatchObject({
      code: 121,
      errInfo: { details: { operatorName: '$jsonSchema' } },
    });
    expect(await failure(things.updateOne({}, { $set: { name: 1 } }))).toMatchObject({ code: 121 });
    await things.insertOne({ name: 5 }, { bypassDocumentValidation: true });
    await at.db.command({ collMod: 'checked', validator: {} });
    await things.insertOne({ name: 6 });
  });
});
