import { Long, MaxKey, MinKey } from 'mongodb';
import { expect, it } from 'vitest';

import { count, find, type Find } from '../../src/embedded-mongo/query/query.ts';
import { Store } from '../../src/embedded-mongo/storage/store.ts';
import { indexSpec } from '../../src/embedded-mongo/storage/indexes.ts';
import { decode, type Doc } from '../../src/embedded-mongo/values/bson.ts';
import { compileCollation } from '../../src/embedded-mongo/values/collation.ts';
import { encoded } from '../../src/embedded-mongo/values/raw.ts';
import { fc, runs } from '../properties.ts';

// Indexes are there for speed alone: whatever index a plan takes, the answer is that of a scan.

const few = fc.constantFrom<unknown>('a', 'A', 1, null);
const many = fc.constantFrom<unknown>(
  ...[null, 0, 1, 2.5, Long.fromNumber(1), NaN, '', 'a', 'A', 'ab', 'b', 'á', true],
  ...[new Date(1), new MinKey(), new MaxKey(), /^a/],
);
const scalar = fc.oneof({ weight: 3, arbitrary: few }, { weight: 1, arbitrary: many });
const inner = fc.record({ x: scalar, y: scalar }, { requiredKeys: [] });
const value = fc.oneof(
  { weight: 6, arbitrary: scalar },
  inner,
  fc.array(fc.oneof(scalar, inner, fc.array(scalar, { maxLength: 2 })), { maxLength: 3 }),
);
const document = fc.record({ a: value, b: value, c: scalar }, { requiredKeys: [] });

const path = fc.constantFrom('a', 'a', 'b', 'c', 'a.x', 'a.y', 'b.x');
const operand = value.filter((it) => !(it instanceof RegExp));
const condition = fc.oneof(
  { weight: 6, arbitrary: few },
  { weight: 4, arbitrary: few.map((it) => ({ $gte: it })) },
  value,
  ...['$eq', '$gt', '$gte', '$lt', '$lte', '$ne'].map((op) => operand.map((it) => ({ [op]: it }))),
  fc
    .tuple(scalar, scalar)
    .map(([low, high]) => ({ $gte: low, $lt: high }))
    .filter(noPattern),
  fc.array(value, { maxLength: 3 }).map((list) => ({ $in: list })),
  fc.array(operand, { maxLength: 2 }).map((list) => ({ $nin: list })),
  fc.boolean().map((is) => ({ $exists: is })),
  fc.constantFrom('string', 'number', 'null', 'array', 'object').map((type) => ({ $type: type })),
  fc.constantFrom('^a', '^A', 'a', '^ab', '^').map((pattern) => ({ $regex: pattern })),
  fc.constant({ $regex: '^a', $options: 'i' }),
  fc
    .tuple(scalar, scalar)
    .filter(noPattern)
    .map(([low, high]) => ({ $elemMatch: { $gte: low, $lte: high } })),
  scalar.map((it) => ({ $elemMatch: { x: it } })),
  operand.map((it) => ({ $not: { $gt: it } })),
  fc.array(value, { minLength: 1, maxLength: 2 }).map((list) => ({ $all: list })),
  fc.nat(2).map((size) => ({ $size: size })),
);

function noPattern(it: object): boolean {
  return !Object.values(it).some((part) => part instanceof RegExp);
}

const partial = fc.constantFrom<Doc>(
  { a: 'a' },
  { a: { $exists: true } },
  { b: { $gt: 0 } },
  { c: { $gte: null } },
  { 'a.x': 1 },
  { $or: [{ a: 1 }, { b: 1 }] },
  { a: { $type: 'string' } },
  { c: { $in: ['a', 1] } },
);
const clause = fc.dictionary(path, condition, { minKeys: 1, maxKeys: 3 });
const filter: fc.Arbitrary<Doc> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  clause,
  fc.array(clause, { minLength: 1, maxLength: 3 }).map(($or) => ({ $or })),
  fc
    .tuple(clause, fc.array(clause, { minLength: 1, maxLength: 2 }))
    .map(([it, $or]) => ({ ...it, $or })),
  fc.array(clause, { minLength: 1, maxLength: 2 }).map(($and) => ({ $and })),
  fc.tuple(clause, clause).map(([it, not]) => ({ ...it, $nor: [not] })),
);
const direction = fc.constantFrom(1 as const, -1 as const);
const sort = fc.dictionary(path, direction, { maxKeys: 2 });
const caseless = { locale: 'en', strength: 2 };
const collation = fc.constantFrom(undefined, undefined, caseless);

const index = fc.record({
  key: fc.dictionary(path, direction, { minKeys: 1, maxKeys: 2, size: 'max' }),
  kind: fc.oneof<fc.Arbitrary<{ sparse?: boolean; partialFilterExpression?: Doc }>[]>(
    fc.constant({}),
    fc.constant({ sparse: true }),
    partial.map((partialFilterExpression) => ({ partialFilterExpression })),
  ),
  collation,
});

// A filter that an index may serve: one on its first path, with what a partial one asks for.
const query = fc.record({ filter, sort, collation, served: fc.nat(3), point: condition });

it('a plan through indexes finds and counts what a scan finds, in the order that is asked for', () => {
  fc.assert(
    fc.property(
      fc.array(document, { minLength: 10, maxLength: 25, size: 'max' }),
      fc.array(index, { minLength: 1, maxLength: 4, size: 'max' }),
      fc.array(query, { minLength: 10, maxLength: 10 }),
      (documents, indexes, queries) => {
        const collection = new Store(2 ** 20).create('test', 'things', {});
        for (const [at, { key, kind, collation }] of indexes.entries())
          collection.createIndex(indexSpec({ key, name: `i${at}`, ...kind, collation }));
        for (const [_id, doc] of documents.entries()) {
          try {
            collection.insert(encoded({ _id, ...doc }), _id);
          } catch (error) {
            expect(error).toMatchObject({ code: 171 });
          }
        }
        const ids = (query: Find) =>
          [...find(collection, query)].map(
            ({ version }) => decode(version.bytes as Buffer)['_id'] as number,
          );
        for (const { filter, sort, collation, served, point } of queries) {
          const { key = {}, kind = {} } = indexes[served] ?? {};
          const [path] = Object.keys(key);
          const narrow = path === undefined ? {} : { [path]: point };
          const whole = { ...filter, ...narrow, ...kind.partialFilterExpression };
          const query = { filter: whole, collation: compileCollation(collation) };
          const sorted = { ...query, sort: { ...sort, _id: 1 } };
          const scanned = ids({ ...query, hint: { $natural: 1 } });
          expect(ids(query).toSorted((a, b) => a - b)).toEqual(scanned);
          expect(count(collection, query)).toBe(scanned.length);
          expect(ids(sorted)).toEqual(ids({ ...sorted, hint: { $natural: 1 } }));
        }
      },
    ),
    { numRuns: runs(400) },
  );
});
