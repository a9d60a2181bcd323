import { Binary, Long } from 'mongodb';

import type { Collation } from '../values/collation.ts';
import { ServerError, badValue, failedToParse } from '../errors.ts';
import { compileRegex } from './match-regex.ts';
import {
  bytesOf,
  compare,
  equal,
  exact,
  isNumber,
  keyOf,
  rankOf,
  regexParts,
  typeNumbers,
  typeOf,
  type TypeName,
} from '../values/values.ts';
import { truncate } from '../values/decimal.ts';

/** Decides about one value; `undefined` stands for a missing field. */
export type Test = (value: unknown) => boolean;

/** Equality as queries see it: null equals a missing field, NaN equals NaN, a missing operand means null. */
export function equals(operand: unknown, collation?: Collation): Test {
  if (operand === null || operand === undefined)
    return (value) => value === null || value === undefined;
  if (typeof operand === 'string' && !collation) {
    return (value) => value === operand || (typeof value === 'object' && equal(value, operand));
  }
  if (typeof operand === 'number' || typeof operand === 'boolean') {
    return (value) => value === operand || (typeof value !== 'string' && equal(value, operand));
  }
  return (value) => equal(value, operand, collation);
}

/** `$lt`, `$lte`, `$gt`, `$gte`: only values of the operand's own kind are compared. */
export function ordered(operator: string, operand: unknown, collation?: Collation): Test {
  const below = operator === '$lt' || operator === '$lte';
  const same = operator === '$lte' || operator === '$gte';
  const rank = rankOf(operand);
  if (rank === 5) return (value) => same && (value === null || value === undefined);
  if (rank === 127 || rank === -1) {
    return (value) => (rankOf(value) === rank ? same : below === (rank === 127));
  }
  if (isNaNNumber(operand)) return (value) => same && isNaNNumber(value);
  const decide = (order: number) => (order === 0 ? same : order < 0 === below);
  if (typeof operand === 'number') {
    return (value) => {
      if (typeof value === 'number') {
        return below
          ? value < operand || (same && value === operand)
          : value > operand || (same && value === operand);
      }
      return isNumber(value) && !isNaNNumber(value) && decide(compare(value, operand));
    };
  }
  return (value) =>
    value !== undefined &&
    rankOf(value) === rank &&
    !(rank === 10 && isNaNNumber(value)) &&
    decide(compare(value, operand, collation));
}

function isNaNNumber(value: unknown): boolean {
  if (typeof value === 'number') return Number.isNaN(value);
  if (typeof value !== 'object' || value === null || rankOf(value) !== 10) return false;
  const number = exact(value);
  return 'special' in number && number.special === 'NaN';
}

/** Up to so many operands of `$in` are compared one by one; more of them are looked up by their keys. */
const fewOperands = 8;

/** `$in`: equality with any of the operands, or a match with any regular expression among them. */
export function oneOf(operands: readonly unknown[], collation?: Collation): Test {
  const regexes = operands.filter((operand) => typeOf(operand) === 'regex').map((r) => regex(r));
  const values = operands.filter((operand) => typeOf(operand) !== 'regex');
  if (operands.length <= fewOperands) {
    const tests = [...values.map((value) => equals(value, collation)), ...regexes];
    return (value) => tests.some((test) => test(value));
  }
  const keys = new Set(values.map((value) => keyOf(value ?? null, collation)));
  return (value) =>
    keys.has(keyOf(value ?? null, collation)) || regexes.some((matches) => matches(value));
}

/** A regular expression as a query value: matches strings, and a stored regular expression that is the same. */
export function regex(value: unknown, options?: string): Test {
  const [pattern, flags] = typeof value === 'string' ? [value, ''] : regexParts(value);
  const chosen = options ?? flags;
  const compiled = compileRegex(pattern, chosen);
  return (candidate) => {
    if (typeof candidate === 'string') return compiled.test(candidate);
    if (typeof candidate !== 'object' || candidate === null) return false;
    const type = typeOf(candidate);
    if (type === 'symbol') return compiled.test(String(candidate));
    if (type !== 'regex') return false;
    const [storedPattern, storedFlags] = regexParts(candidate);
    return storedPattern === pattern && storedFlags === chosen;
  };
}

/** The types that an operand of `$type`, `bsonType` or `$convert` names: an alias, a number, or a list of them. */
export function typeSet(operand: unknown, operator = '$type'): ReadonlySet<TypeName> {
  const names = Array.isArray(operand) ? (operand as unknown[]) : [operand];
  if (names.length === 0) throw failedToParse(`${operator} must match at least one type`);
  const found = new Set<TypeName>();
  for (const name of names) {
    if (name === 'number') for (const type of numeric) found.add(type);
    else found.add(typeNamed(name));
  }
  return found;
}

const numeric = ['int', 'long', 'double', 'decimal'] as const;
const byNumber = new Map(
  Object.entries(typeNumbers).map(([name, number]) => [number, name as TypeName]),
);

function typeNamed(name: unknown): TypeName {
  if (typeof name === 'string') {
    if (name in typeNumbers && name !== 'missing') return name as TypeName;
    if (name === 'undefined' || name === 'dbPointer') return 'missing';
    throw badValue(`Unknown type name alias: ${name}`);
  }
  if (!isNumber(name))
    throw new ServerError(14, 'type must be represented as a number or a string');
  const number = Number(name);
  if (number === 6 || number === 12) return 'missing';
  const type = byNumber.get(number);
  if (type === undefined || number === 0) throw badValue(`Invalid numerical type code: ${number}`);
  return type;
}

/** `$type`. */
export function hasType(operand: unknown): Test {
  const types = typeSet(operand);
  return (value) => value !== undefined && types.has(typeOf(value));
}

/** `$mod: [divisor, remainder]`; operands and values are truncated to integers. */
export function modulo(operand: unknown): Test {
  if (!Array.isArray(operand)) throw badValue('malformed mod, needs to be an array');
  if (operand.length < 2) throw badValue('malformed mod, not enough elements');
  if (operand.length > 2) throw badValue('malformed mod, too many elements');
  const divisor = integerOf(operand[0]);
  const remainder = integerOf(operand[1]);
  if (divisor === undefined) throw badValue('malformed mod, divisor value is invalid');
  if (remainder === undefined) throw badValue('malformed mod, remainder value is invalid');
  if (divisor === 0n) throw badValue('divisor cannot be 0');
  const plain = Number(divisor);
  const rest = Number(remainder);
  return (value) => {
    if (typeof value === 'number' && Number.isFinite(value))
      return Math.trunc(value) % plain === rest;
    const whole = integerOf(value);
    return (
      whole !== undefined && BigInt.asIntN(64, whole) === whole && whole % divisor === remainder
    );
  };
}

function integerOf(value: unknown): bigint | undefined {
  return isNumber(value) ? truncate(exact(value)) : undefined;
}

/** `$bitsAllSet`, `$bitsAllClear`, `$bitsAnySet`, `$bitsAnyClear`. */
export function bits(operator: string, operand: unknown): Test {
  const mask = maskOf(operator, operand);
  const all = operator.includes('All');
  const clear = operator.endsWith('Clear');
  return (value) => {
    const held = bitsOf(value);
    if (held === undefined) return false;
    const hit = (clear ? ~held : held) & mask;
    return all ? hit === mask : hit !== 0n;
  };
}

function maskOf(operator: string, operand: unknown): bigint {
  if (Array.isArray(operand)) {
    return operand.reduce((mask: bigint, position: unknown) => {
      const place = isNumber(position) ? Number(position) : Number.NaN;
      if (!Number.isInteger(place)) {
        throw badValue(`Failed to parse bit position. Expected a number in: ${operator}`);
      }
      if (place < 0) {
        throw badValue(
          `Failed to parse bit position. Expected a non-negative number in: ${operator}`,
        );
      }
      return mask | (1n << BigInt(place));
    }, 0n);
  }
  if (operand instanceof Binary) return bitsOf(operand) ?? 0n;
  if (!isNumber(operand)) {
    throw badValue(
      `${operator} takes an Array, a number, or a BinData but received: ${typeOf(operand)}`,
    );
  }
  const mask = bitsOf(operand);
  if (mask === undefined)
    throw failedToParse(`Expected an integer: ${operator}: ${String(operand)}`);
  if (mask < 0n) {
    throw failedToParse(`Expected a non-negative number in: ${operator}: ${String(operand)}`);
  }
  return mask;
}

/** The bits of an integer (in two's complement) or of binary data, lowest first. */
function bitsOf(value: unknown): bigint | undefined {
  if (value instanceof Binary) {
    const hex = Buffer.from(bytesOf(value)).reverse().toString('hex');
    return hex === '' ? 0n : BigInt(`0x${hex}`);
  }
  const whole = integerOf(value);
  if (whole === undefined || compare(value, Long.fromBigInt(BigInt.asIntN(64, whole))) !== 0) {
    return undefined;
  }
  return whole;
}

/** `$size`. */
export function hasSize(operand: unknown): Test {
  if (!isNumber(operand))
    throw badValue(`Failed to parse $size. Expected a number in: $size: ${shown(operand)}`);
  const size = Number(operand);
  if (!Number.isInteger(size)) {
    throw badValue(`Failed to parse $size. Expected an integer: $size: ${shown(operand)}`);
  }
  if (size < 0) {
    throw badValue(`Failed to parse $size. Expected a non-negative number in: $size: ${size}`);
  }
  return (value) => Array.isArray(value) && value.length === size;
}

/** A value the way MongoDB prints it in messages. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === undefined) return 'MISSING';
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(shown).join(', ')} ]`;
  switch (typeOf(value)) {
    case 'object': {
      const fields = Object.entries(value).map(([key, member]) => `${key}: ${shown(member)}`);
      return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
    }
    case 'double':
      return Number.isInteger(Number(value)) ? `${Number(value)}.0` : `${Number(value)}`;
    case 'objectId':
      return `ObjectId('${String(value)}')`;
    case 'date':
      return `new Date(${(value as Date).getTime()})`;
    case 'regex': {
      const [pattern, options] = regexParts(value);
      return `/${pattern}/${options}`;
    }
    case 'minKey':
      return 'MinKey';
    case 'maxKey':
      return 'MaxKey';
    default:
      return String(value as { toString(): string });
  }
}
