import type { Document } from 'mongodb';
import { expect, it } from 'vitest';

import { fc, runs } from '../properties.ts';
import { connected } from './client.ts';

// The front of a pipeline runs as a query and reads only the fields that what follows needs. That must not show:
// behind a stage that changes nothing, but is no part of a query, the same stages give the same.
const at = connected();
const opaque = { $replaceWith: '$$ROOT' };

const path = fc.constantFrom('a', 'b', 'c', 'a.x', 'd', 'd.e');
const field = path.map((name) => `$${name}`);
const small = fc.constantFrom<unknown>(0, 1, 2, 'a', 'b', null, [1, 2], [], { x: 1 }, [
  { x: 1 },
  { x: 2 },
]);
const document = fc.record({ a: small, b: small, c: small, d: small }, { requiredKeys: [] });
const expression = fc.oneof(
  field,
  fc.tuple(field, field).map(([a, b]) => ({ $eq: [a, b] })),
  field.map((it) => ({ $ifNull: [it, 'none'] })),
  field.map((it) => ({ $map: { input: [1], in: it } })),
  fc.constantFrom('$$ROOT', '$$CURRENT.b', { $getField: 'c' }, { $type: '$$ROOT.d' }),
  field.map((it) => ({ $let: { vars: { v: it }, in: '$$v' } })),
);
const filter = fc.oneof(
  fc.tuple(path, small).map(([name, value]) => ({ [name]: value })),
  fc.tuple(path, fc.boolean()).map(([name, is]) => ({ [name]: { $exists: is } })),
  fc.tuple(path, fc.nat(2)).map(([name, least]) => ({ [name]: { $gte: least } })),
  expression.map(($expr) => ({ $expr })),
);
const total = fc
  .tuple(path, fc.constantFrom(1, -1))
  .map(([name, way]) => ({ [name]: way, _id: 1 }));
const tail = fc.oneof<fc.Arbitrary<Document>[]>(
  filter.map(($match) => ({ $match })),
  total.map(($sort) => ({ $sort })),
  fc.nat(3).map(($skip) => ({ $skip })),
  fc.integer({ min: 1, max: 8 }).map(($limit) => ({ $limit })),
  path.map((name) => ({ $project: { [name]: 1 } })),
  path.map((name) => ({ $project: { [name]: 0 } })),
  fc.tuple(path, expression).map(([name, it]) => ({ $project: { [`n.${name}`]: it } })),
  fc.tuple(path, expression).map(([name, it]) => ({ $addFields: { [name]: it } })),
  path.map(($unset) => ({ $unset })),
  field.map(($unwind) => ({ $unwind })),
  field.map((p) => ({
    $unwind: { path: p, preserveNullAndEmptyArrays: true, includeArrayIndex: 'c' },
  })),
  fc
    .tuple(expression, expression)
    .map(([_id, it]) => ({ $group: { _id, n: { $sum: 1 }, f: { $first: it } } })),
  fc
    .tuple(total, expression)
    .map(([sortBy, output]) => ({ $group: { _id: null, t: { $top: { sortBy, output } } } })),
  fc.tuple(total, expression).map(([sortBy, output]) => ({
    $bucketAuto: {
      groupBy: '$_id',
      buckets: 2,
      output: {
        t: { $lastN: { n: 2, input: output } },
        b: { $bottomN: { n: 2, sortBy, output } },
      },
    },
  })),
  field.map(($sortByCount) => ({ $sortByCount })),
  expression.map((it) => ({ $replaceWith: { k: it, _id: '$_id' } })),
  fc.constant({ $count: 'n' }),
  path.map((name) => ({
    $lookup: { from: 'things', localField: name, foreignField: 'c', as: 'b' },
  })),
  field.map((it) => ({
    $lookup: {
      from: 'things',
      let: { v: it },
      pipeline: [{ $match: { $expr: { $eq: ['$b', '$$v'] } } }, { $count: 'n' }],
      as: 'a.x',
    },
  })),
  expression.map((it) => ({ $facet: { all: [{ $project: { it } }], some: [{ $limit: 2 }] } })),
  field.map((it) => ({
    $setWindowFields: { partitionBy: it, sortBy: { _id: 1 }, output: { d: { $push: '$a' } } },
  })),
  fc.constant({ $unionWith: { coll: 'things', pipeline: [{ $project: { c: 1 } }] } }),
  expression.map((it) => ({ $redact: { $cond: [{ $eq: [it, 1] }, '$$PRUNE', '$$KEEP'] } })),
);
const pipeline = fc.array(tail, { minLength: 1, maxLength: 5, size: 'max' });

async function answer(stages: Document[]): Promise<unknown> {
  try {
    return await at.coll().aggregate(stages).toArray();
  } catch (error) {
    return (error as { code: unknown }).code;
  }
}

it('a pipeline gives what it gives when none of it runs as a query', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(document, { minLength: 5, maxLength: 12, size: 'max' }),
      fc.array(fc.tuple(filter, total, pipeline), { minLength: 12, maxLength: 12 }),
      fc.dictionary(path, fc.constantFrom(1 as const, -1 as const), { minKeys: 1, maxKeys: 2 }),
      async (documents, pipelines, key) => {
        await at.server.reset();
        await at.coll().createIndex(key);
        const rows = documents.map((doc, _id) => ({ _id, ...doc }));
        await at
          .coll()
          .insertMany(rows, { ordered: false })
          .catch(() => undefined);
        for (const [$match, $sort, rest] of pipelines) {
          const stages = [{ $match }, { $sort }, ...rest];
          expect(await answer(stages), JSON.stringify(stages)).toEqual(
            await answer([opaque, ...stages]),
          );
        }
      },
    ),
    { numRuns: runs(60) },
  );
}, 60_000);
