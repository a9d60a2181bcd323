import { Binary, Double, Int32, Long, ObjectId, Timestamp, type Document } from 'mongodb';
import type { Random } from '../random.ts';

const fields = ['a', 'b', 'c'] as const;
const paths = ['a', 'b', 'c', 'a.b', 'b.c', 'a.0', 'a.b.c'] as const;
const typeNames = [
  'double',
  'string',
  'object',
  'array',
  'binData',
  'objectId',
  'bool',
  'date',
  'null',
  'int',
  'timestamp',
  'long',
  'number',
] as const;

const number = (random: Random): unknown =>
  random.pick([
    () => new Int32(random.below(5) - 1),
    () => new Double(random.below(5) - 1),
    () => Long.fromNumber(random.below(5) - 1),
    () => new Double(random.below(8) / 4),
  ])();

const scalar = (random: Random): unknown =>
  random.chance(0.5)
    ? number(random)
    : random.pick([
        () => random.pick(['', 'a', 'b', 'ab', 'B', 'é']),
        () => random.chance(0.5),
        () => null,
        () => new Date(random.below(3) * 1000),
        () => new ObjectId(String(random.below(3)).repeat(24)),
        () => new Binary(Buffer.from('x'.repeat(random.below(3)))),
        () => new Timestamp({ t: random.below(3), i: 1 }),
      ])();

/** A random BSON value, of the types both servers store: FerretDB has no array directly in an array. */
export function value(random: Random, depth = 2, inArray = false): unknown {
  if (depth > 0 && !inArray && random.chance(0.2)) {
    return random.list(3, () => value(random, depth - 1, true));
  }
  if (depth > 0 && random.chance(0.2)) return object(random, depth - 1);
  return scalar(random);
}

function object(random: Random, depth: number): Document {
  return Object.fromEntries(
    random.list(2, () => [random.pick(fields), value(random, depth)] as const),
  );
}

export function document(random: Random, _id: number): Document {
  return { _id, ...object(random, 2), [random.pick(fields)]: value(random) };
}

function condition(random: Random, depth: number): unknown {
  const operand = () => value(random, 1);
  return random.pick<() => unknown>([
    operand,
    () => ({ [random.pick(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'])]: operand() }),
    () => ({ [random.pick(['$gt', '$gte', '$lt', '$lte'])]: scalar(random) }),
    () => ({ [random.pick(['$in', '$nin', '$all'])]: random.list(3, () => scalar(random)) }),
    () => ({ $exists: random.chance(0.5) }),
    () => ({ $type: random.pick(typeNames) }),
    () => ({ $size: random.below(3) }),
    () => ({ $mod: [1 + random.below(3), random.below(2)] }),
    () => ({ $regex: random.pick(['^a', 'b$', 'A', '.']), $options: random.pick(['', 'i']) }),
    () => ({ [random.pick(['$bitsAllSet', '$bitsAnyClear'])]: random.below(4) }),
    () => (depth > 0 ? { $not: operators(condition(random, 0)) } : operand()),
    () =>
      depth > 0
        ? { $elemMatch: random.chance(0.5) ? operators(condition(random, 0)) : filter(random, 0) }
        : operand(),
  ])();
}

/** A condition that is an operator document; `$not` and `$elemMatch` take no bare value. */
function operators(given: unknown): unknown {
  const isOperators =
    typeof given === 'object' && given !== null && Object.keys(given)[0]?.startsWith('$');
  return isOperators ? given : { $eq: given };
}

export function filter(random: Random, depth = 1): Document {
  if (depth > 0 && random.chance(0.15)) {
    return {
      [random.pick(['$and', '$or', '$nor'])]: [
        filter(random, depth - 1),
        filter(random, depth - 1),
      ],
    };
  }
  const one = { [random.pick(paths)]: condition(random, depth) };
  return random.chance(0.2) ? { ...one, [random.pick(fields)]: condition(random, depth) } : one;
}

export function update(random: Random): Document {
  const path = () => random.pick(paths);
  const one = (): [string, Document] =>
    random.pick<() => [string, Document]>([
      () => ['$set', { [path()]: value(random) }],
      () => [
        '$set',
        { [random.pick(fields)]: value(random), [random.pick(fields)]: value(random) },
      ],
      () => ['$unset', { [path()]: '' }],
      () => ['$inc', { [path()]: number(random) }],
      () => ['$mul', { [path()]: number(random) }],
      () => [random.pick(['$min', '$max']), { [path()]: scalar(random) }],
      () => ['$rename', { [random.pick(fields)]: random.pick(fields) }],
      () => ['$push', { [path()]: value(random, 1) }],
      () => ['$push', { [path()]: { $each: random.list(3, () => scalar(random)) } }],
      () => ['$addToSet', { [path()]: value(random, 1) }],
      () => ['$addToSet', { [path()]: { $each: random.list(3, () => scalar(random)) } }],
      () => ['$pull', { [path()]: scalar(random) }],
      () => ['$pullAll', { [path()]: random.list(3, () => scalar(random)) }],
      () => ['$pop', { [path()]: random.pick([1, -1]) }],
      () => ['$bit', { [path()]: { [random.pick(['and', 'or', 'xor'])]: random.below(4) } }],
    ])();
  return random.chance(0.8) ? Object.fromEntries([one()]) : Object.fromEntries([one(), one()]);
}

export function sort(random: Random): Document {
  return Object.fromEntries([
    [random.pick(paths), random.pick([1, -1])],
    ['_id', 1],
  ]) as Document;
}

export function projection(random: Random): Document {
  const keep = random.pick([0, 1]);
  return {
    [random.pick(fields)]: keep,
    ...(random.chance(0.3) && { _id: 0 }),
    ...(random.chance(0.3) && { 'a.b': keep }),
  };
}
