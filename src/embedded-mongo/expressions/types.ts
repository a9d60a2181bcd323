import { Binary, Decimal128, Long, ObjectId } from 'mongodb';

import { double } from '../values/bson.ts';
import { ServerError, unsupported } from '../errors.ts';
import { parseDate } from './dates.ts';
import type { Operator } from './expressions.ts';
import { isNullish, named, unary } from './operands.ts';
import { typeSet } from '../query/match-operators.ts';
import { bytesOf, exact, isNumber, typeOf, type TypeName } from '../values/values.ts';
import { integer, isZero, toDecimal, toNumber } from '../values/arithmetic.ts';
import {
  decimalToNumber,
  exactDouble,
  parseDecimal,
  quantise,
  toDecimal128,
  truncate,
} from '../values/decimal.ts';

function failure(value: unknown, to: TypeName, why = ''): ServerError {
  return new ServerError(
    241,
    why === ''
      ? `Unsupported conversion from ${typeOf(value)} to ${to} in $convert with no onError value`
      : `Failed to parse ${typeOf(value)} '${String(value)}' in $convert with no onError value: ${why}`,
  );
}

/** A value as the string that `$toString` gives; undefined for types that have none. */
export function toText(value: unknown): string | undefined {
  switch (typeOf(value)) {
    case 'string':
    case 'symbol':
    case 'bool':
    case 'int':
    case 'long':
      return String(value);
    case 'decimal':
      return (value as Decimal128).toString();
    case 'double':
      return numberText(toNumber(value));
    case 'objectId':
      return (value as ObjectId).toHexString();
    case 'date':
      return (value as Date).toISOString();
    case 'binData':
      return binaryText(value as Binary);
    default:
      return undefined;
  }
}

/** A double as MongoDB prints it: six digits (`%g` of C), half to even, an exponent of at least two. */
function numberText(value: number): string {
  if (Object.is(value, -0)) return '-0';
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const power = Number(value.toExponential(20).split('e')[1]) - 5;
  const kept = decimalToNumber(quantise(exactDouble(value), power, 'even'));
  const size = Math.abs(kept);
  if (size >= 1e-4 && size < 1e6) return String(kept);
  return kept.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

function binaryText(value: Binary): string | undefined {
  if (value.sub_type !== 4) return Buffer.from(bytesOf(value)).toString('base64');
  const hex = Buffer.from(bytesOf(value)).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function toWhole(value: unknown, to: 'int' | 'long'): unknown {
  if (typeof value === 'boolean') return integer(value ? 1n : 0n, to);
  if (value instanceof Date && to === 'long') return Long.fromNumber(value.getTime());
  let whole: bigint | undefined;
  if (isNumber(value)) whole = truncate(exact(value));
  else if (typeof value === 'string') {
    if (!/^[+-]?\d+$/.test(value)) throw failure(value, to, 'Did not consume whole string.');
    whole = BigInt(value);
  } else throw failure(value, to);
  const result = whole === undefined ? undefined : integer(whole, to);
  if (result === undefined || (to === 'int' && typeof result !== 'number')) {
    throw new ServerError(
      241,
      `Conversion would overflow target type in $convert with no onError value: ${String(value)}`,
    );
  }
  return result;
}

function toDouble(value: unknown): unknown {
  if (typeof value === 'boolean') return double(Number(value));
  if (value instanceof Date) return double(value.getTime());
  if (isNumber(value)) return double(toNumber(value));
  if (typeof value !== 'string') throw failure(value, 'double');
  const number = /^\s|\s$|^$/.test(value) ? Number.NaN : Number(value);
  if (Number.isNaN(number) && !/^[+-]?nan$/i.test(value)) {
    const named = parseDecimal(value);
    if (named && 'special' in named) return Number(named.special);
    throw failure(value, 'double', 'Did not consume whole string.');
  }
  return double(number);
}

function toDecimalValue(value: unknown): unknown {
  if (typeof value === 'boolean') return toDecimal128(exact(Number(value)));
  if (value instanceof Date) return toDecimal128(exact(value.getTime()));
  if (value instanceof Decimal128) return value;
  if (isNumber(value)) return toDecimal128(toDecimal(value));
  if (typeof value !== 'string') throw failure(value, 'decimal');
  const parsed = parseDecimal(value);
  if (!parsed) throw failure(value, 'decimal', 'Failed to parse string to decimal');
  return toDecimal128(parsed);
}

function toDate(value: unknown): unknown {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  const type = typeOf(value);
  if (type === 'timestamp') return new Date((value as { t: number }).t * 1000);
  if (type === 'long' || type === 'double' || type === 'decimal') {
    const date = new Date(Math.trunc(toNumber(value)));
    if (Number.isNaN(date.getTime())) throw unsupported('A date outside ECMAScript’s range');
    return date;
  }
  if (typeof value === 'string') return parseDate(value);
  throw failure(value, 'date');
}

function toObjectId(value: unknown): unknown {
  if (value instanceof ObjectId) return value;
  if (typeof value !== 'string') throw failure(value, 'objectId');
  if (!/^[0-9a-fA-F]{24}$/.test(value)) {
    throw failure(
      value,
      'objectId',
      value.length === 24
        ? 'Invalid character found in hex string'
        : `Invalid string length for parsing to OID, expected 24 but found ${value.length}`,
    );
  }
  return ObjectId.createFromHexString(value);
}

function toBool(value: unknown): unknown {
  return isNumber(value) ? !isZero(value) : value !== false;
}

function toStringValue(value: unknown): unknown {
  const text = toText(value);
  if (text === undefined) throw failure(value, 'string');
  return text;
}

const conversions: Readonly<Partial<Record<TypeName, (value: unknown) => unknown>>> = {
  int: (value) => toWhole(value, 'int'),
  long: (value) => toWhole(value, 'long'),
  double: toDouble,
  decimal: toDecimalValue,
  date: toDate,
  objectId: toObjectId,
  bool: toBool,
  string: toStringValue,
};

function conversion(to: TypeName): Operator {
  return unary((value) => (isNullish(value) ? null : conversions[to]?.(value)));
}

const convert: Operator = (operand, compiler, name) => {
  const { input, to, onError, onNull } = named(
    operand,
    compiler,
    name,
    ['input', 'to'],
    ['onError', 'onNull', 'format'],
  );
  return (root) => {
    const value = input?.(root);
    if (isNullish(value)) return onNull ? onNull(root) : null;
    const type = to?.(root);
    if (isNullish(type)) return null;
    const [target] = typeSet(type, "$convert's 'to' argument");
    const apply = target === undefined ? undefined : conversions[target];
    if (!apply) throw unsupported(`$convert to ${String(type)}`);
    try {
      return apply(value);
    } catch (error) {
      if (onError && error instanceof ServerError && error.code === 241) return onError(root);
      throw error;
    }
  };
};

/** Type operators and conversions. */
export const typeOperators: Readonly<Record<string, Operator>> = {
  $type: unary((value) => typeOf(value)),
  $isNumber: unary((value) => isNumber(value)),
  $convert: convert,
  $toInt: conversion('int'),
  $toLong: conversion('long'),
  $toDouble: conversion('double'),
  $toDecimal: conversion('decimal'),
  $toDate: conversion('date'),
  $toObjectId: conversion('objectId'),
  $toBool: conversion('bool'),
  $toString: conversion('string'),
  $toUUID: unary((value) => {
    if (isNullish(value)) return null;
    if (value instanceof Binary && value.sub_type === 4) return value;
    const hex = String(value).replaceAll('-', '');
    if (typeof value !== 'string' || !/^[0-9a-fA-F]{32}$/.test(hex))
      throw failure(value, 'binData');
    return new Binary(Buffer.from(hex, 'hex'), 4);
  }),
};
