import { BSONRegExp, Binary, Decimal128, Double, Long, MaxKey, MinKey, ObjectId } from 'mongodb';
import { describe, expect, it } from 'vitest';

import type { Doc } from '../../src/embedded-mongo/values/bson.ts';
import { compileCollation } from '../../src/embedded-mongo/values/collation.ts';
import { compileFilter, isOperatorDoc } from '../../src/embedded-mongo/query/match.ts';
import { compileRegex } from '../../src/embedded-mongo/query/match-regex.ts';
import { textScore } from '../../src/embedded-mongo/query/text.ts';
import { fc } from '../properties.ts';
import { docs, values } from './values-arbitrary.ts';

const matches = (filter: Doc, doc: Doc) => compileFilter(filter).test(doc);

/** Rows: filter, documents that match, documents that do not. */
const table: [Doc, Doc[], Doc[]][] = [
  [
    { a: 1 },
    [{ a: 1 }, { a: Long.ONE }, { a: [0, 1] }, { a: Decimal128.fromString('1.0') }],
    [{}, { a: '1' }, { a: true }, { a: [[1]] }],
  ],
  [{ a: null }, [{}, { a: null }, { a: [null] }], [{ a: [] }, { a: 0 }, { a: [{}] }]],
  [
    { 'a.b': null },
    [{}, { a: 5 }, { a: {} }, { a: [{ b: 1 }, {}] }],
    [{ a: [] }, { a: [1, 2] }, { a: { b: [] } }],
  ],
  [
    { 'a.b': 1 },
    [{ a: { b: 1 } }, { a: [{ b: 0 }, { b: 1 }] }, { a: [{ b: [1] }] }],
    [{ a: [[{ b: 1 }]] }, { 'a.b': 1 }],
  ],
  [
    { 'a.1': 5 },
    [{ a: [0, 5] }, { a: { 1: 5 } }, { a: [{ 1: 5 }] }],
    [{ a: [5] }, { a: [0, [5]] }],
  ],
  [{ 'a.0.b': 5 }, [{ a: [{ b: 5 }] }, { a: [[{ b: 5 }]] }], [{ a: [{ b: 1 }, { b: 5 }] }]],
  [
    { a: { b: 1, c: 2 } },
    [{ a: { b: 1, c: 2 } }, { a: [{ b: 1, c: 2 }] }],
    [{ a: { c: 2, b: 1 } }, { a: { b: 1 } }],
  ],
  [
    { a: { $gt: 5 } },
    [{ a: 6 }, { a: [1, 9] }, { a: new Double(6) }],
    [{ a: 5 }, { a: '6' }, { a: NaN }, {}],
  ],
  [{ a: { $gte: null } }, [{}, { a: null }], [{ a: 1 }]],
  [{ a: { $lt: 'b' } }, [{ a: 'a' }], [{ a: 1 }, { a: 'b' }, {}]],
  [{ a: { $gt: [1] } }, [{ a: [2] }, { a: [1, 0] }, { a: [[2]] }], [{ a: 2 }, { a: [0] }]],
  [
    { a: { $lte: NaN } },
    [{ a: NaN }, { a: Decimal128.fromString('NaN') }],
    [{ a: 1 }, { a: -Infinity }],
  ],
  [{ a: { $gt: new MinKey() } }, [{ a: 1 }, {}, { a: new MaxKey() }], [{ a: new MinKey() }]],
  [{ a: { $lt: new MaxKey() } }, [{ a: 1 }, { a: 'x' }], [{ a: new MaxKey() }]],
  [{ a: { $ne: 1 } }, [{}, { a: 2 }, { a: [2] }], [{ a: 1 }, { a: [1, 2] }]],
  [{ a: { $ne: null } }, [{ a: 1 }, { a: [] }], [{}, { a: null }, { a: [null] }]],
  [
    { a: { $in: [1, null, /^x/] } },
    [{}, { a: 1 }, { a: 'xy' }, { a: [5, 'xy'] }],
    [{ a: 2 }, { a: 'y' }],
  ],
  [
    { a: { $in: Array.from({ length: 20 }, (_, n) => n) } },
    [{ a: Long.fromNumber(7) }, { a: [99, 3] }],
    [{ a: 21 }, {}],
  ],
  [{ a: { $nin: [1, null] } }, [{ a: 2 }, { a: [2] }], [{}, { a: 1 }, { a: [1, 2] }]],
  [{ a: { $not: { $gt: 5 } } }, [{}, { a: 5 }, { a: 'x' }], [{ a: 6 }, { a: [1, 6] }]],
  [{ a: { $not: /x/ } }, [{ a: 'y' }, {}], [{ a: 'x' }]],
  [{ a: { $exists: true } }, [{ a: null }, { a: [] }], [{}]],
  [
    { 'a.b': { $exists: false } },
    [{}, { a: [1] }, { a: [{ c: 1 }] }],
    [{ a: [{ c: 1 }, { b: 1 }] }],
  ],
  [{ a: { $all: [1, 2] } }, [{ a: [2, 1, 3] }], [{ a: [1] }, { a: 1 }]],
  [{ a: { $all: [1] } }, [{ a: 1 }, { a: [1] }], [{ a: 2 }]],
  [{ a: { $all: [] } }, [], [{ a: [] }, { a: 1 }]],
  [
    { a: { $all: [{ $elemMatch: { x: 1 } }, { $elemMatch: { x: 2 } }] } },
    [{ a: [{ x: 2 }, { x: 1 }] }],
    [{ a: [{ x: 1 }] }],
  ],
  [{ a: { $size: 2 } }, [{ a: [1, 2] }], [{ a: [1] }, { a: 2 }, { a: [[1, 2]] }]],
  [{ a: { $elemMatch: { $gt: 1, $lt: 3 } } }, [{ a: [0, 2] }], [{ a: [1, 3] }, { a: 2 }]],
  [
    { a: { $elemMatch: { b: 1, c: 2 } } },
    [{ a: [{ b: 1, c: 2 }] }],
    [{ a: [{ b: 1 }, { c: 2 }] }, { a: { b: 1, c: 2 } }],
  ],
  [{ a: { $type: 'number' } }, [{ a: 1 }, { a: Long.ONE }, { a: [1.5] }], [{ a: '1' }, {}]],
  [{ a: { $type: ['array', 7] } }, [{ a: [] }, { a: [1] }, { a: new ObjectId() }], [{ a: 1 }]],
  [{ a: { $type: 'double' } }, [{ a: new Double(1) }, { a: 1.5 }], [{ a: 1 }]],
  [
    { a: { $mod: [4, 1] } },
    [{ a: 5 }, { a: 5.9 }, { a: Long.fromNumber(9) }],
    [{ a: 4 }, { a: 'x' }, { a: NaN }, {}],
  ],
  [
    { a: { $bitsAllSet: [0, 2] } },
    [{ a: 5 }, { a: new Binary(Buffer.from([7])) }, { a: -1 }],
    [{ a: 4 }, { a: 5.5 }, { a: '5' }],
  ],
  [{ a: { $bitsAnyClear: 3 } }, [{ a: 1 }, { a: 0 }], [{ a: 3 }]],
  [{ a: { $regex: 'b', $options: 'i' } }, [{ a: 'aB' }, { a: ['x', 'b'] }], [{ a: 'x' }, { a: 5 }]],
  [
    { a: new BSONRegExp('^a', 'm') },
    [{ a: 'x\na' }, { a: new BSONRegExp('^a', 'm') }],
    [{ a: 'xa' }, { a: new BSONRegExp('^a') }],
  ],
  [{ $or: [{ a: 1 }, { b: 1 }] }, [{ a: 1 }, { b: 1 }], [{}]],
  [{ $nor: [{ a: 1 }, { b: 1 }] }, [{}, { a: 2 }], [{ b: 1 }]],
  [
    { $expr: { $gt: ['$a', '$b'] } },
    [{ a: 2, b: 1 }, { a: 'x', b: 1 }, { a: null }],
    [{ a: 1, b: 2 }, {}],
  ],
  [
    { $jsonSchema: { required: ['a'], properties: { a: { bsonType: 'int' } } } },
    [{ a: 1 }],
    [{}, { a: new Double(1) }],
  ],
  [{ a: 1, $comment: 'why' }, [{ a: 1 }], [{ a: 2 }]],
  [{ constructor: null }, [{}], [{ constructor: 1 }]],
  [
    { p: { $geoWithin: { $centerSphere: [[13, 52], 0.001] } } },
    [{ p: { type: 'Point', coordinates: [13.01, 52] } }],
    [{ p: { type: 'Point', coordinates: [14, 52] } }, {}],
  ],
];

describe('a filter', () => {
  it.each(table)('%j', (filter, yes, no) => {
    for (const doc of yes) expect(matches(filter, doc), JSON.stringify(doc)).toBe(true);
    for (const doc of no) expect(matches(filter, doc), JSON.stringify(doc)).toBe(false);
  });

  const malformed: [Doc, number, RegExp][] = [
    [{ a: { $foo: 1 } }, 2, /unknown operator: \$foo/],
    [{ $foo: 1 }, 2, /unknown top level operator: \$foo/],
    [{ a: { $gt: 1, b: 2 } }, 2, /unknown operator: b/],
    [{ $and: [] }, 2, /nonempty array/],
    [{ $or: {} }, 2, /\$or must be an array/],
    [{ a: { $in: 1 } }, 2, /\$in needs an array/],
    [{ a: { $in: [{ $gt: 1 }] } }, 2, /cannot nest \$ under \$in/],
    [{ a: { $not: 1 } }, 2, /\$not needs a regex or a document/],
    [{ a: { $size: -1 } }, 2, /non-negative/],
    [{ a: { $mod: [0, 1] } }, 2, /divisor cannot be 0/],
    [{ a: { $mod: [1] } }, 2, /not enough elements/],
    [{ a: { $type: 'nothing' } }, 2, /Unknown type name alias: nothing/],
    [{ a: { $bitsAllSet: -1 } }, 9, /non-negative/],
    [{ a: { $options: 'i' } }, 2, /\$options needs a \$regex/],
    [{ a: { $regex: '(' } }, 51091, /invalid/],
    [{ a: { $regex: 'a', $options: 'z' } }, 51108, /invalid flag/],
    [{ a: { $gt: /x/ } }, 2, /RegEx/],
    [{ $text: { $search: 'x' } }, 27, /text index required/],
    [{ $where: 'true' }, 238, /\$where/],
    [{ a: { $near: [0, 0] } }, 238, /\$near/],
    [{ a: { $geoWithin: { $geometry: {} } } }, 238, /\$geometry/],
  ];
  it.each(malformed)('%j is refused', (filter, code, message) => {
    expect(() => compileFilter(filter)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
    );
  });
});

/** A document of operators cannot be an operand of `$in`. */
const operands = values.filter((value) => !isOperatorDoc(value));

describe('laws of filters', () => {
  it('every value is found by equality with itself and by $in; $ne and $nin are the opposite', () => {
    fc.assert(
      fc.property(docs, operands, (doc, value) => {
        const isRegex = value instanceof BSONRegExp;
        if (!isRegex) expect(matches({ v: { $eq: value } }, { ...doc, v: value })).toBe(true);
        const filter = { a: { $in: [value] } };
        expect(matches({ a: { $nin: [value] } }, doc)).toBe(!matches(filter, doc));
        if (!isRegex)
          expect(matches({ a: { $ne: value } }, doc)).toBe(!matches({ a: { $eq: value } }, doc));
      }),
      { numRuns: 1500 },
    );
  });

  it('a short $in and a long one agree', () => {
    fc.assert(
      fc.property(docs, fc.array(operands, { minLength: 1, maxLength: 3 }), (doc, list) => {
        const long = Array.from({ length: 12 }, (_, at) => list[at % list.length]);
        expect(matches({ a: { $in: long } }, doc)).toBe(matches({ a: { $in: list } }, doc));
      }),
      { numRuns: 1500 },
    );
  });

  it('below, equal and above are told apart', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        if (
          Array.isArray(a) ||
          Array.isArray(b) ||
          a instanceof BSONRegExp ||
          b instanceof BSONRegExp
        )
          return;
        const found = ['$lt', '$eq', '$gt'].filter((operator) =>
          matches({ v: { [operator]: b } }, { v: a }),
        );
        expect(found.length).toBeLessThanOrEqual(1);
        const most = matches({ v: { $lte: b } }, { v: a });
        expect(most).toBe(found.includes('$lt') || found.includes('$eq'));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the place of the positional operator', () => {
  const place = (filter: Doc, doc: Doc) => compileFilter(filter).position(doc);

  it('is that of the outermost array', () => {
    expect(place({ a: 2 }, { a: [1, 2, 3] })).toBe(1);
    expect(place({ 'a.b': 5 }, { a: [{ b: 1 }, { b: [4, 5] }] })).toBe(1);
    expect(place({ a: { $elemMatch: { b: 1, c: 2 } } }, { a: [{ b: 1 }, { b: 1, c: 2 }] })).toBe(1);
    expect(place({ $and: [{ _id: 1 }, { a: { $gt: 1 } }] }, { _id: 1, a: [1, 2] })).toBe(1);
  });

  it('is none without an array or a match', () => {
    expect(place({ a: 2 }, { a: 2 })).toBeUndefined();
    expect(place({ a: 2 }, { a: [1] })).toBeUndefined();
  });
});

describe('collation', () => {
  const test = (spec: Doc, filter: Doc, doc: Doc) =>
    compileFilter(filter, { collation: compileCollation(spec) }).test(doc);

  it('changes equality and order of strings, also in arrays and documents', () => {
    const spec = { locale: 'en', strength: 2 };
    expect(test(spec, { a: 'ABC' }, { a: 'abc' })).toBe(true);
    expect(test(spec, { a: { $in: ['ABC'] } }, { a: ['abc'] })).toBe(true);
    expect(test(spec, { a: { b: 'X' } }, { a: { b: 'x' } })).toBe(true);
    expect(test(spec, { a: 'é' }, { a: 'e' })).toBe(false);
    expect(test({ locale: 'en', strength: 1 }, { a: 'é' }, { a: 'E' })).toBe(true);
    expect(test({ locale: 'en', numericOrdering: true }, { a: { $gt: 'x9' } }, { a: 'x10' })).toBe(
      true,
    );
    expect(test(spec, { a: /ABC/ }, { a: 'abc' })).toBe(false);
  });

  it('refuses what it cannot do, and what is malformed', () => {
    expect(() => compileCollation({ locale: 'en', strength: 4 })).toThrow(
      expect.objectContaining({ code: 238 }),
    );
    expect(() => compileCollation({ locale: 'en', alternate: 'shifted' })).toThrow(
      expect.objectContaining({ code: 238 }),
    );
    expect(() => compileCollation({ strength: 2 })).toThrow(expect.objectContaining({ code: 2 }));
    expect(compileCollation({ locale: 'simple' })).toBeUndefined();
  });
});

describe('regular expressions of PCRE', () => {
  const cases: [string, string, string[], string[]][] = [
    ['a.c', '', ['abc', 'a\rc', 'a😀c'], ['a\nc']],
    ['a.c', 's', ['a\nc'], ['ac']],
    ['c$', '', ['abc', 'abc\n'], ['abcd']],
    ['^b', 'm', ['a\nb'], ['ab']],
    ['(?i)ABC', '', ['abc'], ['ab']],
    ['a b # comment', 'x', ['ab'], ['a b']],
    ['\\Aab\\z', '', ['ab'], ['ab\n', 'xab']],
    ['[[:digit:]]+x', '', ['12x'], ['ax']],
    ['(?P<y>\\d{4})-\\k<y>', '', ['2024-2024'], ['2024-2023']],
    ['\\Qa.b\\E', '', ['a.b'], ['axb']],
    ['a{,2}', '', ['a{,2}'], ['aa']],
    ['\\x{1F600}', '', ['😀'], ['x']],
    ['^[\\w.-]+@[\\w-]+$', '', ['a.b-c@d'], ['a b@c']],
    ['\\p{Lu}', '', ['É'], ['é']],
  ];
  it.each(cases)('%s with %j', (pattern, options, yes, no) => {
    const regex = compileRegex(pattern, options);
    for (const text of yes) expect(regex.test(text), text).toBe(true);
    for (const text of no) expect(regex.test(text), text).toBe(false);
  });

  it.each(['(?>a)', 'a++', '(?R)', '\\G', '(*FAIL)', 'x(?i)y'])(
    '%s is refused by name',
    (pattern) => {
      expect(() => compileRegex(pattern, '')).toThrow(expect.objectContaining({ code: 238 }));
    },
  );
});

describe('$text', () => {
  const text = { weights: { title: 2, body: 1 } };
  const found = (search: string, doc: Doc, more: Doc = {}) =>
    compileFilter({ $text: { $search: search, ...more } }, { text }).test(doc);

  it('finds any of the words, stemmed and folded, and neither stop words nor negated ones', () => {
    const doc = { title: 'Running Shoes', body: 'for the café and other cities' };
    expect(found('run', { body: 'running' })).toBe(true);
    expect(found('shoe boots', doc)).toBe(true);
    expect(found('CAFE', doc)).toBe(true);
    expect(found('city', doc)).toBe(true);
    expect(found('the', doc)).toBe(false);
    expect(found('shoe -cafe', doc)).toBe(false);
    expect(found('"running shoes"', doc)).toBe(true);
    expect(found('"shoes running"', doc)).toBe(false);
    expect(found('café', doc, { $diacriticSensitive: true })).toBe(true);
    expect(found('cafe', doc, { $diacriticSensitive: true })).toBe(false);
  });

  it('scores by weight', () => {
    const score = (doc: Doc) => {
      expect(compileFilter({ $text: { $search: 'shoe' } }, { text }).test(doc)).toBe(true);
      return textScore(doc) ?? 0;
    };
    expect(score({ title: 'shoe' })).toBeGreaterThan(score({ body: 'shoe' }));
    expect(score({ title: 'shoe' })).toBeGreaterThan(
      score({ title: 'shoe among many others here' }),
    );
  });

  it('refuses what it does not know', () => {
    expect(() => found('x', {}, { $language: 'german' })).toThrow(
      expect.objectContaining({ code: 238 }),
    );
    expect(() => found('x', {}, { $foo: 1 })).toThrow(expect.objectContaining({ code: 2 }));
  });
});
