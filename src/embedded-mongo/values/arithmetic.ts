import { Decimal128, Long } from 'mongodb';

import { double } from './bson.ts';
import { exact, typeOf } from './values.ts';
import {
  addDecimals,
  decimalToNumber,
  divideDecimals,
  exactDouble,
  fromBigInt,
  fromDouble,
  multiplyDecimals,
  remainderDecimals,
  toDecimal128,
  truncate,
  type Decimal,
} from './decimal.ts';

type NumberType = 'int' | 'long' | 'double' | 'decimal';

const widths: Readonly<Record<NumberType, number>> = { int: 0, long: 1, double: 2, decimal: 3 };

/** The wider of two numeric types: the type of a sum or product. */
function widest(a: unknown, b: unknown): NumberType {
  const left = typeOf(a) as NumberType;
  const right = typeOf(b) as NumberType;
  return widths[left] >= widths[right] ? left : right;
}

/** A number of any type as a double; Long and Decimal128 lose what a double cannot hold. */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value instanceof Long) return value.toNumber();
  return value instanceof Decimal128 ? decimalToNumber(exact(value)) : Number(value);
}

/** A number as decimal arithmetic sees it: doubles by their 15 significant digits. */
export function toDecimal(value: unknown): Decimal {
  return typeOf(value) === 'double' ? fromDouble(toNumber(value)) : exact(value);
}

/** The integer in the narrowest type that is at least `least`, or undefined when 64 bits do not hold it. */
export function integer(value: bigint, least: NumberType = 'int'): number | Long | undefined {
  if (least === 'int' && BigInt.asIntN(32, value) === value) return Number(value);
  return BigInt.asIntN(64, value) === value ? Long.fromBigInt(value) : undefined;
}

/** A number without fraction as a result: int32 where it fits, else int64, else a double. */
export function wholeNumber(value: number): unknown {
  if (value === (value | 0)) return value | 0;
  return Number.isSafeInteger(value) ? Long.fromNumber(value) : double(value);
}

function bigOf(value: unknown): bigint {
  return typeof value === 'number' ? BigInt(value) : (truncate(exact(value)) ?? 0n);
}

/** How an operation works in each of its three arithmetics. */
interface Operation {
  integers(a: bigint, b: bigint): bigint;
  doubles(a: number, b: number): number;
  decimals(a: Decimal, b: Decimal): Decimal;
}

/**
 * Computes in the wider type. Where 64 bits overflow the result is a double, or undefined for `strict`
 * (the update operators, which refuse it).
 */
function compute(operation: Operation, a: unknown, b: unknown, strict: boolean): unknown {
  const type = widest(a, b);
  if (type === 'decimal') return toDecimal128(operation.decimals(toDecimal(a), toDecimal(b)));
  if (type === 'double') return double(operation.doubles(toNumber(a), toNumber(b)));
  const result = integer(operation.integers(bigOf(a), bigOf(b)), type);
  if (result !== undefined || strict) return result;
  return double(operation.doubles(toNumber(a), toNumber(b)));
}

const addition: Operation = {
  integers: (a, b) => a + b,
  doubles: (a, b) => a + b,
  decimals: addDecimals,
};

const subtraction: Operation = {
  integers: (a, b) => a - b,
  doubles: (a, b) => a - b,
  decimals: (a, b) => addDecimals(a, negate(b)),
};

const multiplication: Operation = {
  integers: (a, b) => a * b,
  doubles: (a, b) => a * b,
  decimals: multiplyDecimals,
};

const remainder: Operation = {
  integers: (a, b) => a % b,
  doubles: (a, b) => a % b,
  decimals: remainderDecimals,
};

function negate(value: Decimal): Decimal {
  if ('special' in value) {
    return value.special === 'NaN'
      ? value
      : { special: value.special === 'Infinity' ? '-Infinity' : 'Infinity' };
  }
  return { coefficient: -value.coefficient, exponent: value.exponent };
}

export function add(a: unknown, b: unknown, strict = false): unknown {
  if (isInt(a) && isInt(b)) return wholeNumber(a + b);
  return compute(addition, a, b, strict);
}

export function subtract(a: unknown, b: unknown): unknown {
  if (isInt(a) && isInt(b)) return wholeNumber(a - b);
  return compute(subtraction, a, b, false);
}

export function multiply(a: unknown, b: unknown, strict = false): unknown {
  return compute(multiplication, a, b, strict);
}

/** The remainder, with the sign of the dividend; the divisor must not be zero. */
export function modulo(a: unknown, b: unknown): unknown {
  return compute(remainder, a, b, false);
}

/** The quotient: a decimal when an operand is one, else a double; the divisor must not be zero. */
export function divide(a: unknown, b: unknown): unknown {
  if (widest(a, b) === 'decimal') return toDecimal128(divideDecimals(toDecimal(a), toDecimal(b)));
  return double(toNumber(a) / toNumber(b));
}

/** Whether a number of any type is zero. */
export function isZero(value: unknown): boolean {
  if (typeof value === 'number') return value === 0;
  const number = exact(value);
  return 'coefficient' in number && number.coefficient === 0n;
}

function isInt(value: unknown): value is number {
  return typeof value === 'number' && value === (value | 0) && !Object.is(value, -0);
}

/** A running sum over the four types: exact for integers and decimals, compensated for doubles. */
export class Sum {
  private whole = 0n;
  private small = 0;
  private fraction = 0;
  private lost = 0;
  private decimal: Decimal = { coefficient: 0n, exponent: 0 };
  private type: NumberType = 'int';

  add(value: unknown): void {
    if (typeof value === 'number' && isInt(value)) {
      this.small += value;
      if (this.small > 2 ** 52 || this.small < -(2 ** 52)) this.carry();
      return;
    }
    const type = typeOf(value) as NumberType;
    if (widths[type] > widths[this.type]) this.type = type;
    if (type === 'decimal') this.decimal = this.rounded(addDecimals(this.decimal, exact(value)));
    else if (type === 'double') this.addDouble(toNumber(value));
    else this.whole += bigOf(value);
  }

  total(): unknown {
    this.carry();
    const lost = Number.isFinite(this.fraction) ? this.lost : 0;
    if (this.type === 'decimal') {
      // Doubles count here with all their digits, not with the 15 that single operations keep.
      const doubles = addDecimals(exactDouble(this.fraction), exactDouble(lost));
      const rest = addDecimals(fromBigInt(this.whole), doubles);
      return toDecimal128(addDecimals(this.decimal, rest));
    }
    if (this.type === 'double') return double(this.fraction + lost + Number(this.whole));
    return integer(this.whole, this.type) ?? double(Number(this.whole));
  }

  private rounded(value: Decimal): Decimal {
    return 'coefficient' in value && value.coefficient > 10n ** 68n
      ? exact(toDecimal128(value))
      : value;
  }

  private carry(): void {
    this.whole += BigInt(this.small);
    this.small = 0;
  }

  private addDouble(value: number): void {
    const sum = this.fraction + value;
    this.lost +=
      Math.abs(this.fraction) >= Math.abs(value)
        ? this.fraction - sum + value
        : value - sum + this.fraction;
    this.fraction = sum;
  }
}
