import { Decimal128, Double, Long, type Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { server } from './differences-server.ts';

const fixture = server();
const decimal = (text: string) => Decimal128.fromString(text);

async function aggregate(
  documents: Document[],
  pipeline: Document[],
  options = {},
): Promise<Document[]> {
  const collection = await fixture.given(...documents);
  return await collection.aggregate(pipeline, options).toArray();
}

describe('$sum and $avg', () => {
  it('add Decimal128 and Long in $group', async () => {
    const documents = [
      { d: decimal('0.1'), l: Long.fromString('9007199254740993') },
      { d: decimal('0.2'), l: Long.ONE },
    ];
    const pipeline = [
      { $group: { _id: null, d: { $sum: '$d' }, l: { $sum: '$l' }, a: { $avg: '$d' } } },
    ];
    expect(await aggregate(documents, pipeline, { promoteLongs: false })).toEqual([
      { _id: null, d: decimal('0.3'), l: Long.fromString('9007199254740994'), a: decimal('0.15') },
    ]);
  });

  it('mix number types: a Decimal128 makes the sum one, text is left out', async () => {
    const documents = [{ v: 1 }, { v: decimal('0.5') }, { v: Long.fromNumber(2) }, { v: 'x' }, {}];
    expect(await aggregate(documents, [{ $group: { _id: null, s: { $sum: '$v' } } }])).toEqual([
      { _id: null, s: decimal('3.5') },
    ]);
  });

  it('add plain numbers, and arrays in $project', async () => {
    const documents = [
      { _id: 1, v: 1, a: [1, 2, 'x'] },
      { _id: 2, v: 2.5, a: [] },
    ];
    expect(
      await aggregate(documents, [{ $group: { _id: null, s: { $sum: '$v' }, a: { $avg: '$v' } } }]),
    ).toEqual([{ _id: null, s: 3.5, a: 1.75 }]);
    expect(
      await aggregate(documents, [
        { $project: { s: { $sum: '$a' }, a: { $avg: '$a' } } },
        { $sort: { _id: 1 } },
      ]),
    ).toEqual([
      { _id: 1, s: 3, a: 1.5 },
      { _id: 2, s: 0, a: null },
    ]);
  });
});

describe('$lookup', () => {
  async function joined(stage: (from: string) => Document): Promise<Document[]> {
    const foreign = await fixture.given(
      { _id: 1, k: 'a', n: 1 },
      { _id: 2, k: 'a', n: 2 },
      { _id: 3, k: 'b', n: 3 },
    );
    return await aggregate(
      [
        { _id: 1, k: 'a' },
        { _id: 2, k: 'c' },
      ],
      [{ $lookup: stage(foreign.collectionName) }, { $sort: { _id: 1 } }],
    );
  }

  it('with localField and pipeline joins only what matches both', async () => {
    const found = await joined((from) => ({
      from,
      localField: 'k',
      foreignField: 'k',
      pipeline: [{ $match: { n: { $gt: 1 } } }, { $project: { n: 1 } }],
      as: 'f',
    }));
    expect(found).toEqual([
      { _id: 1, k: 'a', f: [{ _id: 2, n: 2 }] },
      { _id: 2, k: 'c', f: [] },
    ]);
  });

  it('with let and pipeline', async () => {
    const found = await joined((from) => ({
      from,
      let: { key: '$k' },
      pipeline: [
        { $match: { $expr: { $eq: ['$k', '$$key'] } } },
        { $sort: { n: -1 } },
        { $limit: 1 },
        { $project: { _id: 0, n: 1 } },
      ],
      as: 'f',
    }));
    expect(found.map(({ f }) => f as unknown)).toEqual([[{ n: 2 }], []]);
  });

  it('writes a dotted as into the document', async () => {
    const found = await joined((from) => ({ from, localField: 'k', foreignField: 'k', as: 'x.f' }));
    expect(found[1]).toEqual({ _id: 2, k: 'c', x: { f: [] } });
  });

  it('joins numbers of different types, array members and missing with null', async () => {
    const foreign = await fixture.given(
      { _id: 1, k: Long.fromNumber(5) },
      { _id: 2, k: [6, 7] },
      { _id: 3 },
    );
    const stage = {
      $lookup: { from: foreign.collectionName, localField: 'k', foreignField: 'k', as: 'f' },
    };
    const found = await aggregate(
      [{ _id: 1, k: 5 }, { _id: 2, k: [7, 5] }, { _id: 3 }],
      [stage, { $sort: { _id: 1 } }],
    );
    expect(found.map(({ f }) => (f as Document[]).map(({ _id }) => _id as unknown))).toEqual([
      [1],
      [1, 2],
      [3],
    ]);
  });
});

describe('stages', () => {
  it('$count on nothing gives no document', async () => {
    expect(await aggregate([{ a: 1 }], [{ $match: { a: 2 } }, { $count: 'n' }])).toEqual([]);
    expect(await aggregate([{ a: 1 }], [{ $count: 'n' }])).toEqual([{ n: 1 }]);
  });

  it('$facet, $unwind and $bucket', async () => {
    const documents = [
      { _id: 1, t: ['x', 'y'], p: 5 },
      { _id: 2, t: [], p: 15 },
      { _id: 3, p: 25 },
    ];
    const [found] = await aggregate(documents, [
      {
        $facet: {
          unwound: [
            { $unwind: { path: '$t', includeArrayIndex: 'i', preserveNullAndEmptyArrays: true } },
            { $sort: { _id: 1, i: 1 } },
            { $project: { t: 1 } },
          ],
          buckets: [
            {
              $bucket: {
                groupBy: '$p',
                boundaries: [0, 10, 20],
                default: 'more',
                output: { n: { $sum: 1 } },
              },
            },
          ],
        },
      },
    ]);
    expect(found).toEqual({
      unwound: [{ _id: 1, t: 'x' }, { _id: 1, t: 'y' }, { _id: 2 }, { _id: 3 }],
      buckets: [
        { _id: 0, n: 1 },
        { _id: 10, n: 1 },
        { _id: 'more', n: 1 },
      ],
    });
  });

  it('$graphLookup', async () => {
    const collection = await fixture.given(
      { _id: 1, boss: null },
      { _id: 2, boss: 1 },
      { _id: 3, boss: 2 },
    );
    const [found] = await collection
      .aggregate([
        { $match: { _id: 3 } },
        {
          $graphLookup: {
            from: collection.collectionName,
            startWith: '$boss',
            connectFromField: 'boss',
            connectToField: '_id',
            as: 'chain',
            depthField: 'd',
          },
        },
      ])
      .toArray();
    const chain = (found?.['chain'] as Document[]).toSorted(
      (a, b) => Number(a['d']) - Number(b['d']),
    );
    expect(chain.map(({ _id }) => _id as unknown)).toEqual([2, 1]);
  });

  it('$setWindowFields', async () => {
    const documents = [1, 2, 3].map((n) => ({ _id: n, n }));
    const stage = {
      $setWindowFields: {
        sortBy: { n: 1 },
        output: { run: { $sum: '$n', window: { documents: ['unbounded', 'current'] } } },
      },
    };
    expect(
      (await aggregate(documents, [stage, { $sort: { _id: 1 } }])).map(({ run }) => run as unknown),
    ).toEqual([1, 3, 6]);
  });

  it('$group by numbers of different types makes one group', async () => {
    const documents = [{ k: 1 }, { k: Long.ONE }, { k: decimal('1') }, { k: new Double(1) }];
    expect(
      (await aggregate(documents, [{ $group: { _id: '$k', n: { $sum: 1 } } }])).map(
        ({ n }) => n as unknown,
      ),
    ).toEqual([4]);
  });
});
