import type { Timestamp } from 'mongodb';
import { Decimal128, Double, Long } from 'mongodb';
import { describe, expect, it } from 'vitest';

import type { Doc } from '../../src/embedded-mongo/values/bson.ts';
import { clone } from '../../src/embedded-mongo/values/paths.ts';
import { compileUpdate, upsertSeed } from '../../src/embedded-mongo/update/update.ts';
import { compare, equal } from '../../src/embedded-mongo/values/values.ts';
import { fc } from '../properties.ts';
import { docs, values } from './values-arbitrary.ts';

type Env = Parameters<typeof compileUpdate>[1];

function updated(
  doc: Doc,
  update: Doc | Doc[],
  env: Env = {},
  how: { position?: number; insert?: boolean } = {},
): Doc {
  return compileUpdate(update, env)(doc, { insert: false, ...how });
}

const decimal = (text: string) => Decimal128.fromString(text);

/** Rows: document, update, result with its field order. */
const table: [Doc, Doc | Doc[], Doc][] = [
  [{ _id: 1 }, { $set: { c: 1, b: 2, a: 3 } }, { _id: 1, a: 3, b: 2, c: 1 }],
  [{ z: 1 }, { $set: { 'a.10': 1, 'a.9': 2, z: 0 } }, { z: 0, a: { 9: 2, 10: 1 } }],
  [{ a: [1] }, { $set: { 'a.3': 4 } }, { a: [1, null, null, 4] }],
  [{ a: { b: 1, c: 2 } }, { $unset: { 'a.b': '', x: '' } }, { a: { c: 2 } }],
  [{ a: [1, 2] }, { $unset: { 'a.0': '' } }, { a: [null, 2] }],
  [{ a: 5 }, { $unset: { 'a.b': '' } }, { a: 5 }],
  [{ a: 1 }, { $inc: { a: 2, b: 3 } }, { a: 3, b: 3 }],
  [{ a: Long.fromNumber(5) }, { $inc: { a: 1 } }, { a: Long.fromNumber(6) }],
  [{ a: 2147483647 }, { $inc: { a: 1 } }, { a: Long.fromNumber(2147483648) }],
  [{ a: decimal('0.1') }, { $inc: { a: decimal('0.2') } }, { a: decimal('0.3') }],
  [{ a: 1 }, { $inc: { a: 0.5 } }, { a: 1.5 }],
  [{ a: 0.5 }, { $inc: { a: 0.5 } }, { a: new Double(1) }],
  [{ a: 3 }, { $mul: { a: 2, b: 5, c: Long.ONE } }, { a: 6, b: 0, c: Long.ZERO }],
  [
    { a: 3, b: 'x' },
    { $min: { a: 2, c: 1 }, $max: { b: 1 } },
    { a: 2, b: 'x', c: 1 },
  ],
  [{ a: 3 }, { $max: { a: Long.fromNumber(4) } }, { a: Long.fromNumber(4) }],
  [{ a: 1, b: 2 }, { $rename: { a: 'c.d', x: 'y' } }, { b: 2, c: { d: 1 } }],
  [{ a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 }],
  [{ a: 13 }, { $bit: { a: { and: 10, or: 1 } } }, { a: 9 }],
  [{ a: [1] }, { $push: { a: 2, b: 1 } }, { a: [1, 2], b: [1] }],
  [{ a: [5, 1] }, { $push: { a: { $each: [4, 2], $sort: 1, $slice: -3 } } }, { a: [2, 4, 5] }],
  [{ a: [1, 2, 3] }, { $push: { a: { $each: [9], $position: -1 } } }, { a: [1, 2, 9, 3] }],
  [
    { a: [{ n: 2 }] },
    { $push: { a: { $each: [{ n: 1 }], $sort: { n: 1 }, $slice: 5 } } },
    { a: [{ n: 1 }, { n: 2 }] },
  ],
  [{ a: [1, 2, 3, 2] }, { $pull: { a: 2 } }, { a: [1, 3] }],
  [{ a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
  [{ a: [{ b: 1, c: 1 }, { b: 2 }, 1] }, { $pull: { a: { b: 1 } } }, { a: [{ b: 2 }, 1] }],
  [{ a: [{ b: 1 }, { b: 5 }] }, { $pull: { a: { $or: [{ b: 5 }] } } }, { a: [{ b: 1 }] }],
  [{ a: [1, '1', Long.ONE] }, { $pullAll: { a: [1] } }, { a: ['1'] }],
  [
    { a: [{ b: 1, c: 2 }] },
    { $addToSet: { a: { c: 2, b: 1 } } },
    {
      a: [
        { b: 1, c: 2 },
        { c: 2, b: 1 },
      ],
    },
  ],
  [{ a: [1] }, { $addToSet: { a: { $each: [Long.ONE, 2, 2] }, b: 1 } }, { a: [1, 2], b: [1] }],
  [{ a: [1, 2, 3], b: [1] }, { $pop: { a: 1, b: -1, c: 1 } }, { a: [1, 2], b: [] }],
  [{ _id: 1, a: 1 }, { b: 2 }, { _id: 1, b: 2 }],
  [{ _id: 1, a: 1 }, [{ $set: { b: { $add: ['$a', 1] } } }, { $unset: 'a' }], { _id: 1, b: 2 }],
  [{ _id: 1, a: { b: 1 } }, [{ $replaceWith: '$a' }], { _id: 1, b: 1 }],
];

/** Rows: document, update, code. */
const refused: [Doc, Doc | Doc[], number][] = [
  [{ a: 1 }, { $set: { 'a.b': 1 } }, 28],
  [{ a: [1] }, { $set: { 'a.x': 1 } }, 28],
  [{ a: 5 }, { $pop: { 'a.b': 1 } }, 28],
  [{ a: 1 }, { $push: { a: 1 } }, 2],
  [{ a: 'x' }, { $inc: { a: 1 } }, 14],
  [{ a: 1 }, { $inc: { a: 'x' } }, 14],
  [{ a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2],
  [{ a: 1 }, { $pull: { a: 1 } }, 2],
  [{ a: 1 }, { $addToSet: { a: 1 } }, 2],
  [{ a: 1 }, { $pop: { a: 1 } }, 14],
  [{}, { $pop: { a: 2 } }, 9],
  [{ a: null }, { $bit: { a: { and: 1 } } }, 2],
  [{}, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
  [{}, { $set: { a: 1, 'a.b': 1 } }, 40],
  [{}, { $set: { 'a.b': 1 }, $unset: { a: 1 } }, 40],
  [{}, { $foo: { a: 1 } }, 9],
  [{}, { $set: { a: 1 }, b: 1 }, 9],
  [{}, { $set: 5 }, 9],
  [{}, { $set: { '': 1 } }, 56],
  [{}, { $set: { 'a..b': 1 } }, 56],
  [{}, { $set: { $a: 1 } }, 52],
  [{}, { a: 1, $b: 1 }, 52],
  [{ _id: 1 }, { $set: { _id: 2 } }, 66],
  [{ _id: 1 }, { $unset: { _id: 1 } }, 66],
  [{ _id: 1 }, { _id: 2, a: 1 }, 66],
  [{ _id: 1 }, [{ $set: { _id: 2 } }], 66],
  [{ a: [1] }, { $set: { 'a.$': 2 } }, 2],
  [{ a: 1 }, { $set: { 'a.$[]': 2 } }, 2],
  [{}, { $set: { 'a.$[]': 2 } }, 2],
  [{}, { $set: { 'a.$[x]': 2 } }, 2],
  [{}, { $rename: { a: 'a' } }, 2],
  [{ a: [{ b: 1 }] }, { $rename: { 'a.b': 'c' } }, 2],
  [{}, { $currentDate: { a: 'x' } }, 2],
  [{}, { $push: { a: { $each: 1 } } }, 2],
  [{}, [{ $match: {} }], 72],
];

describe('an update', () => {
  it.each(table)('of %j by %j', (doc, update, result) => {
    const made = updated(doc, update);
    expect(made).toEqual(result);
    expect(compare(made, result)).toBe(0);
  });

  it.each(refused)('of %j by %j is refused', (doc, update, code) => {
    const before = clone(doc);
    expect(() => updated(doc, update)).toThrow(expect.objectContaining({ code }));
    expect(doc).toEqual(before);
  });

  it('says what is wrong in the words of MongoDB', () => {
    expect(() => updated({ _id: 1, a: 1 }, { $set: { 'a.b': 1 } })).toThrow(
      "Cannot create field 'b' in element {a: 1}",
    );
    expect(() => updated({}, { $set: { a: 1 }, $inc: { a: 1 } })).toThrow(
      "Updating the path 'a' would create a conflict at 'a'",
    );
    expect(() => updated({ _id: 1, a: 'x' }, { $inc: { a: 1 } })).toThrow(
      "Cannot apply $inc to a value of non-numeric type. {_id: 1} has the field 'a' of non-numeric type string",
    );
  });

  it('sets only on insert what is meant so', () => {
    const update = { $setOnInsert: { a: 1 }, $set: { b: 1 } };
    expect(updated({}, update)).toEqual({ b: 1 });
    expect(updated({}, update, {}, { insert: true })).toEqual({ a: 1, b: 1 });
  });

  it('knows the time as a date and as a timestamp', () => {
    const before = Date.now();
    const made = updated({}, { $currentDate: { a: true, b: { $type: 'timestamp' } } });
    expect((made.a as Date).getTime()).toBeGreaterThanOrEqual(before);
    expect((made.b as Timestamp).t).toBeGreaterThanOrEqual(Math.floor(before / 1000));
  });
});

describe('array places', () => {
  it('$ stands for the matched one, $[] for all, $[id] for those of its filter', () => {
    expect(updated({ a: [1, 2] }, { $set: { 'a.$': 9 } }, {}, { position: 1 })).toEqual({
      a: [1, 9],
    });
    expect(updated({ a: [{ b: 1 }, { b: 2 }] }, { $inc: { 'a.$[].b': 1 } })).toEqual({
      a: [{ b: 2 }, { b: 3 }],
    });
    const arrayFilters = [{ 'x.b': { $gt: 1 } }, { y: { $lt: 3 } }];
    const doc = {
      a: [
        { b: 1, c: [1] },
        { b: 2, c: [1, 5] },
      ],
    };
    expect(updated(doc, { $set: { 'a.$[x].c.$[y]': 0 } }, { arrayFilters })).toEqual({
      a: [
        { b: 1, c: [1] },
        { b: 2, c: [0, 5] },
      ],
    });
  });

  it.each<[Doc[], number]>([
    [[{ x: 1 }, { x: 2 }], 9],
    [[{ x: 1, y: 1 }], 9],
    [[{ z: 1 }], 2],
    [[{ x: 1 }, { z: 1 }], 9],
    [[{ X: 1 }], 2],
  ])('array filters %j are refused', (arrayFilters, code) => {
    expect(() => compileUpdate({ $set: { 'a.$[x]': 1 } }, { arrayFilters })).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('conflicts that only the document shows are found', () => {
    expect(() => updated({ a: [1] }, { $set: { 'a.$[]': 1, 'a.0': 2 } })).toThrow(
      expect.objectContaining({ code: 40 }),
    );
  });
});

describe('what an upsert starts from', () => {
  it('is the equalities of the filter', () => {
    const filter = {
      a: 1,
      'b.c': { $eq: 2 },
      d: { $gt: 1 },
      $and: [{ e: 3 }],
      $or: [{ f: 1 }],
      g: { $in: [7] },
      h: /x/,
    };
    expect(upsertSeed(filter)).toEqual({ a: 1, b: { c: 2 }, e: 3, f: 1, g: 7 });
    expect(upsertSeed({ $or: [{ a: 1 }, { b: 1 }] })).toEqual({});
  });

  it('is refused when two of them meet', () => {
    expect(() => upsertSeed({ a: 1, $and: [{ a: 2 }] })).toThrow(
      expect.objectContaining({ code: 54 }),
    );
    expect(() => upsertSeed({ a: { b: 1 }, 'a.c': 2 })).toThrow(
      expect.objectContaining({ code: 54 }),
    );
    expect(upsertSeed({ _id: 5, a: 1, 'a.c': 2 }, true)).toEqual({ _id: 5 });
  });
});

describe('laws of updates', () => {
  const operators = fc.constantFrom(
    '$set',
    '$inc',
    '$push',
    '$addToSet',
    '$unset',
    '$min',
    '$mul',
    '$pull',
    '$pop',
    '$rename',
  );
  const paths = fc.constantFrom('a', 'b', 'a.b', 'a.0', 'b.c.d', 'c');

  it('never change the document they are given, whether they succeed or fail', () => {
    fc.assert(
      fc.property(
        docs,
        fc.array(fc.tuple(operators, paths, values), { maxLength: 3 }),
        (doc, parts) => {
          const before = clone(doc);
          const update: Doc = {};
          for (const [operator, path, value] of parts) {
            update[operator] = { ...(update[operator] as Doc | undefined), [path]: value };
          }
          try {
            updated(doc, parts.length === 0 ? { $set: {} } : update);
          } catch (error) {
            expect(error).toMatchObject({ name: 'ServerError' });
          }
          expect(equal(doc, before)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('$set of a top-level field sets it and leaves the others', () => {
    fc.assert(
      fc.property(docs, values, (doc, value) => {
        const made = updated(doc, { $set: { x: value } });
        expect(equal(made.x, value)).toBe(true);
        expect(equal({ ...made, x: null }, { ...doc, x: null })).toBe(true);
        expect(equal(updated(made, { $unset: { x: 1 } }), doc)).toBe(true);
      }),
    );
  });
});
