import { Decimal128, Double, Long } from 'mongodb';
import { describe, expect, it } from 'vitest';

import {
  Sum,
  add,
  divide,
  modulo,
  multiply,
  subtract,
} from '../../src/embedded-mongo/values/arithmetic.ts';
import {
  fromDecimal128,
  parseDecimal,
  toDecimal128,
  type Decimal,
} from '../../src/embedded-mongo/values/decimal.ts';
import { compare, equal, keyOf, typeOf } from '../../src/embedded-mongo/values/values.ts';
import { fc } from '../properties.ts';
import { numbers } from './values-arbitrary.ts';

const decimal = (text: string) => Decimal128.fromString(text);
const long = (value: bigint) => Long.fromBigInt(value);
const bigs = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const digits = fc.bigInt({ min: -(10n ** 34n) + 1n, max: 10n ** 34n - 1n });
const exponents = fc.integer({ min: -6176, max: 6111 });

describe('Decimal128', () => {
  it('is taken apart and packed without loss', () => {
    fc.assert(
      fc.property(digits, exponents, (coefficient, exponent) => {
        const value = toDecimal128({ coefficient, exponent });
        expect(fromDecimal128(value)).toEqual({ coefficient, exponent });
        expect(value.toString()).toBe(decimal(`${coefficient}E${exponent}`).toString());
      }),
    );
  });

  it.each(['NaN', 'Infinity', '-Infinity', '0', '-1.50', '1E+6111', '1E-6176'])(
    '%s is read as it is written',
    (text) => {
      expect(toDecimal128(parseDecimal(text) as Decimal).toString()).toBe(decimal(text).toString());
    },
  );

  it('rounds half to even at 34 digits, and overflows to infinity', () => {
    const nines = '9'.repeat(34);
    expect(toDecimal128(parseDecimal(`${'1'.repeat(34)}5`) as Decimal).toString()).toBe(
      '1.111111111111111111111111111111112E+34',
    );
    expect(toDecimal128(parseDecimal(`${'2'.repeat(34)}5`) as Decimal).toString()).toBe(
      '2.222222222222222222222222222222222E+34',
    );
    expect(toDecimal128(parseDecimal(`${nines}9`) as Decimal)).toEqual(
      decimal('1.000000000000000000000000000000000E+35'),
    );
    expect(toDecimal128(parseDecimal('1E+7000') as Decimal).toString()).toBe('Infinity');
    expect(multiply(decimal('1E+6000'), decimal('-1E+6000'))).toEqual(decimal('-Infinity'));
  });

  it('refuses what is no number', () => {
    for (const text of ['', 'x', '1e', '.', '1 ', '0x1', '1..2'])
      expect(parseDecimal(text)).toBeUndefined();
  });

  it('adds and multiplies as the exact numbers, rounded', () => {
    const small = fc.tuple(
      fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
      fc.integer({ min: -9, max: 9 }),
    );
    fc.assert(
      fc.property(small, small, ([a, p], [b, q]) => {
        const left = decimal(`${a}E${p}`);
        const right = decimal(`${b}E${q}`);
        const least = BigInt(Math.min(p, q));
        const sum = a * 10n ** (BigInt(p) - least) + b * 10n ** (BigInt(q) - least);
        expect(equal(add(left, right), decimal(`${sum}E${least}`))).toBe(true);
        expect(equal(multiply(left, right), decimal(`${a * b}E${p + q}`))).toBe(true);
        if (b !== 0n) expect(equal(divide(multiply(left, right), right), left)).toBe(true);
      }),
    );
  });
});

describe('arithmetic', () => {
  it('of int64 is exact, and nearly so as a double where 64 bits do not hold it', () => {
    fc.assert(
      fc.property(bigs, bigs, (a, b) => {
        for (const [result, exact] of [
          [add(long(a), long(b)), a + b],
          [subtract(long(a), long(b)), a - b],
          [multiply(long(a), long(b)), a * b],
        ] as const) {
          const fits = BigInt.asIntN(64, exact) === exact;
          expect(typeOf(result)).toBe(fits ? 'long' : 'double');
          if (fits) expect((result as Long).toBigInt()).toBe(exact);
          else expect(Number(result) / Number(exact)).toBeCloseTo(1, 14);
        }
        if (b !== 0n) expect(equal(modulo(long(a), long(b)), long(a % b))).toBe(true);
      }),
    );
  });

  it('takes the wider type', () => {
    const types = [1, Long.ONE, new Double(1), decimal('1')];
    types.forEach((a, x) => {
      types.forEach((b, y) => {
        expect(typeOf(add(a, b))).toBe(['int', 'long', 'double', 'decimal'][Math.max(x, y)]);
        expect(equal(add(a, b), 2)).toBe(true);
      });
    });
  });

  it('of int32 widens to int64', () => {
    expect(add(2147483647, 1)).toEqual(Long.fromNumber(2147483648));
    expect(multiply(65536, 65536)).toEqual(Long.fromNumber(2 ** 32));
    expect(add(Long.MAX_VALUE, 1, true)).toBeUndefined();
  });

  it('a running sum is what adding one by one gives', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(bigs.map(long), fc.integer()), { maxLength: 10 }), (list) => {
        const sum = new Sum();
        for (const value of list) sum.add(value);
        const exact = list.reduce<bigint>((total, value) => total + BigInt(value.toString()), 0n);
        const total = sum.total();
        if (BigInt.asIntN(64, exact) === exact) expect(BigInt(String(total))).toBe(exact);
        else expect(Number(total)).toBe(Number(exact));
      }),
    );
  });

  it('a sum of doubles does not lose the small ones', () => {
    const sum = new Sum();
    for (const value of [1e100, 1, -1e100].map((n) => (Number.isInteger(n) ? new Double(n) : n)))
      sum.add(value);
    expect(sum.total()).toEqual(new Double(1));
  });

  it('a sum with a decimal among its numbers is a decimal', () => {
    const sum = new Sum();
    for (const value of [decimal('0.1'), 1, Long.ONE, 0.5]) sum.add(value);
    expect(typeOf(sum.total())).toBe('decimal');
    expect(equal(sum.total(), decimal('2.6'))).toBe(true);
  });
});

describe('numbers of different types', () => {
  it('equal ones have one key though doubles lose digits', () => {
    expect(keyOf(Long.fromString('9007199254740993'))).toBe(keyOf(decimal('9007199254740993.0')));
    expect(keyOf(Long.fromString('9007199254740993'))).not.toBe(keyOf(new Double(2 ** 53)));
    expect(compare(decimal('0.1'), 0.1)).toBe(-1);
    expect(compare(decimal('0.5'), 0.5)).toBe(0);
    expect(keyOf(new Double(-0))).toBe(keyOf(0));
  });

  it('are ordered as the numbers that they are', () => {
    fc.assert(
      fc.property(fc.array(numbers, { minLength: 2, maxLength: 8 }), (list) => {
        const sorted = list.toSorted((a, b) => compare(a, b)).map((value) => Number(String(value)));
        for (let at = 1; at < sorted.length; at++) {
          const [left = NaN, right = NaN] = [sorted[at - 1], sorted[at]];
          expect(Number.isNaN(left) || left <= right).toBe(true);
        }
      }),
    );
  });
});
