import { aggregate } from 'mingo';
import { Double, Long } from 'mongodb';
import { describe, expect, it } from 'vitest';

import { runPipeline } from '../../src/embedded-mongo/aggregate/aggregate.ts';
import type { Doc } from '../../src/embedded-mongo/values/bson.ts';
import { isDoc } from '../../src/embedded-mongo/values/values.ts';
import { fc } from '../properties.ts';

/** mingo knows neither Double nor Long: both sides are compared as plain numbers. */
function plain(value: unknown): unknown {
  if (value instanceof Double || value instanceof Long) return Number(value.toString());
  if (typeof value === 'number')
    return Math.abs(value) < 1e9 ? Number(value.toPrecision(12)) + 0 : value;
  if (Array.isArray(value)) return value.map(plain);
  if (!isDoc(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

function same(docs: Doc[], pipeline: Doc[], others: Record<string, Doc[]> = {}): void {
  const ours = runPipeline(docs, pipeline, { collection: (name) => others[String(name)] ?? [] });
  const theirs = aggregate(structuredClone(docs), pipeline, {
    collectionResolver: (name: string) => others[name] ?? [],
  });
  expect(plain(ours)).toEqual(plain(theirs));
}

const dates = fc.date({
  min: new Date('1970-01-01'),
  max: new Date('2100-01-01'),
  noInvalidDate: true,
});
const texts = fc.string({
  unit: fc.constantFrom('a', 'b', 'B', ' ', 'é', ',', '1', '😀'),
  maxLength: 8,
});
const ints = fc.integer({ min: -20, max: 20 });
const rows = fc
  .array(
    fc.record({
      n: ints,
      m: ints,
      s: texts,
      d: dates,
      list: fc.array(ints, { maxLength: 5 }),
      g: fc.constantFrom('x', 'y', 'z'),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((list) => list.map((row, _id): Doc => ({ _id, ...row })));

const units = ['week', 'day', 'hour', 'minute', 'second'];
const date = '$d';

/** Expressions on which mingo 7.2.7 is right, by trial. */
const expressions: Record<string, unknown> = {
  dateParts: { $dateToParts: { date } },
  isoParts: [
    { $isoWeek: date },
    { $isoDayOfWeek: date },
    { $dayOfYear: date },
    { $dayOfWeek: date },
  ],
  dateText: { $dateToString: { date, format: '%Y-%m-%dT%H:%M:%S.%LZ %j %u' } },
  dateBack: { $dateFromString: { dateString: { $dateToString: { date } } } },
  added: units.map((unit) => ({ $dateAdd: { startDate: date, unit, amount: '$n' } })),
  difference: ['year', 'quarter', 'month', 'day', 'hour'].map((unit) => ({
    $dateDiff: { startDate: date, endDate: new Date('2024-02-29T12:30:00Z'), unit },
  })),
  truncated: ['year', 'day', 'hour', 'minute'].map((unit) => ({ $dateTrunc: { date, unit } })),
  map: { $map: { input: '$list', as: 'x', in: { $multiply: ['$$x', { $add: ['$n', 1] }] } } },
  filter: { $filter: { input: '$list', cond: { $gt: ['$$this', '$m'] } } },
  reduce: {
    $reduce: { input: '$list', initialValue: 0, in: { $subtract: ['$$value', '$$this'] } },
  },
  slice: [{ $slice: ['$list', 2] }, { $slice: ['$list', -2] }, { $slice: ['$list', 1, 2] }],
  zip: { $zip: { inputs: ['$list', [1, 2]], useLongestLength: true, defaults: [0, 9] } },
  sets: [{ $size: { $setUnion: ['$list', [1, 2]] } }, { $setIsSubset: ['$list', [0, 1, 2]] }],
  switched: {
    $switch: {
      branches: [{ case: { $gt: ['$n', 5] }, then: 'many' }],
      default: { $cond: ['$m', 'm', 'none'] },
    },
  },
  texts: [
    { $concat: ['$s', '-', '$g'] },
    { $split: ['$s', 'a'] },
    { $strLenCP: '$s' },
    { $strLenBytes: '$s' },
    { $substrCP: ['$s', 1, 3] },
    { $trim: { input: '$s' } },
  ],
  replaced: { $replaceAll: { input: '$s', find: 'a', replacement: '$$' } },
  regex: { $regexMatch: { input: '$s', regex: '^a[ab]?b', options: 'i' } },
  numbers: [
    { $mod: ['$n', 7] },
    { $abs: '$n' },
    { $floor: { $divide: ['$n', 3] } },
    { $ceil: { $divide: ['$n', 3] } },
    { $pow: ['$n', 2] },
  ],
  converted: [
    { $toInt: { $toString: '$n' } },
    { $convert: { input: 'x', to: 'int', onError: 'no' } },
  ],
  lets: { $let: { vars: { a: '$n', b: { $max: '$list' } }, in: ['$$a', '$$b'] } },
  object: { $mergeObjects: [{ a: '$n' }, { b: '$m', a: 2 }] },
  pairs: { $objectToArray: { a: '$n', b: '$s' } },
  folded: [{ $sum: '$list' }, { $avg: '$list' }, { $min: '$list' }, { $max: ['$n', '$m'] }],
};

describe('expressions agree with mingo where mingo agrees with MongoDB', () => {
  it.each(Object.entries(expressions))('%s', (_name, expression) => {
    fc.assert(
      fc.property(rows, (docs) => {
        const literal = JSON.stringify(expression).includes('"replacement":"$$"')
          ? { $replaceAll: { input: '$s', find: 'a', replacement: { $literal: '$$' } } }
          : expression;
        same(docs, [{ $project: { v: literal } }]);
      }),
      { numRuns: 60 },
    );
  });
});

const stages: Record<string, Doc[]> = {
  unwind: [
    { $unwind: { path: '$list', includeArrayIndex: 'at', preserveNullAndEmptyArrays: true } },
    { $project: { list: 1, at: 1 } },
  ],
  group: [
    {
      $group: {
        _id: '$g',
        n: { $sum: '$n' },
        least: { $min: '$m' },
        all: { $push: '$_id' },
        first: { $first: '$s' },
      },
    },
    { $sort: { _id: 1 } },
  ],
  facet: [
    {
      $facet: {
        a: [{ $match: { n: { $gt: 0 } } }, { $count: 'n' }],
        b: [{ $sort: { n: 1, _id: 1 } }, { $limit: 2 }, { $project: { n: 1 } }],
      },
    },
    { $project: { b: 1 } },
  ],
  sortByCount: [{ $sortByCount: '$g' }, { $sort: { count: -1, _id: 1 } }],
  replaced: [
    { $replaceRoot: { newRoot: { $mergeObjects: [{ id: '$_id' }, { n: '$n' }] } } },
    { $set: { 'x.y': '$n', n: '$$REMOVE' } },
  ],
  windows: [
    {
      $setWindowFields: {
        partitionBy: '$g',
        sortBy: { _id: 1 },
        output: {
          total: { $sum: '$n', window: { documents: ['unbounded', 'current'] } },
          place: { $documentNumber: {} },
        },
      },
    },
    { $sort: { _id: 1 } },
    { $project: { total: 1, place: 1 } },
  ],
  graph: [
    {
      $graphLookup: {
        from: 'links',
        startWith: '$g',
        connectFromField: 'to',
        connectToField: 'from',
        as: 'found',
        maxDepth: 3,
      },
    },
    { $project: { found: { $sortArray: { input: '$found._id', sortBy: 1 } } } },
  ],
};
const links: Doc[] = [
  { _id: 1, from: 'x', to: 'y' },
  { _id: 2, from: 'y', to: 'z' },
  { _id: 3, from: 'z', to: 'x' },
];

describe('stages agree with mingo where mingo agrees with MongoDB', () => {
  it.each(Object.entries(stages))('%s', (_name, pipeline) => {
    fc.assert(
      fc.property(rows, (docs) => same(docs, pipeline, { links })),
      { numRuns: 60 },
    );
  });
});
