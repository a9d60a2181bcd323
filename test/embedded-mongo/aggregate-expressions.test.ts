import { Decimal128, Double, Long, ObjectId } from 'mongodb';
import { describe, expect, it } from 'vitest';

import { runPipeline } from '../../src/embedded-mongo/aggregate/aggregate.ts';
import type { Doc } from '../../src/embedded-mongo/values/bson.ts';
import { typeOf } from '../../src/embedded-mongo/values/values.ts';

const decimal = (text: string) => Decimal128.fromString(text);
const value = (expression: unknown, doc: Doc = {}) =>
  runPipeline([doc], [{ $project: { _id: 0, v: expression } }])[0]?.v;

/** Rows: expression, document, result. Numbers by type: 3 is an int, Double(3) a double. */
const expressions: [unknown, Doc, unknown][] = [
  [{ $add: ['$a', 1] }, { a: 1 }, 2],
  [{ $add: ['$a', 1] }, { a: Long.fromNumber(1) }, Long.fromNumber(2)],
  [{ $add: ['$a', 1] }, { a: 2147483647 }, Long.fromNumber(2147483648)],
  [{ $add: ['$a', 0.5] }, { a: 0.5 }, new Double(1)],
  [{ $add: ['$a', decimal('0.2')] }, { a: decimal('0.1') }, decimal('0.3')],
  [{ $add: ['$a', 1] }, { a: Long.MAX_VALUE }, new Double(2 ** 63)],
  [{ $add: [new Date(0), 5] }, {}, new Date(5)],
  [{ $add: ['$missing', 1] }, {}, null],
  [{ $subtract: [new Date(7), new Date(2)] }, {}, Long.fromNumber(5)],
  [{ $multiply: [2, decimal('1.50')] }, {}, decimal('3.00')],
  [{ $divide: [1, 4] }, {}, 0.25],
  [{ $divide: [4, 2] }, {}, new Double(2)],
  [{ $divide: [decimal('1'), 3] }, {}, decimal('0.3333333333333333333333333333333333')],
  [{ $mod: [-7, 3] }, {}, -1],
  [{ $round: [2.5] }, {}, new Double(2)],
  [{ $round: [decimal('2.345'), 2] }, {}, decimal('2.34')],
  [{ $round: [1234, -2] }, {}, 1200],
  [{ $trunc: [-2.7] }, {}, new Double(-2)],
  [{ $floor: -2.5 }, {}, new Double(-3)],
  [{ $pow: [2, 10] }, {}, 1024],
  [{ $pow: [2, 40] }, {}, Long.fromNumber(2 ** 40)],
  [{ $sum: '$a' }, { a: [1, decimal('0.1'), 'x', Long.ONE] }, decimal('2.1')],
  // A sum sees all digits of a double, and more than 64 bits of whole numbers.
  [{ $sum: [decimal('0.1'), 0.2] }, {}, decimal('0.3000000000000000111022302462515654')],
  [{ $sum: [Long.MAX_VALUE, Long.MAX_VALUE, decimal('0')] }, {}, decimal('18446744073709551614')],
  [{ $avg: '$a' }, { a: [1, 2] }, 1.5],
  [{ $avg: '$a' }, { a: [decimal('1'), decimal('2')] }, decimal('1.5')],
  [{ $avg: '$a' }, { a: ['x'] }, null],
  [{ $max: ['$a', 2] }, { a: Long.fromNumber(3) }, Long.fromNumber(3)],
  [{ $gt: ['x', 1] }, {}, true],
  [{ $eq: ['$a', 1] }, { a: new Double(1) }, true],
  [{ $lt: ['$missing', null] }, {}, true],
  [
    {
      $cmp: [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    },
    {},
    -1,
  ],
  [{ $type: '$a' }, {}, 'missing'],
  [{ $type: '$a' }, { a: decimal('1') }, 'decimal'],
  [
    { $toString: '$a' },
    { a: new ObjectId('0123456789abcdef01234567') },
    '0123456789abcdef01234567',
  ],
  [{ $toString: 2.5 }, {}, '2.5'],
  // Doubles are written with six digits, half to even.
  [{ $toString: 1234567.1 }, {}, '1.23457e+06'],
  [{ $toString: 123456.5 }, {}, '123456'],
  [{ $toString: 999999.5 }, {}, '1e+06'],
  [{ $toString: 0.1234567 }, {}, '0.123457'],
  [{ $toString: -0.00001 }, {}, '-1e-05'],
  [{ $toString: Long.fromNumber(12345678901) }, {}, '12345678901'],
  [{ $getField: { field: 'a', input: null } }, {}, null],
  [{ $toObjectId: '0123456789abcdef01234567' }, {}, new ObjectId('0123456789abcdef01234567')],
  [{ $toInt: '12' }, {}, 12],
  [{ $toLong: 1.9 }, {}, Long.ONE],
  [{ $toDouble: '3' }, {}, new Double(3)],
  [{ $toDecimal: '1.10' }, {}, decimal('1.10')],
  [{ $toBool: 0 }, {}, false],
  [{ $toDate: '2024-02-29T10:00:00+02:00' }, {}, new Date('2024-02-29T08:00:00Z')],
  [{ $convert: { input: '', to: 'int', onError: 'no', onNull: 'null' } }, {}, 'no'],
  [{ $convert: { input: null, to: 'int', onNull: 'null' } }, {}, 'null'],
  ['$a.b', { a: [{ b: 1 }, {}, 5, { b: 2 }] }, [1, 2]],
  ['$a.0', { a: [{ b: 1 }] }, []],
  [{ $arrayElemAt: ['$a', -1] }, { a: [1, 2] }, 2],
  [{ $arrayElemAt: ['$a', 9] }, { a: [1] }, undefined],
  [{ $ifNull: ['$a', '$b', 3] }, { a: null }, 3],
  [
    {
      $setUnion: [
        [3, 1, 1],
        [2, Long.ONE],
      ],
    },
    {},
    [1, 2, 3],
  ],
  [{ $setDifference: [[1, 2, 2, 3], [3]] }, {}, [1, 2]],
  [
    { $sortArray: { input: '$a', sortBy: { n: -1 } } },
    { a: [{ n: 1 }, { n: 2 }] },
    [{ n: 2 }, { n: 1 }],
  ],
  [{ $first: '$a' }, { a: [1, 2] }, 1],
  [{ $getField: { field: 'a.b', input: { $literal: { 'a.b': 1 } } } }, {}, 1],
  [{ $setField: { field: '$x', input: {}, value: 1 } }, { x: 'k' }, { k: 1 }],
  [
    { $regexFind: { input: 'caf\u00e9 au', regex: '(a)u' } },
    {},
    { match: 'au', idx: 5, captures: ['a'] },
  ],
  [{ $toUpper: 'straße' }, {}, 'STRAßE'],
  [{ $isoWeekYear: new Date('2046-12-31') }, {}, Long.fromNumber(2047)],
  [{ $week: new Date('2024-01-07') }, {}, 1],
  [
    { $dateAdd: { startDate: new Date('2024-01-31'), unit: 'month', amount: 1 } },
    {},
    new Date('2024-02-29'),
  ],
  [
    { $dateAdd: { startDate: new Date('1970-01-01'), unit: 'quarter', amount: -4 } },
    {},
    new Date('1969-01-01'),
  ],
  [{ $dateTrunc: { date: new Date('1970-05-17'), unit: 'quarter' } }, {}, new Date('1970-04-01')],
  [
    { $dateTrunc: { date: new Date('1970-05-17'), unit: 'month', binSize: 2 } },
    {},
    new Date('1970-05-01'),
  ],
  [
    { $dateTrunc: { date: new Date('2024-05-15T10:00:00Z'), unit: 'week', startOfWeek: 'mon' } },
    {},
    new Date('2024-05-13'),
  ],
  [
    {
      $dateTrunc: {
        date: new Date('2024-03-31T12:00:00Z'),
        unit: 'day',
        timezone: 'Europe/Berlin',
      },
    },
    {},
    new Date('2024-03-30T23:00:00Z'),
  ],
  [
    {
      $dateDiff: {
        startDate: new Date('2024-05-11'),
        endDate: new Date('2024-05-12'),
        unit: 'week',
      },
    },
    {},
    Long.ONE,
  ],
  [{ $hour: { date: new Date('2024-07-01T12:00:00Z'), timezone: 'America/New_York' } }, {}, 8],
  [{ $dateToString: { date: new Date(0), timezone: '+05:30' } }, {}, '1970-01-01T05:30:00.000'],
  [
    { $dateToString: { date: new Date(0), format: '%d.%m.%Y %H:%M %z', timezone: '-0300' } },
    {},
    '31.12.1969 21:00 -0300',
  ],
  [
    { $dateFromString: { dateString: '06-08-2017', format: '%m-%d-%Y' } },
    {},
    new Date('2017-06-08'),
  ],
  [{ $dateFromString: { dateString: 'x', onError: 'no' } }, {}, 'no'],
  [
    { $dateFromParts: { year: 2024, month: 14, day: 1, timezone: 'Europe/Berlin' } },
    {},
    new Date('2025-01-31T23:00:00Z'),
  ],
  [{ $literal: '$a' }, { a: 1 }, '$a'],
  ['$$ROOT', { a: 1 }, { a: 1 }],
  ['$$REMOVE', {}, undefined],
];

/** Rows: expression, code. */
const refused: [unknown, number][] = [
  [{ $foo: 1 }, 168],
  [{ $add: [1, 'x'] }, 14],
  [{ $divide: [1, 0] }, 2],
  [{ $mod: [1, 0] }, 16610],
  [{ $eq: [1] }, 16020],
  [{ $add: 1, $subtract: 2 }, 15983],
  [{ $toInt: 'x' }, 241],
  [{ $toObjectId: 'x' }, 241],
  [{ $toInt: 3e9 }, 241],
  [{ $size: 5 }, 17124],
  [{ $arrayElemAt: [5, 1] }, 28689],
  [{ $switch: { branches: [{ case: false, then: 1 }] } }, 40066],
  [{ $concat: [1] }, 16702],
  ['$$nobody', 17276],
  ['$a.', 40353],
  ['$', 16872],
  [{ 'a.b': 1, c: 2 }, 16412],
  [{ $hour: 'x' }, 16006],
  [{ $dateTrunc: { date: new Date(), unit: 'fortnight' } }, 9],
  [{ $hour: { date: new Date(), timezone: 'Nowhere/Land' } }, 40485],
  [{ $function: {} }, 238],
];

describe('an expression', () => {
  it.each(expressions)('%j of %j', (expression, doc, result) => {
    const made = value(expression, doc);
    expect(made).toEqual(result);
    expect(typeOf(made)).toBe(typeOf(result));
  });

  it.each(refused)('%j is refused', (expression, code) => {
    expect(() => value({ $ifNull: [expression, 0] })).toThrow(expect.objectContaining({ code }));
  });
});
