import { isDeepStrictEqual } from 'node:util';
import { BSON, Binary, Decimal128, Double, Int32, Long, ObjectId, Timestamp, UUID } from 'mongodb';
import type { Json } from './format.ts';

/** What the matching operators `$$matchesEntity` and `$$sessionLsid` may look up. */
export interface MatchContext {
  entity(id: string): unknown;
  lsid(sessionId: string): unknown;
}

/** A difference between what a test expects and what came, with the path to it. */
export class Mismatch extends Error {}

function fail(path: string, expected: unknown, actual: unknown): never {
  const show = (value: unknown) =>
    JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v))?.slice(0, 300);
  throw new Mismatch(`${path || 'result'}: expected ${show(expected)}, got ${show(actual)}`);
}

function isDocument(value: unknown): value is Json {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !('_bsontype' in value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof RegExp)
  );
}

/** Numbers of every BSON type as one JavaScript value; undefined when it is not a number. */
function numeric(value: unknown): number | bigint | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value instanceof Long && !(value instanceof Timestamp)) return numeric(value.toBigInt());
  if (value instanceof Int32 || value instanceof Double) return value.value;
  return undefined;
}

const isInteger = (value: unknown): boolean => {
  const number = numeric(value);
  return typeof number === 'bigint' || Number.isInteger(number);
};

const typeTests: Record<string, (value: unknown) => boolean> = {
  double: (v) => numeric(v) !== undefined,
  number: (v) => numeric(v) !== undefined || v instanceof Decimal128,
  int: (v) => isInteger(v),
  long: (v) => isInteger(v),
  decimal: (v) => v instanceof Decimal128,
  string: (v) => typeof v === 'string',
  object: isDocument,
  array: Array.isArray,
  binData: (v) => v instanceof Binary || v instanceof Uint8Array,
  objectId: (v) => v instanceof ObjectId,
  bool: (v) => typeof v === 'boolean',
  date: (v) => v instanceof Date,
  null: (v) => v === null,
  timestamp: (v) => v instanceof Timestamp,
};

function matchOperator(
  operator: string,
  operand: unknown,
  actual: unknown,
  context: MatchContext,
  path: string,
  root: boolean,
): void {
  switch (operator) {
    case '$$exists':
      if ((actual !== undefined) !== operand) fail(path, operand ? 'a value' : 'no value', actual);
      return;
    case '$$unsetOrMatches':
      if (actual !== undefined && actual !== null) match(operand, actual, context, path, root);
      return;
    case '$$type': {
      const names = Array.isArray(operand) ? (operand as string[]) : [operand as string];
      if (!names.some((name) => typeTests[name]?.(actual))) fail(path, { $$type: names }, actual);
      return;
    }
    case '$$matchesEntity':
      return match(context.entity(operand as string), actual, context, path);
    case '$$sessionLsid':
      return match(context.lsid(operand as string), actual, context, path);
    case '$$matchesHexBytes':
      if (Buffer.from(actual as Uint8Array).toString('hex') !== operand)
        fail(path, operand, actual);
      return;
    case '$$lte':
      if (!(Number(numeric(actual)) <= Number(operand))) fail(path, { $$lte: operand }, actual);
      return;
    default:
      throw new Error(`matching operator ${operator} is not known`);
  }
}

function matchValue(expected: unknown, actual: unknown, path: string): void {
  const a = numeric(expected);
  const b = numeric(actual);
  if (a !== undefined || b !== undefined) {
    if (a !== b) fail(path, expected, actual);
    return;
  }
  if (expected instanceof UUID || expected instanceof Binary) {
    const same =
      actual instanceof Binary && Buffer.from(expected.value()).equals(Buffer.from(actual.value()));
    if (!same) fail(path, expected, actual);
    return;
  }
  if (expected === null || actual === undefined) {
    if (expected !== actual) fail(path, expected, actual);
    return;
  }
  const plain = (value: unknown) => BSON.EJSON.stringify({ value }, { relaxed: false });
  if (!isDeepStrictEqual(plain(expected), plain(actual))) fail(path, expected, actual);
}

/**
 * Matches as the unified test format says: numbers by value, operators `$$...`, and additional keys in
 * the actual document only when `root` (a result, a command, a reply or an element of a root array).
 */
export function match(
  expected: unknown,
  actual: unknown,
  context: MatchContext,
  path = '',
  root = false,
): void {
  if (isDocument(expected)) {
    const keys = Object.keys(expected);
    const [first] = keys;
    if (keys.length === 1 && first?.startsWith('$$')) {
      return matchOperator(first, expected[first], actual, context, path, root);
    }
    const document = actual instanceof Map ? (Object.fromEntries(actual) as Json) : actual;
    if (!isDocument(document)) return fail(path, expected, actual);
    for (const key of keys) match(expected[key], document[key], context, `${path}.${key}`);
    const extra = Object.keys(document).find(
      (key) => document[key] !== undefined && !keys.includes(key),
    );
    if (!root && extra !== undefined) fail(`${path}.${extra}`, 'no such key', document[extra]);
    return;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length)
      return fail(path, expected, actual);
    expected.forEach((item, i) => match(item, actual[i], context, `${path}.${i}`, root));
    return;
  }
  matchValue(expected, actual, path);
}
