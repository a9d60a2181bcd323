// What MongoDB refuses must be refused here too, with its code: code that works on the embedded server alone is found too late.
import type { Document } from 'mongodb';
import { describe, expect, it } from 'vitest';

import { connected, failure } from './client.ts';

const at = connected();

const rows = [
  { _id: 1, g: 'a', v: 5, d: new Date(0) },
  { _id: 2, g: 'b', v: 3, d: new Date(1) },
];

/** Rows: an index, further options, code. */
const indexes: [Document, Document, number][] = [
  [{ f: 1 }, { partialFilterExpression: { a: { $ne: 1 } } }, 67],
  [{ f: 1 }, { partialFilterExpression: { a: { $exists: false } } }, 67],
  [{ f: 1 }, { partialFilterExpression: { $and: [{ a: { $nin: [1] } }] } }, 67],
  [{ f: 1 }, { partialFilterExpression: { $nor: [{ a: 1 }] } }, 67],
  [{ f: 1 }, { partialFilterExpression: { a: { $regex: '^a' } } }, 67],
  [{ f: 1 }, { partialFilterExpression: 5 }, 14],
  [{ $f: 1 }, {}, 67],
  [{ 'f.$g': 1 }, {}, 67],
  [{ 'f.': 1 }, {}, 67],
  [{ 'f..g': 1 }, {}, 67],
  [{ f: 1 }, { name: '*' }, 2],
  [{ f: 1 }, { clustered: true }, 238],
  [{ _id: 1 }, { unique: true }, 197],
  [{ _id: 1 }, { sparse: true }, 197],
  [{ _id: 1 }, { hidden: true }, 197],
];

/** Rows: a pipeline over `rows`, code. */
const pipelines: [Document[], number][] = [
  [[{ $group: { _id: 1, 'a.b': { $sum: 1 } } }], 40235],
  [[{ $group: { _id: 1, $a: { $sum: 1 } } }], 40236],
  [[{ $bucket: { groupBy: 'v', boundaries: [0, 1] } }], 40202],
  [[{ $bucket: { groupBy: '$v', boundaries: [0, 'a'] } }], 40193],
  [[{ $addFields: {} }], 40177],
  [[{ $set: { a: { b: 1 }, 'a.c': 2 } }], 40176],
  [[{ $set: { 'a.c': 2, a: 1 } }], 40176],
  [[{ $unionWith: { coll: 'x', foo: 1 } }], 40415],
  [[{ $collStats: { latencyStats: {} } }], 238],
  [[{ $unwind: { path: '$g', includeArrayIndex: '$i' } }], 28822],
  [[{ $sort: { v: { $meta: 'textScore' } } }], 40218],
  [[{ $project: { v: { $meta: 'textScore' } } }], 40218],
  [[{ $project: { '': 1 } }], 40352],
  [[{ $project: { a: { $zip: { inputs: [] } } } }], 34465],
  [[{ $project: { a: { $bsonSize: 'x' } } }], 31393],
  [[{ $project: { a: { $binarySize: 5 } } }], 51276],
  [
    [
      {
        $setWindowFields: {
          sortBy: { d: 1 },
          output: { r: { $sum: 1, window: { documents: [1, 0] } } },
        },
      },
    ],
    5339900,
  ],
  [[{ $merge: { into: 'z', whenMatched: 'foo' } }], 2],
  [[{ $merge: { into: 'z', whenNotMatched: 'foo' } }], 2],
  [[{ $merge: { into: 'z', whenMatched: 'replace', let: { a: 1 } } }], 51199],
];

/** Rows: a command, code. */
const commands: [Document, number][] = [
  [{ update: 'things', updates: [{ q: {} }] }, 40414],
  [{ update: 'things', updates: [{ u: { $set: { a: 1 } } }] }, 40414],
  [{ delete: 'things', deletes: [{ q: {} }] }, 40414],
  [{ delete: 'things', deletes: [{ limit: 1 }] }, 40414],
  [{ findAndModify: 'things', query: {}, update: 5 }, 9],
  [{ find: 'things', sort: { '': 1 } }, 40352],
  [{ find: 'things', sort: { v: { $meta: 'textScore' } } }, 40218],
  [{ find: 'things', projection: { v: { $meta: 'textScore' } } }, 40218],
  [{ find: 'things', apiVersion: '2' }, 322],
  [{ create: 'w', validator: { a: 1 }, validationAction: 'log' }, 2],
  [{ create: 'w', validator: { a: 1 }, validationLevel: 'high' }, 2],
  [{ distinct: 'things', key: 'a', apiVersion: '1', apiStrict: true }, 323],
];

describe('what MongoDB refuses', () => {
  it.each(indexes)('index %j %j: code %i', async (key, options, code) => {
    const index = { key, name: 'i', ...options };
    const command = at.db.command({ createIndexes: 'things', indexes: [index] });
    expect(await failure(command)).toMatchObject({ code });
  });

  it.each(pipelines)('pipeline %j: code %i', async (pipeline, code) => {
    await at.coll().insertMany(rows);
    expect(await failure(at.coll().aggregate(pipeline).toArray())).toMatchObject({ code });
    expect(await at.coll('z').countDocuments()).toBe(0);
  });

  it.each(commands)('command %j: code %i', async (command, code) => {
    await at.coll().insertMany(rows);
    expect(await failure(at.db.command(command))).toMatchObject({ code });
    expect(await at.coll().find().toArray()).toEqual(rows);
  });

  it('$merge on a field that a document has not: code 51132, and nothing is overwritten', async () => {
    await at.coll('into').createIndex({ k: 1 }, { unique: true });
    await at.coll('into').insertOne({ _id: 9, kept: true });
    await at.coll().insertMany(rows);
    const merging = at.coll().aggregate([{ $merge: { into: 'into', on: 'k' } }]);
    expect(await failure(merging.toArray())).toMatchObject({ code: 51132 });
    expect(await at.coll('into').find().toArray()).toEqual([{ _id: 9, kept: true }]);
  });
});

describe('what MongoDB takes', () => {
  it('partial indexes on equality, ranges, $exists, $type, $in, $and and $or', async () => {
    const partialFilterExpression = {
      $and: [
        { a: 1, b: { $gt: 1, $lte: 5 } },
        { $or: [{ c: { $exists: true } }, { d: { $in: [1] } }] },
      ],
      e: { $type: 'string' },
    };
    await at.coll().createIndex({ f: 1 }, { partialFilterExpression });
    expect(await at.coll().indexes()).toHaveLength(2);
  });

  it('a strict client within the Stable API', async () => {
    const command = {
      find: 'things',
      apiVersion: '1',
      apiStrict: true,
      apiDeprecationErrors: true,
    };
    expect(await at.db.command(command)).toMatchObject({ ok: 1 });
  });

  it('distinct: members of arrays, arrays among them', async () => {
    await at.coll().insertMany([{ a: [1, [1], 1] }, { a: [] }, { b: 1 }, { a: null }]);
    expect(await at.coll().distinct('a')).toEqual([null, 1, [1]]);
  });

  it('$bsonSize and $binarySize', async () => {
    await at.coll().insertOne({ _id: 1, s: 'é', b: Buffer.from('abc') });
    const fields = {
      _id: 0,
      doc: { $bsonSize: { a: 1 } },
      none: { $bsonSize: '$x' },
      text: { $binarySize: '$s' },
      bytes: { $binarySize: '$b' },
    };
    const [found] = await at
      .coll()
      .aggregate([{ $project: fields }])
      .toArray();
    expect(found).toEqual({ doc: 12, none: null, text: 2, bytes: 3 });
  });
});
