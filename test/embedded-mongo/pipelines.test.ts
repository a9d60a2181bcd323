import { describe, expect, it } from 'vitest';

import { connected, failure } from './client.ts';

const at = connected();

describe('aggregation', () => {
  it('joins, groups and facets', async () => {
    await at.coll('authors').insertMany([
      { _id: 1, name: 'Ann' },
      { _id: 2, name: 'Bea' },
    ]);
    await at.coll('books').insertMany([
      { by: 1, pages: 10 },
      { by: 1, pages: 20 },
      { by: 2, pages: 5 },
    ]);
    const joined = at
      .coll('authors')
      .aggregate([
        { $lookup: { from: 'books', localField: '_id', foreignField: 'by', as: 'books' } },
        { $project: { name: 1, count: { $size: '$books' } } },
        { $sort: { _id: 1 } },
      ]);
    expect(await joined.toArray()).toEqual([
      { _id: 1, name: 'Ann', count: 2 },
      { _id: 2, name: 'Bea', count: 1 },
    ]);
    const grouped = at
      .coll('books')
      .aggregate([
        { $match: { pages: { $gt: 1 } } },
        { $group: { _id: '$by', pages: { $sum: '$pages' } } },
        { $sort: { _id: 1 } },
      ]);
    expect(await grouped.toArray()).toEqual([
      { _id: 1, pages: 30 },
      { _id: 2, pages: 5 },
    ]);
    const [facets] = await at
      .coll('books')
      .aggregate([
        { $facet: { all: [{ $count: 'n' }], big: [{ $match: { pages: 20 } }, { $count: 'n' }] } },
      ])
      .toArray();
    expect(facets).toEqual({ all: [{ n: 3 }], big: [{ n: 1 }] });
  });

  it('writes with $out and $merge', async () => {
    await at.coll('from').insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    await at.coll('to').insertMany([
      { _id: 1, old: true },
      { _id: 3, old: true },
    ]);
    await at
      .coll('from')
      .aggregate([{ $merge: { into: 'to' } }])
      .toArray();
    expect(await at.coll('to').find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, old: true, n: 1 },
      { _id: 2, n: 2 },
      { _id: 3, old: true },
    ]);
    await at
      .coll('from')
      .aggregate([{ $match: { n: 2 } }, { $out: 'to' }])
      .toArray();
    expect(await at.coll('to').find().toArray()).toEqual([{ _id: 2, n: 2 }]);
    expect(await at.db.listCollections().toArray()).toHaveLength(2);
  });

  it('reads views', async () => {
    await at.coll().insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    await at.db.createCollection('big', {
      viewOn: 'things',
      pipeline: [{ $match: { n: { $gt: 1 } } }],
    });
    expect(await at.coll('big').find({}).toArray()).toEqual([{ _id: 2, n: 2 }]);
    expect(await at.coll('big').countDocuments()).toBe(1);
    expect(await failure(at.coll('big').insertOne({}))).toMatchObject({ code: 166 });
  });

  it('shows statistics of collections and indexes', async () => {
    await at.coll().insertOne({ n: 1 });
    const [stats] = await at
      .coll()
      .aggregate([{ $collStats: { storageStats: {}, count: {} } }])
      .toArray();
    expect(stats).toMatchObject({ count: 1, storageStats: { count: 1 } });
    expect(
      await at
        .coll()
        .aggregate([{ $indexStats: {} }])
        .toArray(),
    ).toMatchObject([{ name: '_id_' }]);
  });
});
