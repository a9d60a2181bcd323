import { Double, Long } from 'mongodb';
import { describe, expect, it } from 'vitest';

import { decode, encode } from '../../src/embedded-mongo/values/bson.ts';
import { compileCollation } from '../../src/embedded-mongo/values/collation.ts';
import { clone, indexValues } from '../../src/embedded-mongo/values/paths.ts';
import { compileSort, sortDocs, topDocs } from '../../src/embedded-mongo/query/sort.ts';
import { compare, equal, keyOf, typeOf } from '../../src/embedded-mongo/values/values.ts';
import { fc } from '../properties.ts';
import { docs, numbers, values } from './values-arbitrary.ts';

describe('the order of values', () => {
  it('is total: antisymmetric, transitive, and every value equals itself', () => {
    fc.assert(
      fc.property(fc.oneof(values, numbers), fc.oneof(values, numbers), values, (a, b, c) => {
        expect(compare(a, a)).toBe(0);
        expect(compare(a, b)).toBe(0 - compare(b, a));
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 3000 },
    );
  });

  it('is transitive among numbers of all types', () => {
    fc.assert(
      fc.property(numbers, numbers, numbers, (a, b, c) => {
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 5000 },
    );
  });

  it('gives equal values one key, and only them', () => {
    fc.assert(
      fc.property(fc.oneof(values, numbers), fc.oneof(values, numbers), (a, b) => {
        expect(keyOf(a) === keyOf(b)).toBe(equal(a, b));
      }),
      { numRuns: 5000 },
    );
  });

  it('gives strings that a collation holds equal one key, and only them', () => {
    const collation = compileCollation({ locale: 'en', strength: 1 });
    const words = fc.string({
      unit: fc.constantFrom('a', 'A', 'á', 'b', 'ß', 's', '1', ' '),
      maxLength: 3,
    });
    fc.assert(
      fc.property(words, words, (a, b) => {
        expect(keyOf(a, collation) === keyOf(b, collation)).toBe(equal(a, b, collation));
      }),
    );
  });
});

describe('encoding', () => {
  it('gives back what was decoded, type by type', () => {
    fc.assert(
      fc.property(docs, (doc) => {
        const bytes = encode(doc);
        const decoded = decode(bytes);
        expect(Buffer.from(encode(decoded))).toEqual(Buffer.from(bytes));
        expect(compare(decoded, doc)).toBe(0);
        expect(Object.entries(decoded).map(([key, value]) => [key, typeOf(value)])).toEqual(
          Object.entries(doc).map(([key, value]) => [key, typeOf(value)]),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps an integral double a double', () => {
    const doc = decode(encode({ a: new Double(5), b: 5, c: Long.fromNumber(5) }));
    expect(Object.values(doc).map(typeOf)).toEqual(['double', 'int', 'long']);
  });

  it('refuses a document over 16 MiB, wherever it is too long', () => {
    const mebibytes = (n: number) => 'x'.repeat(n * 2 ** 20);
    expect(encode({ a: mebibytes(15) })).toHaveLength(15 * 2 ** 20 + 13);
    for (const doc of [
      { a: mebibytes(17) },
      { a: mebibytes(40) },
      { a: mebibytes(9), b: [mebibytes(9), 1] },
    ]) {
      expect(() => encode(doc)).toThrow(expect.objectContaining({ code: 10334 }));
    }
    expect(() => encode({ a: { _bsontype: 'Long' } })).toThrow(
      expect.objectContaining({ code: 238 }),
    );
  });

  it('decodes only the fields that are asked for', () => {
    fc.assert(
      fc.property(docs, fc.constantFrom('a', 'b', '__proto__'), (doc, name) => {
        const part = decode(encode(doc), new Set([name]));
        const kept = Object.keys(decode(encode(doc))).filter((key) => key === name);
        expect(Object.keys(part)).toEqual(kept);
        if (Object.hasOwn(doc, name)) expect(equal(part[name], doc[name])).toBe(true);
      }),
    );
  });

  it('refuses malformed bytes with an error of its own, whatever they are', () => {
    fc.assert(
      fc.property(docs, fc.nat(), fc.nat(255), (doc, place, byte) => {
        const bytes = Buffer.from(encode(doc));
        bytes[place % bytes.length] = byte;
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toMatchObject({ name: 'ServerError' });
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('sorting', () => {
  const sorts = fc.constantFrom<Record<string, 1 | -1>>(
    { a: 1 },
    { a: -1 },
    { b: 1, a: -1 },
    { 'a.b': -1 },
  );

  it('agrees with comparing, is stable, and cutting it off early changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(docs, { maxLength: 12 }),
        sorts,
        fc.integer({ min: 1, max: 6 }),
        (list, sort, limit) => {
          const sorted = sortDocs(list, sort);
          expect(sorted).toEqual(list.toSorted(compileSort(sort)));
          expect(topDocs(list, sort, limit)).toEqual(sorted.slice(0, limit));
        },
      ),
    );
  });

  it('takes the least member of an array upwards and the greatest downwards', () => {
    const list = [{ a: [1, 9] }, { a: 5 }, { a: [] }, {}, { a: null }];
    expect(sortDocs(list, { a: 1 })).toEqual([{ a: [] }, {}, { a: null }, { a: [1, 9] }, { a: 5 }]);
    expect(sortDocs(list, { a: -1 })).toEqual([
      { a: [1, 9] },
      { a: 5 },
      {},
      { a: null },
      { a: [] },
    ]);
  });

  it('refuses an order that is neither 1 nor -1', () => {
    expect(() => compileSort({ a: 2 })).toThrow(expect.objectContaining({ code: 15975 }));
  });
});

describe('index keys', () => {
  it('are the members of arrays, null for what is missing, and undefined for an empty array', () => {
    expect(indexValues({ a: [1, [2]] }, 'a')).toEqual([1, [2]]);
    expect(indexValues({ a: [] }, 'a')).toEqual([undefined]);
    expect(indexValues({}, 'a')).toEqual([null]);
    expect(indexValues({ a: [{ b: 1 }, {}, 5] }, 'a.b')).toEqual([1, null, null]);
    expect(indexValues({ a: [{ b: [1, 2] }, { b: 3 }] }, 'a.b')).toEqual([1, 2, 3]);
    expect(indexValues({ a: [{ b: 7 }, 8] }, 'a.0.b')).toEqual([7]);
  });
});

describe('a copy', () => {
  it('is equal and shares no document or array', () => {
    fc.assert(
      fc.property(docs, (doc) => {
        const copy = clone(doc);
        expect(equal(copy, doc)).toBe(true);
        expect(copy).not.toBe(doc);
        for (const [key, value] of Object.entries(doc)) {
          if (Array.isArray(value)) expect(copy[key]).not.toBe(value);
        }
      }),
    );
  });
});
