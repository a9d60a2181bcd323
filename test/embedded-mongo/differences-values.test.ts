import {
  BSONRegExp,
  Binary,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb';
import { describe, expect, it } from 'vitest';
import { ids, server } from './differences-server.ts';

const fixture = server();
const given: typeof fixture.given = (...documents) => fixture.given(...documents);
const decimal = (text: string) => Decimal128.fromString(text);

describe('numbers are one type', () => {
  const five = [
    new Int32(5),
    new Double(5),
    Long.fromNumber(5),
    5n,
    decimal('5'),
    decimal('5.0'),
    5,
  ];

  it('finds every numeric type by every other', async () => {
    const collection = await given(...five.map((v, _id) => ({ _id, v })));
    for (const v of five) expect(await ids(collection, { v })).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const v of five) expect(await ids(collection, { v: { $in: [v] } })).toHaveLength(7);
    for (const v of five)
      expect(await ids(collection, { v: { $gte: v, $lte: v } })).toHaveLength(7);
    for (const v of five) expect(await ids(collection, { v: { $ne: v } })).toEqual([]);
  });

  it('compares across numeric types', async () => {
    const collection = await given(
      { _id: 1, v: Long.fromNumber(10) },
      { _id: 2, v: 9.5 },
      { _id: 3, v: decimal('10.5') },
    );
    expect(await ids(collection, { v: { $gt: 9.75 } })).toEqual([1, 3]);
    expect(await ids(collection, { v: { $gt: Long.fromNumber(9) } })).toEqual([1, 2, 3]);
    expect(await ids(collection, { v: { $lt: decimal('10') } })).toEqual([2]);
  });

  it('keeps numbers of every type one unique key', async () => {
    const collection = await given({ _id: 1, v: 1 });
    await collection.createIndex({ v: 1 }, { unique: true });
    for (const [i, v] of [new Double(1), Long.ONE, decimal('1.00')].entries()) {
      await expect(collection.insertOne({ _id: i + 2, v })).rejects.toMatchObject({ code: 11000 });
    }
  });

  it('does not lose digits beyond 2^53', async () => {
    const collection = await given(
      { _id: 1, v: Long.fromString('9007199254740993') },
      { _id: 2, v: Long.fromString('9007199254740992') },
    );
    expect(await ids(collection, { v: Long.fromString('9007199254740993') })).toEqual([1]);
    expect(await ids(collection, { v: 9007199254740992 })).toEqual([2]);
    expect(await ids(collection, { v: { $gt: 9007199254740992 } })).toEqual([1]);
  });

  it('treats NaN as equal to itself and below every number', async () => {
    const collection = await given(
      { _id: 1, v: NaN },
      { _id: 2, v: -Infinity },
      { _id: 3, v: decimal('NaN') },
    );
    expect(await ids(collection, { v: NaN })).toEqual([1, 3]);
    expect(await ids(collection, { v: { $lt: 0 } })).toEqual([2]);
    expect((await collection.find().sort({ v: -1 }).toArray())[0]).toMatchObject({ _id: 2 });
  });
});

describe('Decimal128', () => {
  it('compares exactly', async () => {
    const collection = await given(
      { _id: 1, v: decimal('10') },
      { _id: 2, v: decimal('9') },
      { _id: 3, v: decimal('0.1') },
    );
    expect(await ids(collection, { v: { $gt: decimal('9') } })).toEqual([1]);
    expect(await ids(collection, { v: decimal('10.0') })).toEqual([1]);
    expect((await collection.find().sort({ v: 1 }).toArray()).map(({ _id }) => _id)).toEqual([
      3, 2, 1,
    ]);
    // The double 0.1 is a little more than the decimal 0.1.
    expect(await ids(collection, { v: 0.1 })).toEqual([]);
  });
});

describe('Timestamp, MinKey, MaxKey', () => {
  it('are ordered', async () => {
    const collection = await given(
      { _id: 1, v: new Timestamp({ t: 5, i: 1 }) },
      { _id: 2, v: new Timestamp({ t: 5, i: 2 }) },
      { _id: 3, v: new MinKey() },
      { _id: 4, v: new MaxKey() },
      { _id: 5, v: 'text' },
    );
    expect(await ids(collection, { v: { $gt: new Timestamp({ t: 5, i: 1 }) } })).toEqual([2]);
    expect(await ids(collection, { v: new Timestamp({ t: 5, i: 2 }) })).toEqual([2]);
    expect(await ids(collection, { v: { $gt: new MinKey() } })).toEqual([1, 2, 4, 5]);
    expect(await ids(collection, { v: { $lt: new MaxKey() } })).toEqual([1, 2, 3, 5]);
    expect((await collection.find().sort({ v: 1 }).toArray()).map(({ _id }) => _id)).toEqual([
      3, 5, 1, 2, 4,
    ]);
  });
});

describe('$type', () => {
  it.each<[string, number, unknown]>([
    ['double', 1, new Double(1)],
    ['string', 2, 's'],
    ['object', 3, { a: 1 }],
    ['array', 4, [[]]],
    ['binData', 5, new Binary(Buffer.from('x'))],
    ['objectId', 7, new ObjectId()],
    ['bool', 8, false],
    ['date', 9, new Date(0)],
    ['null', 10, null],
    ['regex', 11, /x/],
    ['int', 16, new Int32(1)],
    ['timestamp', 17, new Timestamp({ t: 1, i: 1 })],
    ['long', 18, Long.fromNumber(1)],
    ['decimal', 19, decimal('1')],
    ['minKey', -1, new MinKey()],
    ['maxKey', 127, new MaxKey()],
  ])('%s is known by name, by number %i and as an array member', async (alias, code, value) => {
    const collection = await given({ _id: 1, v: value }, { _id: 2, v: [value] }, { _id: 3 });
    const whole = [1, 2];
    expect(await ids(collection, { v: { $type: alias } })).toEqual(whole);
    expect(await ids(collection, { v: { $type: code } })).toEqual(whole);
    expect(await ids(collection, { v: { $type: [code, 'undefined'] } })).toEqual(whole);
  });

  it('number is any of the four', async () => {
    const collection = await given(
      { _id: 1, v: 1 },
      { _id: 2, v: Long.ONE },
      { _id: 3, v: decimal('1') },
      { _id: 4, v: 1.5 },
      { _id: 5, v: '1' },
    );
    expect(await ids(collection, { v: { $type: 'number' } })).toEqual([1, 2, 3, 4]);
  });

  it('keeps a whole double a double after an update of another field', async () => {
    const collection = await given({ _id: 1, v: new Double(3), w: 1 });
    await collection.updateOne({ _id: 1 }, { $set: { w: 2 } });
    await collection.updateOne({ _id: 1 }, [{ $set: { w: 3 } }]);
    expect(await ids(collection, { v: { $type: 'double' } })).toEqual([1]);
    expect(await ids(collection, { v: { $type: 'int' } })).toEqual([]);
    const [out] = await collection.aggregate([{ $project: { t: { $type: '$v' } } }]).toArray();
    expect(out).toEqual({ _id: 1, t: 'double' });
  });
});

describe('null and missing', () => {
  it('matches {a.b: null} where one member of the array has no b', async () => {
    const collection = await given(
      { _id: 1, a: [{ b: 1 }, {}] },
      { _id: 2, a: [{ b: 1 }] },
      { _id: 3, a: [] },
      { _id: 4 },
      { _id: 5, a: 1 },
    );
    expect(await ids(collection, { 'a.b': null })).toEqual([1, 4, 5]);
    expect(await ids(collection, { 'a.b': { $ne: null } })).toEqual([2, 3]);
  });

  it('matches {$gte: null} and {$lte: null} on a missing field', async () => {
    const collection = await given({ _id: 1 }, { _id: 2, a: null }, { _id: 3, a: 1 });
    expect(await ids(collection, { a: { $gte: null } })).toEqual([1, 2]);
    expect(await ids(collection, { a: { $lte: null } })).toEqual([1, 2]);
    expect(await ids(collection, { a: { $gt: null } })).toEqual([]);
  });

  it('applies $all to a scalar', async () => {
    const collection = await given(
      { _id: 1, a: 'x' },
      { _id: 2, a: ['x', 'y'] },
      { _id: 3, a: ['y'] },
    );
    expect(await ids(collection, { a: { $all: ['x'] } })).toEqual([1, 2]);
    expect(await ids(collection, { a: { $all: ['x', 'y'] } })).toEqual([2]);
    expect(await ids(collection, { a: { $all: [] } })).toEqual([]);
  });
});

describe('embedded documents', () => {
  it('are equal only with the keys in the same order', async () => {
    const collection = await given({ _id: 1, a: { x: 1, y: 2 } }, { _id: 2, a: { y: 2, x: 1 } });
    expect(await ids(collection, { a: { x: 1, y: 2 } })).toEqual([1]);
    expect(await ids(collection, { a: { $in: [{ y: 2, x: 1 }] } })).toEqual([2]);
    expect(await ids(collection, { a: { x: 1 } })).toEqual([]);
  });
});

describe('ObjectId, Date, UUID', () => {
  const [low, high] = [new ObjectId('0'.repeat(24)), new ObjectId('f'.repeat(24))];
  const [early, late] = [new Date(-1), new Date(1)];
  const [first, second] = [
    new UUID('00000000-0000-4000-8000-000000000000'),
    new UUID('ffffffff-ffff-4fff-8fff-ffffffffffff'),
  ];

  it.each([
    ['ObjectId', low, high],
    ['Date', early, late],
    ['UUID', first, second],
  ])('%s: equality, $in and order', async (_, a, b) => {
    const collection = await given({ _id: 1, v: a }, { _id: 2, v: b });
    expect(await ids(collection, { v: a })).toEqual([1]);
    expect(await ids(collection, { v: { $in: [b] } })).toEqual([2]);
    expect(await ids(collection, { v: { $gt: a } })).toEqual([2]);
    expect((await collection.find().sort({ v: -1 }).toArray()).map(({ _id }) => _id)).toEqual([
      2, 1,
    ]);
  });
});

describe('regular expressions', () => {
  it('knows the x flag, (?i) and BSONRegExp', async () => {
    const collection = await given({ _id: 1, v: 'Hello' }, { _id: 2, v: 'a\nb' });
    expect(await ids(collection, { v: { $regex: 'hel  lo # greeting', $options: 'ix' } })).toEqual([
      1,
    ]);
    expect(await ids(collection, { v: { $regex: '(?i)^hello$' } })).toEqual([1]);
    expect(await ids(collection, { v: new BSONRegExp('^HELLO$', 'i') })).toEqual([1]);
    expect(await ids(collection, { v: { $regex: '^b$', $options: 'm' } })).toEqual([2]);
    expect(await ids(collection, { v: { $regex: 'a.b', $options: 's' } })).toEqual([2]);
    expect(await ids(collection, { v: { $in: [/^hel/i] } })).toEqual([1]);
    expect(await ids(collection, { v: { $not: /^hel/i } })).toEqual([2]);
  });

  it('finds a stored regular expression by itself', async () => {
    const collection = await given({ _id: 1, v: /abc/i }, { _id: 2, v: /abc/ });
    expect(await ids(collection, { v: /abc/i })).toEqual([1]);
  });
});
