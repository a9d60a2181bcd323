import { Decimal128, Long } from 'mongodb';

import { double } from '../values/bson.ts';
import { ServerError } from '../errors.ts';
import type { Operator } from './expressions.ts';
import { binary, isNullish, operands, unary, variadic } from './operands.ts';
import {
  add,
  divide,
  integer,
  isZero,
  modulo,
  multiply,
  subtract,
  toDecimal,
  toNumber,
  wholeNumber,
} from '../values/arithmetic.ts';
import { quantise, toDecimal128, truncate } from '../values/decimal.ts';
import { compare, exact, isNumber, typeOf } from '../values/values.ts';

function mustBeNumber(value: unknown, name: string, code = 28765): void {
  if (!isNumber(value)) {
    throw new ServerError(code, `${name} only supports numeric types, not ${typeOf(value)}`);
  }
}

function addAll(values: unknown[]): unknown {
  let sum: unknown = 0;
  let date = false;
  for (const value of values) {
    if (isNullish(value)) return null;
    if (value instanceof Date) {
      if (date) throw new ServerError(16612, 'only one date allowed in an $add expression');
      date = true;
      sum = add(sum, Long.fromNumber(value.getTime()));
    } else if (isNumber(value)) sum = add(sum, value);
    else {
      throw new ServerError(14, `$add only supports numeric or date types, not ${typeOf(value)}`);
    }
  }
  return date ? dateAt(sum) : sum;
}

function dateAt(millis: unknown): Date {
  return new Date(Math.round(toNumber(millis)));
}

function subtractValues(a: unknown, b: unknown): unknown {
  if (isNullish(a) || isNullish(b)) return null;
  if (isNumber(a) && isNumber(b)) return subtract(a, b);
  if (a instanceof Date) {
    if (b instanceof Date) return Long.fromNumber(a.getTime() - b.getTime());
    if (isNumber(b)) return dateAt(subtract(Long.fromNumber(a.getTime()), b));
  }
  throw new ServerError(14, `can't $subtract ${typeOf(b)} from ${typeOf(a)}`);
}

function multiplyAll(values: unknown[]): unknown {
  let product: unknown = 1;
  for (const value of values) {
    if (isNullish(value)) return null;
    if (!isNumber(value)) {
      throw new ServerError(14, `$multiply only supports numeric types, not ${typeOf(value)}`);
    }
    product = multiply(product, value);
  }
  return product;
}

function divideValues(a: unknown, b: unknown): unknown {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumber(a) || !isNumber(b)) {
    throw new ServerError(
      14,
      `$divide only supports numeric types, not ${typeOf(a)} and ${typeOf(b)}`,
    );
  }
  if (isZero(b)) throw new ServerError(2, "can't $divide by zero");
  return divide(a, b);
}

function moduloValues(a: unknown, b: unknown): unknown {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumber(a) || !isNumber(b)) {
    throw new ServerError(
      16611,
      `$mod only supports numeric types, not ${typeOf(a)} and ${typeOf(b)}`,
    );
  }
  if (isZero(b)) throw new ServerError(16610, "can't $mod by zero");
  return modulo(a, b);
}

/** `$round`, `$trunc` to a place of -20 to 100 decimal digits; `$floor`, `$ceil` to whole numbers; the type stays. */
function rounding(how: 'even' | 'floor' | 'ceil' | 'trunc', places: boolean): Operator {
  return (operand, compiler, name) => {
    const [input, place] = operands(operand, compiler, name, 1, places ? 2 : 1);
    return (root) => {
      const value = input?.(root);
      const digits = place ? place(root) : 0;
      if (isNullish(value) || isNullish(digits)) return null;
      mustBeNumber(value, name, place || places ? 51081 : 28765);
      return roundAt(value, placeOf(digits, name), how);
    };
  };
}

function placeOf(value: unknown, name: string): number {
  const place = isNumber(value) ? toNumber(value) : Number.NaN;
  if (!Number.isInteger(place)) {
    throw new ServerError(51082, `precision argument to  ${name} must be a integral value`);
  }
  if (place < -20 || place > 100) {
    throw new ServerError(
      51083,
      `cannot apply ${name} with precision value ${place} value must be in [-20, 100]`,
    );
  }
  return place;
}

function roundAt(value: unknown, place: number, how: 'even' | 'floor' | 'ceil' | 'trunc'): unknown {
  const type = typeOf(value);
  if (type === 'double' && place === 0 && how !== 'even')
    return double(rounders[how](toNumber(value)));
  const rounded = quantise(exact(value), -place, how);
  if (type === 'decimal') return toDecimal128(rounded);
  if (type === 'double') {
    return double(
      'special' in rounded ? toNumber(value) : Number(`${rounded.coefficient}e${rounded.exponent}`),
    );
  }
  const whole = integer(truncate(rounded) ?? 0n, type === 'long' ? 'long' : 'int');
  if (whole === undefined) throw new ServerError(51080, 'invalid conversion during rounding');
  return whole;
}

const rounders = { floor: Math.floor, ceil: Math.ceil, trunc: Math.trunc };

function absolute(value: unknown, name: string): unknown {
  if (isNullish(value)) return null;
  mustBeNumber(value, name);
  if (typeOf(value) === 'long' && compare(value, Long.MIN_VALUE) === 0) {
    throw new ServerError(28680, "can't take $abs of long long min");
  }
  return compare(value, 0) < 0 ? multiply(value, -1) : value;
}

function power(base: unknown, exponent: unknown): unknown {
  if (isNullish(base) || isNullish(exponent)) return null;
  mustBeNumber(base, "$pow's base", 28762);
  mustBeNumber(exponent, "$pow's exponent", 28763);
  if (isZero(base) && compare(exponent, 0) < 0) {
    throw new ServerError(28764, '$pow cannot take a base of 0 and a negative exponent');
  }
  const types = [typeOf(base), typeOf(exponent)];
  const result = toNumber(base) ** toNumber(exponent);
  if (types.includes('decimal')) return toDecimal128(toDecimal(double(result)));
  if (types.includes('double') || compare(exponent, 0) < 0) return double(result);
  const whole = BigInt(String(base)) ** BigInt(Math.min(toNumber(exponent), 1024));
  return integer(whole, types.includes('long') ? 'long' : 'int') ?? double(result);
}

/** A function of doubles, checked against its domain; a decimal gives a decimal of a double's precision. */
function real(
  apply: (value: number) => number,
  domain?: { holds: (value: number) => boolean; code: number; message: string },
): Operator {
  return unary((value, name) => {
    if (isNullish(value)) return null;
    mustBeNumber(value, name);
    const number = toNumber(value);
    if (domain && !Number.isNaN(number) && !domain.holds(number)) {
      throw new ServerError(domain.code, `${name}${domain.message}, but is ${number}`);
    }
    const result = double(apply(number));
    return value instanceof Decimal128 ? toDecimal128(toDecimal(result)) : result;
  });
}

function logarithm(value: unknown, base: unknown): unknown {
  if (isNullish(value) || isNullish(base)) return null;
  mustBeNumber(value, "$log's argument", 28756);
  mustBeNumber(base, "$log's base", 28757);
  if (toNumber(value) <= 0)
    throw new ServerError(
      28758,
      `$log's argument must be a positive number, but is ${toNumber(value)}`,
    );
  if (toNumber(base) <= 0 || toNumber(base) === 1) {
    throw new ServerError(
      28759,
      `$log's base must be a positive number not equal to 1, but is ${toNumber(base)}`,
    );
  }
  return double(Math.log(toNumber(value)) / Math.log(toNumber(base)));
}

function bitwise(start: bigint, fold: (a: bigint, b: bigint) => bigint): Operator {
  return variadic((values, name) => {
    let long = false;
    let bits = start;
    for (const value of values) {
      if (isNullish(value)) return null;
      const type = typeOf(value);
      if (type !== 'int' && type !== 'long') {
        throw new ServerError(14, `${name} only supports int and long operands.`);
      }
      long ||= type === 'long';
      bits = fold(bits, BigInt(String(value)));
    }
    return integer(bits, long ? 'long' : 'int');
  });
}

const unit = {
  holds: (value: number) => value >= -1 && value <= 1,
  code: 50989,
  message: ' must be in [-1,1]',
};
const finite = { holds: Number.isFinite, code: 50989, message: ' must be in (-inf,inf)' };

/** Arithmetic, trigonometric and bitwise operators. */
export const arithmeticOperators: Readonly<Record<string, Operator>> = {
  $add: variadic(addAll),
  $subtract: binary(subtractValues),
  $multiply: variadic(multiplyAll),
  $divide: binary(divideValues),
  $mod: binary(moduloValues),
  $abs: unary(absolute),
  $round: rounding('even', true),
  $trunc: rounding('trunc', true),
  $floor: rounding('floor', false),
  $ceil: rounding('ceil', false),
  $pow: binary(power),
  $sqrt: real(Math.sqrt, {
    holds: (v) => v >= 0,
    code: 28714,
    message: "'s argument must be greater than or equal to 0",
  }),
  $exp: real(Math.exp),
  $ln: real(Math.log, {
    holds: (v) => v > 0,
    code: 28766,
    message: "'s argument must be a positive number",
  }),
  $log10: real(Math.log10, {
    holds: (v) => v > 0,
    code: 28761,
    message: "'s argument must be a positive number",
  }),
  $log: binary(logarithm),
  $sigmoid: real((value) => 1 / (1 + Math.exp(-value))),
  $sin: real(Math.sin, finite),
  $cos: real(Math.cos, finite),
  $tan: real(Math.tan, finite),
  $asin: real(Math.asin, unit),
  $acos: real(Math.acos, unit),
  $atan: real(Math.atan),
  $atan2: binary((y, x) => {
    if (isNullish(y) || isNullish(x)) return null;
    mustBeNumber(y, '$atan2', 51044);
    mustBeNumber(x, '$atan2', 51045);
    return double(Math.atan2(toNumber(y), toNumber(x)));
  }),
  $sinh: real(Math.sinh),
  $cosh: real(Math.cosh),
  $tanh: real(Math.tanh),
  $asinh: real(Math.asinh),
  $acosh: real(Math.acosh, { holds: (v) => v >= 1, code: 50989, message: ' must be in [1,inf]' }),
  $atanh: real(Math.atanh, unit),
  $degreesToRadians: real((value) => (value * Math.PI) / 180),
  $radiansToDegrees: real((value) => (value * 180) / Math.PI),
  $bitAnd: bitwise(-1n, (a, b) => a & b),
  $bitOr: bitwise(0n, (a, b) => a | b),
  $bitXor: bitwise(0n, (a, b) => a ^ b),
  $bitNot: unary((value, name) => {
    if (isNullish(value)) return null;
    const type = typeOf(value);
    if (type !== 'int' && type !== 'long') {
      throw new ServerError(14, `${name} only supports int and long, not: ${type}.`);
    }
    return type === 'int' ? wholeNumber(~toNumber(value)) : (value as Long).not();
  }),
};
