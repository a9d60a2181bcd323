import { describe, expect, it } from 'vitest';

import { connected, failure } from './client.ts';

const at = connected({ ttlSeconds: 0.05 });

/** Stage names of the winning plan, from the last to the first. */
async function stages(filter: object, options: object = {}): Promise<string[]> {
  const explained = await at.coll().find(filter, options).explain('queryPlanner');
  const found: string[] = [];
  for (
    let node = explained['queryPlanner'].winningPlan;
    node;
    node = node.inputStage ?? node.inputStages?.[0]
  ) {
    found.push(node.stage as string);
  }
  return found;
}

describe('kinds of indexes', () => {
  it('unique: refuses a second document with the key and says which', async () => {
    await at.coll().createIndex({ email: 1, n: -1 }, { unique: true });
    await at.coll().insertOne({ email: 'a', n: 1 });
    await at.coll().insertOne({ email: 'a', n: 2 });
    const error = await failure(at.coll().insertOne({ email: 'a', n: 1 }));
    expect(error).toMatchObject({
      code: 11000,
      keyPattern: { email: 1, n: -1 },
      keyValue: { email: 'a', n: 1 },
    });
    expect(await failure(at.coll().updateOne({ n: 2 }, { $set: { n: 1 } }))).toMatchObject({
      code: 11000,
    });
    expect(await at.coll().countDocuments({ n: 2 })).toBe(1);
    await at.coll().deleteOne({ n: 1 });
    await at.coll().updateOne({ n: 2 }, { $set: { n: 1 } });
  });

  it('unique: cannot be made over documents that break it', async () => {
    await at.coll().insertMany([{ a: 1 }, { a: 1 }]);
    expect(await failure(at.coll().createIndex({ a: 1 }, { unique: true }))).toMatchObject({
      code: 11000,
    });
    expect(await at.coll().indexes()).toHaveLength(1);
  });

  it('sparse and partial: leave documents out, and are used only where that changes nothing', async () => {
    await at.coll().createIndex({ a: 1 }, { sparse: true, unique: true });
    await at
      .coll()
      .createIndex({ b: 1 }, { partialFilterExpression: { active: true }, unique: true });
    await at.coll().insertMany([{ b: 1, active: true }, { b: 1, active: false }, { b: 2 }]);
    expect(await at.coll().find({ a: null }).toArray()).toHaveLength(3);
    expect(await at.coll().find().sort({ a: 1 }).toArray()).toHaveLength(3);
    expect(await stages({ b: 1 })).toEqual(['COLLSCAN']);
    expect(await stages({ b: 1, active: true })).toEqual(['FETCH', 'IXSCAN']);
    expect(await at.coll().find({ b: 1 }).toArray()).toHaveLength(2);
    expect(await failure(at.coll().insertOne({ b: 1, active: true }))).toMatchObject({
      code: 11000,
    });
  });

  it('multikey: finds documents by any member of an array', async () => {
    await at.coll().createIndex({ 'items.sku': 1, 'items.n': 1 });
    await at.coll().insertMany([
      {
        _id: 1,
        items: [
          { sku: 'a', n: 1 },
          { sku: 'b', n: 9 },
        ],
      },
      { _id: 2, items: [] },
      {
        _id: 3,
        items: [
          { sku: 'b', n: 2 },
          { sku: 'b', n: 3 },
        ],
      },
    ]);
    expect(await stages({ 'items.sku': 'b' })).toEqual(['FETCH', 'IXSCAN']);
    expect(await at.coll().distinct('_id', { 'items.sku': 'b' })).toEqual([1, 3]);
    expect(await at.coll().find({ 'items.sku': 'a', 'items.n': 9 }).toArray()).toHaveLength(1);
    expect(await at.coll().countDocuments({ 'items.sku': 'b' })).toBe(2);
    await at.coll().createIndex({ x: 1, y: 1 });
    expect(await failure(at.coll().insertOne({ x: [1], y: [2] }))).toMatchObject({ code: 171 });
  });

  it('TTL: deletes what is due, and follows a changed lifetime', async () => {
    await at.coll().createIndex({ at: 1 }, { expireAfterSeconds: 3600 });
    await at
      .coll()
      .insertMany([
        { _id: 'old', at: new Date(0) },
        { _id: 'new', at: new Date() },
        { _id: 'none' },
      ]);
    await expect.poll(() => at.coll().distinct('_id')).toEqual(['new', 'none']);
    await at.db.command({
      collMod: 'things',
      index: { keyPattern: { at: 1 }, expireAfterSeconds: 0 },
    });
    await expect.poll(() => at.coll().distinct('_id')).toEqual(['none']);
  });

  it('TTL: by the earliest date of an array, descending, in a partial index only what it holds', async () => {
    const partialFilterExpression = { kind: 'token' };
    await at.coll().createIndex({ at: -1 }, { expireAfterSeconds: 60, partialFilterExpression });
    await at.coll().insertMany([
      { _id: 1, kind: 'token', at: [new Date(), new Date(0)] },
      { _id: 2, kind: 'user', at: new Date(0) },
      { _id: 3, kind: 'token', at: 0 },
      { _id: 4, kind: 'token', at: new Date() },
    ]);
    await expect.poll(() => at.coll().distinct('_id')).toEqual([2, 3, 4]);
  });

  it('text: finds words and sorts by score', async () => {
    expect(
      await failure(
        at
          .coll()
          .find({ $text: { $search: 'x' } })
          .toArray(),
      ),
    ).toMatchObject({ code: 27 });
    await at.coll().createIndex({ title: 'text', body: 'text' }, { weights: { title: 10 } });
    await at.coll().insertMany([
      { _id: 1, body: 'a fast fox' },
      { _id: 2, title: 'fox' },
      { _id: 3, title: 'cat' },
    ]);
    const score = { $meta: 'textScore' };
    const found = at
      .coll()
      .find({ $text: { $search: 'Fox' } })
      .sort({ score })
      .project({ score, _id: 1 });
    expect((await found.toArray()).map(({ _id }) => _id)).toEqual([2, 1]);
  });
});

describe('the planner', () => {
  it('reads nothing but what it needs', async () => {
    await at.coll().createIndex({ a: 1, b: -1 });
    await at.coll().insertMany(Array.from({ length: 100 }, (_, n) => ({ a: n % 10, b: n })));
    const explained = await at
      .coll()
      .find({ a: 3, b: { $gte: 50 } })
      .explain('executionStats');
    expect(explained['executionStats']).toMatchObject({
      nReturned: 5,
      totalKeysExamined: 5,
      totalDocsExamined: 5,
    });
    expect(await stages({ c: 1 })).toEqual(['COLLSCAN']);
    expect(await stages({ a: { $gt: 3 } })).toEqual(['FETCH', 'IXSCAN']);
    expect(await stages({ a: { $in: [1, 2] } })).toEqual(['FETCH', 'IXSCAN']);
    expect(await stages({ $or: [{ a: 1 }, { a: 2 }] })).toEqual(['FETCH', 'OR', 'IXSCAN']);
    expect(await stages({ $or: [{ a: 1 }, { c: 2 }] })).toEqual(['COLLSCAN']);
  });

  it('takes the order from an index where it can and sorts where it cannot', async () => {
    await at.coll().createIndex({ a: 1, b: -1 });
    await at
      .coll()
      .insertMany(Array.from({ length: 50 }, (_, n) => ({ a: n % 5, b: (n * 7) % 50 })));
    expect(await stages({}, { sort: { a: 1, b: -1 } })).toEqual(['FETCH', 'IXSCAN']);
    expect(await stages({}, { sort: { a: -1, b: 1 } })).toEqual(['FETCH', 'IXSCAN']);
    expect(await stages({ a: 1 }, { sort: { b: 1 } })).toEqual(['FETCH', 'IXSCAN']);
    expect(await stages({}, { sort: { a: 1, b: 1 } })).toEqual(['SORT', 'COLLSCAN']);
    const found = await at.coll().find({ a: 1 }).sort({ b: 1 }).toArray();
    const order = found.map(({ b }) => Number(b));
    expect(order).toEqual(order.toSorted((x, y) => x - y));
  });

  it('obeys a hint and refuses one that names nothing', async () => {
    await at.coll().createIndex({ a: 1 });
    await at.coll().insertOne({ a: 1 });
    expect(await stages({ _id: 1 }, { hint: { a: 1 } })).toEqual(['FETCH', 'IXSCAN']);
    expect(await stages({ a: 1 }, { hint: { $natural: 1 } })).toEqual(['COLLSCAN']);
    expect(await failure(at.coll().find({}, { hint: 'nothing' }).toArray())).toMatchObject({
      code: 2,
    });
  });
});

describe('the catalogue of indexes', () => {
  it('creates what is missing, refuses what clashes, lists and drops', async () => {
    const first = await at.db.command({
      createIndexes: 'things',
      indexes: [{ key: { a: 1 }, name: 'a_1' }],
    });
    expect(first).toMatchObject({
      numIndexesBefore: 1,
      numIndexesAfter: 2,
      createdCollectionAutomatically: true,
    });
    expect(await at.coll().createIndex({ a: 1 })).toBe('a_1');
    expect(await failure(at.coll().createIndex({ a: 1 }, { unique: true }))).toMatchObject({
      code: 86,
    });
    expect(await failure(at.coll().createIndex({ a: 1 }, { name: 'other' }))).toMatchObject({
      code: 85,
    });
    expect(await failure(at.coll().createIndex({ b: 1 }, { name: 'a_1' }))).toMatchObject({
      code: 86,
    });
    expect(await at.coll().indexes()).toEqual([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { a: 1 }, name: 'a_1' },
    ]);
    expect(await failure(at.coll().dropIndex('_id_'))).toMatchObject({ code: 72 });
    expect(await failure(at.coll().dropIndex('nothing'))).toMatchObject({ code: 27 });
    await at.coll().dropIndexes();
    expect(await at.coll().indexes()).toHaveLength(1);
    expect(await failure(at.coll('absent').indexes())).toMatchObject({ code: 26 });
  });

  it('refuses kinds it has not', async () => {
    for (const key of [{ a: '2d' }, { a: 'hashed' }, { 'a.$**': 1 }]) {
      expect(await failure(at.coll().createIndex(key as never))).toMatchObject({ code: 238 });
    }
  });
});
