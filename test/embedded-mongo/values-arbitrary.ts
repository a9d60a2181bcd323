import {
  BSONRegExp,
  Binary,
  Code,
  Decimal128,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'mongodb';

import { double, put, type Doc } from '../../src/embedded-mongo/values/bson.ts';
import { fc } from '../properties.ts';

const awkward = [
  0,
  -0,
  1,
  -1,
  0.1,
  2 ** 31,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 63,
  -(2 ** 63),
  1e308,
  Infinity,
  -Infinity,
  NaN,
];
const names = ['a', 'b', 'c', 'constructor', '__proto__', '$x', 'a.b', '', 'é'];

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: -25, max: 25 }))
  .map(([coefficient, exponent]) => Decimal128.fromString(`${coefficient}E${exponent}`));

/** Numbers of all four types, dense where they meet. */
export const numbers: fc.Arbitrary<unknown> = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: -3, max: 3 }).map((n) => Long.fromNumber(n)),
  fc.integer({ min: -3, max: 3 }).map(double),
  fc.integer({ min: -30, max: 30 }).map((n) => Decimal128.fromString(`${n}E-1`)),
  fc.constantFrom(...awkward).map((n) => (Object.is(n, 0) ? 0 : double(n))),
  fc
    .constantFrom('NaN', 'Infinity', '-Infinity', '9007199254740993', '0.1', '-0', '1E+6000')
    .map((text) => Decimal128.fromString(text)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => Long.fromBigInt(n)),
  fc.double().map(double),
  decimals,
);

const scalars: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: numbers },
  fc.constantFrom<unknown>(null, true, false, new MinKey(), new MaxKey()),
  fc.string({ unit: 'binary', maxLength: 4 }).filter((text) => !text.includes('\u0000')),
  fc.constantFrom('\ud800\udc00', '\uffee', 'z'),
  fc.integer({ min: 0, max: 3 }).map((n) => new ObjectId(String(n).padStart(24, '0'))),
  fc.date({ noInvalidDate: true }),
  fc
    .uint8Array({ maxLength: 3 })
    .chain((bytes) => fc.constantFrom(0, 4, 5, 128).map((type) => new Binary(bytes, type))),
  fc.tuple(fc.nat(3), fc.nat(3)).map(([t, i]) => new Timestamp({ t, i })),
  fc
    .constantFrom('a', 'b')
    .chain((p) => fc.constantFrom('', 'i', 'im').map((o) => new BSONRegExp(p, o))),
  fc.constantFrom('x', 'y').map((code) => new Code(code)),
);

function docOf(fields: [string, unknown][]): Doc {
  const doc: Doc = {};
  for (const [key, value] of fields) put(doc, key, value);
  return doc;
}

/** Any BSON value, nested ones included. */
export const values: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 5, arbitrary: scalars },
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(fc.constantFrom(...names), tie('value')), { maxLength: 3 }).map(docOf),
  ),
})).value;

/** Documents over few names, so that paths meet. */
export const docs: fc.Arbitrary<Doc> = fc
  .array(fc.tuple(fc.constantFrom(...names), values), { maxLength: 4 })
  .map(docOf);
