import { Decimal128 } from 'mongodb';

/** A finite decimal `coefficient × 10^exponent`, or one of the three values that are not finite. */
export type Decimal =
  { coefficient: bigint; exponent: number } | { special: 'NaN' | 'Infinity' | '-Infinity' };

const precision = 34;
const limit = 10n ** 34n;
const exponentBias = 6176;

/** Takes a Decimal128 apart (IEEE 754 binary integer decimal). */
export function fromDecimal128(value: Decimal128): Decimal {
  const view = new DataView(value.bytes.buffer, value.bytes.byteOffset, 16);
  const high = view.getBigUint64(8, true);
  const low = view.getBigUint64(0, true);
  const negative = high >> 63n === 1n;
  const combination = Number((high >> 58n) & 0x1fn);
  if (combination === 0x1f) return { special: 'NaN' };
  if (combination === 0x1e) return { special: negative ? '-Infinity' : 'Infinity' };
  if (combination >> 3 === 3) {
    return { coefficient: 0n, exponent: Number((high >> 47n) & 0x3fffn) - exponentBias };
  }
  const coefficient = ((high & 0x1ffffffffffffn) << 64n) | low;
  return {
    coefficient: coefficient >= limit ? 0n : negative ? -coefficient : coefficient,
    exponent: Number((high >> 49n) & 0x3fffn) - exponentBias,
  };
}

/** Rounds to 34 digits, half to even, and packs; what is too large becomes an infinity. */
export function toDecimal128(value: Decimal): Decimal128 {
  if ('special' in value) return Decimal128.fromString(value.special);
  const { coefficient, exponent } = roundDigits(value.coefficient, value.exponent);
  const digits = abs(coefficient).toString().length;
  if (coefficient !== 0n && digits + exponent > 6145) {
    return Decimal128.fromString(coefficient < 0n ? '-Infinity' : 'Infinity');
  }
  const low =
    exponent < -exponentBias ? roundTo(coefficient, -exponentBias - exponent) : coefficient;
  const bounded = Math.min(Math.max(exponent, -exponentBias), coefficient === 0n ? 6111 : exponent);
  return Decimal128.fromString(`${low}E${Math.max(bounded, -exponentBias)}`);
}

/** The exact value of an integer. */
export function fromBigInt(value: bigint): Decimal {
  return { coefficient: value, exponent: 0 };
}

/** The exact value of a double (every double is a finite decimal). */
export function exactDouble(value: number): Decimal {
  if (Number.isNaN(value)) return { special: 'NaN' };
  if (!Number.isFinite(value)) return { special: value > 0 ? 'Infinity' : '-Infinity' };
  if (Number.isSafeInteger(value)) return fromBigInt(BigInt(value));
  let fraction = value;
  let twos = 0;
  while (!Number.isInteger(fraction)) {
    fraction *= 2;
    twos++;
  }
  return { coefficient: BigInt(fraction) * 5n ** BigInt(twos), exponent: -twos };
}

/** A double as arithmetic and conversion see it: MongoDB keeps its 15 significant digits. */
export function fromDouble(value: number): Decimal {
  if (!Number.isFinite(value) || Number.isSafeInteger(value)) return exactDouble(value);
  return parseDecimal(value.toExponential(14)) ?? { special: 'NaN' };
}

/** Reads a number as people write it; undefined when it is none. */
export function parseDecimal(text: string): Decimal | undefined {
  if (/^[+-]?inf(inity)?$/i.test(text)) {
    return { special: text.startsWith('-') ? '-Infinity' : 'Infinity' };
  }
  if (/^[+-]?nan$/i.test(text)) return { special: 'NaN' };
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text);
  if (!parts) return undefined;
  const [, sign = '', whole = '', fraction = '', power = '0'] = parts;
  if (whole === '' && fraction === '') return undefined;
  const coefficient = BigInt(whole + fraction);
  return {
    coefficient: sign === '-' ? -coefficient : coefficient,
    exponent: Number(power) - fraction.length,
  };
}

/** The nearest double. */
export function decimalToNumber(value: Decimal): number {
  return 'special' in value
    ? Number(value.special)
    : Number(`${value.coefficient}e${value.exponent}`);
}

/** The integer part, or undefined when the value is not finite. */
export function truncate(value: Decimal): bigint | undefined {
  if ('special' in value) return undefined;
  return value.exponent >= 0
    ? value.coefficient * 10n ** BigInt(value.exponent)
    : value.coefficient / 10n ** BigInt(Math.min(-value.exponent, 6200));
}

/** Orders exactly; NaN equals itself and is the smallest. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if ('special' in a || 'special' in b) {
    return Math.sign(rankOf(a) - rankOf(b));
  }
  const signA = signOf(a.coefficient);
  const signB = signOf(b.coefficient);
  if (signA !== signB) return signA < signB ? -1 : 1;
  if (signA === 0) return 0;
  const sizeA = abs(a.coefficient).toString().length + a.exponent;
  const sizeB = abs(b.coefficient).toString().length + b.exponent;
  if (sizeA !== sizeB) return sizeA < sizeB ? -signA : signA;
  const shared = Math.min(a.exponent, b.exponent);
  const left = a.coefficient * 10n ** BigInt(a.exponent - shared);
  const right = b.coefficient * 10n ** BigInt(b.exponent - shared);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The one spelling of a value: no trailing zeros. */
export function normalise(value: Decimal): Decimal {
  if ('special' in value) return value;
  if (value.coefficient === 0n) return { coefficient: 0n, exponent: 0 };
  let { coefficient, exponent } = value;
  while (coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent++;
  }
  return { coefficient, exponent };
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  if ('special' in a || 'special' in b) return fromSpecial(decimalToNumber(a) + decimalToNumber(b));
  const [large, small] = a.exponent >= b.exponent ? [a, b] : [b, a];
  const gap = large.exponent - small.exponent;
  if (large.coefficient === 0n) return small;
  if (gap > 2 * precision + abs(small.coefficient).toString().length) return large;
  return {
    coefficient: large.coefficient * 10n ** BigInt(gap) + small.coefficient,
    exponent: small.exponent,
  };
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  if ('special' in a || 'special' in b) return fromSpecial(decimalToNumber(a) * decimalToNumber(b));
  return { coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent };
}

/** Divides to more digits than are kept; the divisor must not be zero. */
export function divideDecimals(a: Decimal, b: Decimal): Decimal {
  if ('special' in a || 'special' in b) return fromSpecial(decimalToNumber(a) / decimalToNumber(b));
  const shift = precision + 2 + abs(b.coefficient).toString().length;
  const scaled = a.coefficient * 10n ** BigInt(shift);
  const quotient = scaled / b.coefficient;
  if (scaled % b.coefficient === 0n) {
    return shorten(quotient, a.exponent - b.exponent - shift, a.exponent - b.exponent);
  }
  // One digit that is not zero behind the quotient keeps halves from looking exact when it is rounded.
  return {
    coefficient: quotient * 10n + signOfBig(quotient),
    exponent: a.exponent - b.exponent - shift - 1,
  };
}

/** The remainder with the sign of the dividend. */
export function remainderDecimals(a: Decimal, b: Decimal): Decimal {
  if ('special' in a || 'special' in b) return fromSpecial(decimalToNumber(a) % decimalToNumber(b));
  const shared = Math.min(a.exponent, b.exponent);
  const left = a.coefficient * 10n ** BigInt(a.exponent - shared);
  const right = b.coefficient * 10n ** BigInt(b.exponent - shared);
  return { coefficient: left % right, exponent: shared };
}

/** Rounds at a power of ten, half to even unless another way is named. */
export function quantise(
  value: Decimal,
  exponent: number,
  how: 'even' | 'floor' | 'ceil' | 'trunc',
): Decimal {
  if ('special' in value || value.exponent >= exponent) return value;
  const drop = exponent - value.exponent;
  if (how === 'even') return { coefficient: roundTo(value.coefficient, drop), exponent };
  const divisor = 10n ** BigInt(Math.min(drop, 6200));
  const quotient = value.coefficient / divisor;
  const rest = value.coefficient % divisor;
  const step = how === 'floor' && rest < 0n ? -1n : how === 'ceil' && rest > 0n ? 1n : 0n;
  return { coefficient: quotient + step, exponent };
}

function rankOf(value: Decimal): number {
  if (!('special' in value)) return 0;
  return value.special === 'NaN' ? -2 : value.special === '-Infinity' ? -1 : 1;
}

function fromSpecial(value: number): Decimal {
  return exactDouble(value);
}

function shorten(coefficient: bigint, exponent: number, goal: number): Decimal {
  let digits = coefficient;
  let power = exponent;
  while (power < goal && digits % 10n === 0n) {
    digits /= 10n;
    power++;
  }
  return { coefficient: digits, exponent: power };
}

function roundDigits(
  coefficient: bigint,
  exponent: number,
): { coefficient: bigint; exponent: number } {
  const extra = abs(coefficient).toString().length - precision;
  if (extra <= 0) return { coefficient, exponent };
  const rounded = roundTo(coefficient, extra);
  return abs(rounded) === limit
    ? { coefficient: rounded / 10n, exponent: exponent + extra + 1 }
    : { coefficient: rounded, exponent: exponent + extra };
}

function roundTo(coefficient: bigint, drop: number): bigint {
  const divisor = 10n ** BigInt(Math.min(drop, 6200));
  const quotient = coefficient / divisor;
  const twice = abs(coefficient % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && quotient % 2n !== 0n);
  return up ? quotient + signOfBig(coefficient) : quotient;
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function signOfBig(value: bigint): bigint {
  return value < 0n ? -1n : value > 0n ? 1n : 0n;
}

function signOf(value: bigint): number {
  return value < 0n ? -1 : value > 0n ? 1 : 0;
}
