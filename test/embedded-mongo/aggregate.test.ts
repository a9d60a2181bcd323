import { BSONRegExp, Decimal128, Long } from 'mongodb';
import { describe, expect, it } from 'vitest';

import { runPipeline } from '../../src/embedded-mongo/aggregate/aggregate.ts';
import type { Doc } from '../../src/embedded-mongo/values/bson.ts';
import { compileCollation } from '../../src/embedded-mongo/values/collation.ts';
import { clone } from '../../src/embedded-mongo/values/paths.ts';

const decimal = (text: string) => Decimal128.fromString(text);
const people: Doc[] = [
  { _id: 1, name: 'ann', team: 'x', pay: decimal('0.1'), tags: ['a', 'b'] },
  { _id: 2, name: 'bob', team: 'y', pay: Long.fromString('9007199254740993'), tags: [] },
  { _id: 3, name: 'cid', team: 'x', pay: decimal('0.2') },
  { _id: 4, name: 'Ann', pay: 1 },
];
const teams: Doc[] = [
  { _id: 'x', title: 'Ex', members: [1, 3] },
  { _id: 'y', title: 'Why', members: [2] },
];
const run = (pipeline: Doc[], docs = people, more: Parameters<typeof runPipeline>[2] = {}) =>
  runPipeline(docs, pipeline, {
    collection: (name) => (name === 'teams' ? teams : name === 'people' ? people : []),
    ...more,
  });

describe('$group', () => {
  it('sums and averages every numeric type exactly', () => {
    expect(run([{ $group: { _id: '$team', sum: { $sum: '$pay' } } }])).toEqual([
      { _id: 'x', sum: decimal('0.3') },
      { _id: 'y', sum: Long.fromString('9007199254740993') },
      { _id: null, sum: 1 },
    ]);
  });

  it('has the accumulators of MongoDB', () => {
    const [all] = run([
      {
        $group: {
          _id: null,
          first: { $first: '$name' },
          last: { $last: '$team' },
          least: { $min: '$team' },
          set: { $addToSet: '$team' },
          list: { $push: '$team' },
          count: { $count: {} },
          top: { $top: { sortBy: { _id: -1 }, output: '$name' } },
          two: { $firstN: { input: '$_id', n: 2 } },
        },
      },
    ]);
    expect(all).toEqual({
      _id: null,
      first: 'ann',
      last: null,
      least: 'x',
      set: ['x', 'y'],
      list: ['x', 'y', 'x'],
      count: 4,
      top: 'Ann',
      two: [1, 2],
    });
  });

  it('groups by collation', () => {
    const collation = compileCollation({ locale: 'en', strength: 2 });
    expect(run([{ $group: { _id: '$name', n: { $sum: 1 } } }], people, { collation })).toHaveLength(
      3,
    );
  });

  it.each<[Doc, number]>([
    [{ n: { $sum: 1 } }, 15955],
    [{ _id: 1, n: 5 }, 40234],
    [{ _id: 1, n: { $foo: 1 } }, 15952],
    [{ _id: 1, n: { $sum: 1, $min: 1 } }, 40238],
  ])('%j is refused', (operand, code) => {
    expect(() => run([{ $group: operand }])).toThrow(expect.objectContaining({ code }));
  });
});

describe('$lookup', () => {
  it('joins by equality: members of arrays, and missing with null', () => {
    const pipeline = [
      { $lookup: { from: 'people', localField: 'members', foreignField: '_id', as: 'p' } },
      { $project: { n: '$p.name' } },
    ];
    expect(run(pipeline, teams)).toEqual([
      { _id: 'x', n: ['ann', 'cid'] },
      { _id: 'y', n: ['bob'] },
    ]);
    const missing = run(
      [{ $lookup: { from: 'people', localField: 'none', foreignField: 'team', as: 'p.q' } }],
      [{ _id: 1 }],
    );
    expect(missing).toEqual([{ _id: 1, p: { q: [people[3]] } }]);
  });

  it('joins with a pipeline and variables, alone or upon equality', () => {
    const only = {
      from: 'teams',
      let: { t: '$team' },
      pipeline: [
        { $match: { $expr: { $eq: ['$_id', '$$t'] } } },
        { $project: { title: 1, _id: 0 } },
      ],
      as: 't',
    };
    expect(run([{ $match: { _id: 1 } }, { $lookup: only }, { $project: { t: 1 } }])).toEqual([
      { _id: 1, t: [{ title: 'Ex' }] },
    ]);
    const both = {
      from: 'people',
      localField: 'members',
      foreignField: '_id',
      pipeline: [{ $match: { name: /^c/ } }],
      as: 'p',
    };
    expect(run([{ $lookup: both }, { $project: { n: '$p._id' } }], teams)).toEqual([
      { _id: 'x', n: [3] },
      { _id: 'y', n: [] },
    ]);
  });

  it('gives the same through an index as through the whole collection', () => {
    const asked: Doc[] = [];
    const pipeline = [
      { $lookup: { from: 'people', localField: 'members', foreignField: '_id', as: 'p' } },
    ];
    const found = run(pipeline, teams, {
      find(_source, filter) {
        asked.push(filter);
        return runPipeline(people, [{ $match: filter }]);
      },
    });
    expect(found).toEqual(run(pipeline, teams));
    expect(asked).toEqual([{ _id: { $in: [1, 3] } }, { _id: { $in: [2] } }]);
  });
});

describe('$lookup of values that mean something else in a query', () => {
  it('compares a regular expression and a document of operators as values', () => {
    const outer = [
      { _id: 1, v: new BSONRegExp('a') },
      { _id: 2, v: { $gt: 0 } },
    ];
    const inner = [
      { _id: 'text', v: 'a' },
      { _id: 'same', v: new BSONRegExp('a') },
      { _id: 'doc', v: { $gt: 0 } },
    ];
    const more = {
      collection: () => inner,
      find: (_source: unknown, filter: Doc) => runPipeline(inner, [{ $match: filter }]),
    };
    const lookup = { from: 'x', localField: 'v', foreignField: 'v', as: 'r' };
    expect(runPipeline(outer, [{ $lookup: lookup }, { $project: { r: '$r._id' } }], more)).toEqual([
      { _id: 1, r: ['same'] },
      { _id: 2, r: ['doc'] },
    ]);
  });
});

describe('other stages', () => {
  it('$unionWith, $facet, $unwind, $count, $sortByCount, $bucket', () => {
    expect(
      run([
        { $unionWith: { coll: 'teams', pipeline: [{ $match: { _id: 'x' } }] } },
        { $count: 'n' },
      ]),
    ).toEqual([{ n: 5 }]);
    expect(
      run([{ $facet: { a: [{ $count: 'n' }], b: [{ $match: { _id: 9 } }, { $count: 'n' }] } }]),
    ).toEqual([{ a: [{ n: 4 }], b: [] }]);
    expect(run([{ $unwind: '$tags' }, { $project: { tags: 1 } }])).toEqual([
      { _id: 1, tags: 'a' },
      { _id: 1, tags: 'b' },
    ]);
    expect(run([{ $match: { _id: 9 } }, { $count: 'n' }])).toEqual([]);
    expect(run([{ $sortByCount: '$team' }])[0]).toEqual({ _id: 'x', count: 2 });
    expect(run([{ $bucket: { groupBy: '$_id', boundaries: [1, 3, 4], default: 'rest' } }])).toEqual(
      [
        { _id: 1, count: 2 },
        { _id: 3, count: 1 },
        { _id: 'rest', count: 1 },
      ],
    );
  });

  it('$redact descends, prunes and keeps', () => {
    const doc = { level: 1, a: { level: 5, x: 1 }, b: [{ level: 1, y: 2 }, { level: 9 }] };
    const pipeline = [{ $redact: { $cond: [{ $gt: ['$level', 3] }, '$$PRUNE', '$$DESCEND'] } }];
    expect(runPipeline([doc], pipeline)).toEqual([{ level: 1, b: [{ level: 1, y: 2 }] }]);
  });

  it('$setWindowFields: ranks, running totals, neighbours, ranges', () => {
    const docs = [1, 2, 2, 5].map((n, _id) => ({ _id, n }));
    const output = {
      rank: { $rank: {} },
      dense: { $denseRank: {} },
      running: { $sum: '$n', window: { documents: ['unbounded', 'current'] } },
      before: { $sum: '$n', window: { documents: [-2, -1] } },
      near: { $sum: '$n', window: { range: [-1, 1] } },
      next: { $shift: { output: '$n', by: 1, default: 'none' } },
    };
    const made = runPipeline(docs, [{ $setWindowFields: { sortBy: { n: 1 }, output } }]);
    expect(made.map(({ _id: _, n: _n, ...rest }) => rest)).toEqual([
      { rank: 1, dense: 1, running: 1, before: 0, near: 5, next: 2 },
      { rank: 2, dense: 2, running: 3, before: 1, near: 5, next: 2 },
      { rank: 2, dense: 2, running: 5, before: 3, near: 5, next: 5 },
      { rank: 4, dense: 3, running: 10, before: 4, near: 5, next: 'none' },
    ]);
  });

  it('a sort that is limited gives what sorting and cutting gives', () => {
    expect(run([{ $sort: { name: -1 } }, { $limit: 2 }, { $project: { name: 1 } }])).toEqual([
      { _id: 3, name: 'cid' },
      { _id: 2, name: 'bob' },
    ]);
  });

  it.each<[Doc, number]>([
    [{ $foo: 1 }, 40324],
    [{ $match: {}, $limit: 1 }, 40323],
    [{ $limit: 0 }, 15958],
    [{ $sort: {} }, 15976],
    [{ $count: '' }, 40156],
    [{ $unwind: 'tags' }, 28818],
    [{ $project: {} }, 51272],
    [{ $facet: { a: [{ $out: 'x' }] } }, 40600],
    [{ $lookup: { from: 'x', as: 'y' } }, 9],
    [{ $replaceRoot: { newRoot: '$name' } }, 40228],
    [{ $geoNear: {} }, 238],
    [{ $densify: {} }, 238],
    [{ $setWindowFields: { output: { a: { $derivative: {} } } } }, 238],
  ])('%j is refused', (stage, code) => {
    expect(() => run([stage])).toThrow(expect.objectContaining({ code }));
  });
});

describe('a pipeline', () => {
  it('never changes the documents it reads, nested ones neither', () => {
    const docs: Doc[] = [{ _id: 1, a: { b: 1, c: [{ d: 1 }] } }];
    const before = clone(docs);
    const made = runPipeline(
      docs,
      [
        { $set: { 'a.b': 2, 'a.c.e': 3 } },
        { $unset: ['a.c.d'] },
        { $unwind: '$a.c' },
        { $lookup: { from: 'none', localField: 'x', foreignField: 'y', as: 'a.z' } },
      ],
      { collection: () => [] },
    );
    expect(made).toEqual([{ _id: 1, a: { b: 2, c: { e: 3 }, z: [] } }]);
    expect(docs).toEqual(before);
  });

  it('knows the variables of its command, and those of $let, $map and $reduce', () => {
    const pipeline = [
      {
        $project: {
          _id: 0,
          v: {
            $let: {
              vars: { y: { $add: ['$$x', 1] } },
              in: { $map: { input: [1, 2], as: 'z', in: { $multiply: ['$$y', '$$z'] } } },
            },
          },
        },
      },
    ];
    expect(runPipeline([{}], pipeline, { let: { x: { $add: [1, 1] } } })).toEqual([{ v: [3, 6] }]);
    const now = new Date(5);
    expect(runPipeline([{}], [{ $set: { n: '$$NOW' } }], { now })).toEqual([{ n: now }]);
  });
});
