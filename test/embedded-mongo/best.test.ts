// Sorting with a limit leaves documents unread; it must find what sorting everything finds.
import { describe, expect, it } from 'vitest';

import { fc } from '../properties.ts';
import { connected } from './client.ts';
import { numbers, values } from './values-arbitrary.ts';

const at = connected();
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', 'a', 'A', 'aa', 'é', 'e', '\u{10000}', '\uffff'),
);
const moments = fc.integer({ min: -5, max: 5 }).map((ms) => new Date(ms));
/** Mostly of one kind, as in real collections, with anything among them. */
const fields = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -100, max: 100 }) },
  { weight: 4, arbitrary: moments },
  { weight: 2, arbitrary: numbers },
  { weight: 2, arbitrary: texts },
  { weight: 1, arbitrary: values },
);
const documents = fc.oneof(
  fc.array(fields, { minLength: 60, maxLength: 250 }),
  fc.array(fc.integer(), { minLength: 60, maxLength: 250 }),
  fc.array(moments, { minLength: 60, maxLength: 250 }),
  fc.array(texts, { minLength: 60, maxLength: 250 }),
  fc.array(numbers, { minLength: 60, maxLength: 250 }),
);

describe('a sort with a limit', () => {
  it('finds the first of what a whole sort finds, in both directions, filtered or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        documents,
        fc.constantFrom(1 as const, -1 as const),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 5 }),
        fc.constantFrom({}, { even: true }),
        fc.constantFrom(undefined, { locale: 'en', strength: 1 }),
        async (list, way, limit, skip, filter, collation) => {
          at.server.reset();
          const things = at.coll();
          await things.insertMany(
            list.map((n, i) => ({ _id: i, even: i % 2 === 0, n })),
            { ignoreUndefined: true },
          );
          const query = () =>
            things.find(filter, collation && { collation }).sort({ n: way, _id: 1 });
          const all = await query().toArray();
          const some = await query().skip(skip).limit(limit).toArray();
          expect(some.map(({ _id }) => _id)).toEqual(
            all.slice(skip, skip + limit).map(({ _id }) => _id),
          );
        },
      ),
      { numRuns: 150 },
    );
  });
});
