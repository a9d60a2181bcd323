import {
  Binary,
  BSONRegExp,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'mongodb';
import { describe, expect, it } from 'vitest';

import { keyTuples } from '../../src/embedded-mongo/storage/index-keys.ts';
import { EMPTY_ARRAY, inverted, keyString } from '../../src/embedded-mongo/values/key-string.ts';
import { AFTER_ALL, SortedList } from '../../src/embedded-mongo/storage/sorted-list.ts';
import { compare } from '../../src/embedded-mongo/values/values.ts';
import { fc } from '../properties.ts';

const scalar = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.double().map((value) => new Double(value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 33n), max: 10n ** 33n }), fc.integer({ min: -40, max: 40 }))
    .map(([digits, exponent]) => Decimal128.fromString(`${digits}e${exponent}`)),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', 'a', 'a\0', 'a\0b', 'ab', '\uffff', '\u{10000}'),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
  fc.uint8Array({ maxLength: 8 }).map((bytes) => new Binary(bytes)),
  fc.tuple(fc.nat(9), fc.nat(9)).map(([t, i]) => new Timestamp({ t, i })),
  fc.constantFrom(new MinKey(), new MaxKey(), new BSONRegExp('a', 'i'), new BSONRegExp('a', '')),
  fc.constantFrom(0, -0, 1, new Double(1), Long.fromNumber(1), Decimal128.fromString('1.00'), NaN),
);
const value = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('a', 'b', 'c'), scalar, { maxKeys: 3 }),
);

const sign = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

describe('keyString', () => {
  it('orders any two values as BSON orders them, and turned around the other way', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const order = Math.sign(compare(a, b));
        expect(sign(keyString(a), keyString(b))).toBe(order);
        expect(sign(inverted(keyString(a)), inverted(keyString(b)))).toBe(order === 0 ? 0 : -order);
      }),
      { numRuns: 20_000 },
    );
  });

  it('keeps compound keys in the order of their components', () => {
    fc.assert(
      fc.property(value, value, value, value, (a, b, c, d) => {
        const expected = Math.sign(compare(a, c)) || -Math.sign(compare(b, d));
        const left = keyString(a) + inverted(keyString(b));
        const right = keyString(c) + inverted(keyString(d));
        expect(sign(left, right)).toBe(expected === 0 ? 0 : expected);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('keyTuples', () => {
  const tuples = (doc: unknown, ...paths: string[]) =>
    keyTuples(
      doc,
      paths.map((path) => path.split('.')),
    ).tuples;

  it('gives one tuple for each member of an array, and pairs paths through the same array', () => {
    expect(tuples({ a: [{ b: 1, c: 2 }, { b: 3 }], d: 4 }, 'a.b', 'a.c', 'd')).toEqual([
      [1, 2, 4],
      [3, undefined, 4],
    ]);
  });

  it('knows an empty array, members that are no documents, and numeric components', () => {
    expect(tuples({ a: [] }, 'a')).toEqual([[EMPTY_ARRAY]]);
    expect(tuples({ a: [] }, 'a.b')).toEqual([[undefined]]);
    expect(tuples({ a: [1, { b: 2 }] }, 'a.b')).toEqual([[undefined], [2]]);
    expect(tuples({ a: [5, 6] }, 'a.1')).toEqual([[6]]);
  });

  it('refuses two different arrays', () => {
    expect(() => tuples({ a: [1], b: [2] }, 'a', 'b')).toThrow('cannot index parallel arrays');
  });
});

describe('SortedList', () => {
  it('answers like a sorted array after any additions and removals', () => {
    const step = fc.record({
      key: fc.oneof(fc.nat(3), fc.nat(400)).map((at) => String(at).padStart(3, '0')),
      add: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 3000, size: 'max' }), fc.boolean(), (steps, aged) => {
        const list = new SortedList<number>(aged ? (value) => value : undefined);
        let model: { key: string; value: number }[] = [];
        steps.forEach(({ key, add }, at) => {
          if (add) {
            list.add(key, at);
            model.push({ key, value: at });
            return;
          }
          const same = model.filter((entry) => entry.key === key);
          const found = same[(at * 7) % Math.max(1, same.length)];
          expect(list.remove(key, found?.value ?? -1)).toBe(found !== undefined);
          model = model.filter((entry) => entry !== found);
        });
        model.sort((a, b) => sign(a.key, b.key) || a.value - b.value);
        expect(list.slice('', AFTER_ALL)).toEqual(model.map((entry) => entry.value));
        expect(list.size).toBe(model.length);
        const inside = model
          .filter(({ key }) => key >= '100' && key < '250')
          .map((entry) => entry.value);
        expect(list.count('100', '250')).toBe(inside.length);
        expect(list.slice('100', '250')).toEqual(inside);
        expect(list.slice('100', '250', true)).toEqual(inside.toReversed());
        expect([...list.walk('100', '250')]).toEqual(inside);
        expect([...list.walk('100', '250', true)]).toEqual(inside.toReversed());
      }),
      { numRuns: 60 },
    );
  });

  it.each([false, true])(
    'walks on after changes: gives all that stays, nothing twice (backwards: %s)',
    (backwards) => {
      const list = new SortedList<number>();
      const key = (n: number) => String(Math.floor(n / 3)).padStart(4, '0');
      for (let n = 0; n < 3000; n++) list.add(key(n), n);
      const seen: number[] = [];
      for (const value of list.walk('', AFTER_ALL, backwards)) {
        seen.push(value);
        const [behind, ahead] = [value + 50, value - 50].map((n) => 2 * Math.floor(n / 2) + 1);
        for (const n of [behind ?? 0, ahead ?? 0])
          if (n > 0 && n < 3000 && !seen.includes(n)) list.remove(key(n), n);
        list.add(key(value), 10_000 + value);
        list.remove(key(value), 10_000 + value);
      }
      expect(new Set(seen).size).toBe(seen.length);
      const even = seen.filter((n) => n % 2 === 0);
      const expected = Array.from({ length: 1500 }, (_, n) => 2 * n);
      expect(backwards ? even.toReversed().map(key) : even.map(key)).toEqual(expected.map(key));
      expect(new Set(even)).toEqual(new Set(expected));
    },
  );
});
