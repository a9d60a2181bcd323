import { expect, it } from 'vitest';

import { connected, failure } from './client.ts';

// What `$merge` writes, and what it leaves when one document of many cannot be merged.
const at = connected();

const caseless = { locale: 'en', strength: 2 };

async function merged(stage: object, options = {}): Promise<unknown> {
  const run = at
    .coll()
    .aggregate([{ $sort: { _id: 1 } }, { $merge: { into: 'to', ...stage } }], options);
  try {
    return void (await run.toArray());
  } catch (error) {
    return (error as { code: unknown }).code;
  }
}

const found = () => at.coll('to').find().sort({ _id: 1 }).toArray();

it('a document without a match fails the stage after the others are written', async () => {
  await at.coll().insertMany([
    { _id: 1, a: 1 },
    { _id: 2, a: 2 },
    { _id: 3, a: 3 },
  ]);
  await at.coll('to').insertMany([
    { _id: 1, b: 1 },
    { _id: 3, b: 3 },
  ]);
  expect(await merged({ whenNotMatched: 'fail' })).toBe(13113);
  expect(await found()).toEqual([
    { _id: 1, b: 1, a: 1 },
    { _id: 3, b: 3, a: 3 },
  ]);
  expect(await merged({ whenMatched: 'fail' })).toBe(11000);
  expect((await found()).map(({ _id }) => _id)).toEqual([1, 2, 3]);
});

it('nothing is written after the batch of 16 MB that failed', async () => {
  const rows = Array.from({ length: 20 }, (_, _id) => ({ _id, text: 'x'.repeat(2 ** 20) }));
  await at.coll().insertMany(rows);
  await at.coll('to').insertMany(rows.slice(1).map(({ _id }) => ({ _id })));
  expect(await merged({ whenNotMatched: 'fail' })).toBe(13113);
  expect(await at.coll('to').countDocuments({ text: { $exists: true } })).toBe(14);
});

it('an _id is not changed', async () => {
  await at.coll().insertOne({ _id: 1, k: 'a', v: 1 });
  await at.coll('to').createIndex({ k: 1 }, { unique: true });
  await at.coll('to').insertOne({ _id: 9, k: 'a' });
  for (const whenMatched of ['merge', 'replace']) {
    expect(await merged({ on: 'k', whenMatched })).toBe(66);
  }
  const without = [{ $unset: '_id' }, { $merge: { into: 'to', on: 'k' } }];
  await at.coll().aggregate(without).toArray();
  expect(await found()).toEqual([{ _id: 9, k: 'a', v: 1 }]);
});

it('the unique index has to compare as the aggregation does, and the match is found by it', async () => {
  await at.coll('to').createIndex({ k: 1 }, { unique: true, collation: caseless });
  await at.coll('to').insertOne({ _id: 1, k: 'a' });
  await at.coll().insertOne({ _id: 1, k: 'A', v: 1 });
  expect(await merged({ on: 'k' })).toBe(51183);
  expect(await merged({ on: 'k' }, { collation: caseless })).toBeUndefined();
  expect(await found()).toEqual([{ _id: 1, k: 'A', v: 1 }]);
});

it('a pipeline reads the new document, or what let says, a missing field too', async () => {
  await at.coll().insertOne({ _id: 1, a: 1 });
  await at.coll('to').insertOne({ _id: 1, n: 1 });
  const add = (value: unknown) => [
    { $set: { n: { $add: ['$n', value] }, m: '$$NOW' } },
    { $unset: 'm' },
  ];
  await merged({ whenMatched: add('$$new.a') });
  await merged({
    let: { x: '$a', none: '$none' },
    whenMatched: add({ $ifNull: ['$$none', '$$x'] }),
  });
  await merged({ whenMatched: add('$$outer') }, { let: { outer: 10 } });
  expect(await found()).toEqual([{ _id: 1, n: 13 }]);
  expect(await merged({ whenMatched: [{ $match: {} }] })).toBe(72);
});

it.each([
  ['fail', 'fail'],
  ['fail', 'discard'],
  ['keepExisting', 'discard'],
  ['keepExisting', 'fail'],
])('the modes %s and %s do not go together', async (whenMatched, whenNotMatched) => {
  await at.coll().insertOne({ _id: 1 });
  expect(await merged({ whenMatched, whenNotMatched })).toBe(51181);
});

it('stages inside of each other go 20 deep, those of views counted', async () => {
  await at.coll().insertOne({ _id: 1 });
  const lookup = (inner: object[]) => [{ $lookup: { from: 'things', as: 'a', pipeline: inner } }];
  const nested = (depth: number): object[] => (depth === 0 ? [] : lookup(nested(depth - 1)));
  await at.coll().aggregate(nested(20)).toArray();
  expect(await failure(at.coll().aggregate(nested(21)).toArray())).toMatchObject({ code: 232 });
  await at.db.createCollection('view', { viewOn: 'things', pipeline: nested(15) });
  const over = (depth: number) => [{ $unionWith: { coll: 'view', pipeline: nested(depth) } }];
  await at.coll().aggregate(over(19)).toArray();
  await at.db.createCollection('deep', { viewOn: 'things', pipeline: nested(20) });
  const union = at.coll().aggregate([{ $unionWith: 'deep' }]);
  expect(await failure(union.toArray())).toMatchObject({ code: 232 });
});

it('a view may be joined as often as it is asked', async () => {
  await at.coll().insertMany(Array.from({ length: 15 }, (_, _id) => ({ _id })));
  await at.db.createCollection('view', { viewOn: 'things', pipeline: [] });
  const join = (as: string) => ({
    $lookup: { from: 'view', localField: '_id', foreignField: '_id', as },
  });
  const rows = await at
    .coll()
    .aggregate([join('a'), join('b')])
    .toArray();
  expect(rows[14]).toEqual({ _id: 14, a: [{ _id: 14 }], b: [{ _id: 14 }] });
});
