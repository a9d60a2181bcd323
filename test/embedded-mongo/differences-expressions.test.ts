import { Decimal128, Long, ObjectId, type Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { codeOf, server } from './differences-server.ts';

const fixture = server();
const decimal = (text: string) => Decimal128.fromString(text);

describe('projection', () => {
  const document = { b: 1, a: 2, list: [1, 2, 3], _id: 1 };

  it('puts _id first', async () => {
    const collection = await fixture.given(document);
    expect(
      Object.keys((await collection.findOne({}, { projection: { a: 1, b: 1 } })) ?? {}),
    ).toEqual(['_id', 'b', 'a']);
    expect(Object.keys((await collection.findOne()) ?? {})[0]).toBe('_id');
  });

  it('keeps the other fields with $slice alone', async () => {
    const collection = await fixture.given(document);
    expect(await collection.findOne({}, { projection: { list: { $slice: -2 } } })).toEqual({
      ...document,
      list: [2, 3],
    });
    expect(
      await collection.findOne({}, { projection: { list: { $slice: [1, 1] }, a: 1 } }),
    ).toEqual({ _id: 1, a: 2, list: [2] });
    expect(
      await collection.findOne({}, { projection: { list: { $elemMatch: { $gt: 1 } } } }),
    ).toEqual({ _id: 1, list: [2] });
    expect(await collection.findOne({ list: 3 }, { projection: { 'list.$': 1 } })).toEqual({
      _id: 1,
      list: [3],
    });
  });

  it('leaves scalars in an array alone when it excludes below it, and drops them when it includes', async () => {
    const collection = await fixture.given({ _id: 1, a: [null, 1, { b: 2, c: 3 }] });
    const excluded = await collection.findOne({}, { projection: { 'a.b': 0 } });
    expect(excluded).toEqual({ _id: 1, a: [null, 1, { c: 3 }] });
    const included = await collection.findOne({}, { projection: { 'a.b': 1 } });
    expect(included).toEqual({ _id: 1, a: [{ b: 2 }] });
  });

  it('refuses to mix inclusion and exclusion', async () => {
    const collection = await fixture.given(document);
    expect(await codeOf(collection.findOne({}, { projection: { a: 1, b: 0 } }))).toBe(31254);
    expect(await codeOf(collection.findOne({}, { projection: { a: 0, b: 1 } }))).toBe(31253);
  });
});

describe('expressions', () => {
  async function value(
    expression: unknown,
    document: Document = {},
    options = {},
  ): Promise<unknown> {
    const collection = await fixture.given({ _id: 1, ...document });
    const [found] = await collection
      .aggregate([{ $project: { v: expression } }], options)
      .toArray();
    return (found as Document)['v'] as unknown;
  }

  it('$toString of an ObjectId and $toObjectId', async () => {
    const hex = '507f1f77bcf86cd799439011';
    expect(await value({ $toString: '$o' }, { o: new ObjectId(hex) })).toBe(hex);
    expect(await value({ $toObjectId: hex })).toEqual(new ObjectId(hex));
    expect(await value({ $convert: { input: 'no', to: 'objectId', onError: 'bad' } })).toBe('bad');
    expect(await codeOf(value({ $toObjectId: 'no' }))).toBe(241);
  });

  it('$filter, $map, $reduce, $switch and dates', async () => {
    expect(
      await value({ $filter: { input: [1, 2, 3], as: 'x', cond: { $gt: ['$$x', 1] } } }),
    ).toEqual([2, 3]);
    expect(
      await value({ $map: { input: [1, 2], as: 'x', in: { $multiply: ['$$x', 2] } } }),
    ).toEqual([2, 4]);
    expect(
      await value({
        $reduce: { input: [1, 2], initialValue: 0, in: { $add: ['$$value', '$$this'] } },
      }),
    ).toBe(3);
    expect(
      await value({ $switch: { branches: [{ case: { $eq: [1, 2] }, then: 'a' }], default: 'b' } }),
    ).toBe('b');
    expect(
      await value({
        $dateToString: { date: new Date('2024-02-29T12:00:00Z'), format: '%Y-%m-%d' },
      }),
    ).toBe('2024-02-29');
    expect(
      await value({ $dateAdd: { startDate: new Date('2024-01-31'), unit: 'month', amount: 1 } }),
    ).toEqual(new Date('2024-02-29'));
  });

  it('keep Long and Decimal128 exact in arithmetic', async () => {
    const big = Long.fromString('9007199254740993');
    expect(await value({ $add: ['$l', 1] }, { l: big }, { promoteLongs: false })).toEqual(
      big.add(1),
    );
    expect(await value({ $add: ['$d', decimal('0.2')] }, { d: decimal('0.1') })).toEqual(
      decimal('0.3'),
    );
    expect(await value({ $multiply: ['$d', 3] }, { d: decimal('0.1') })).toEqual(decimal('0.3'));
    expect(await value({ $cmp: ['$d', 9] }, { d: decimal('10') })).toBe(1);
    expect(await value({ $max: ['$d', 9] }, { d: decimal('10') })).toEqual(decimal('10'));
  });

  it('know a missing field from null', async () => {
    expect(await value({ $ifNull: ['$none', 'd'] })).toBe('d');
    expect(await value({ $type: '$none' })).toBe('missing');
    expect(await value({ $eq: ['$none', null] })).toBe(false);
  });
});
