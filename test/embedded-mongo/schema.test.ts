import { Decimal128, Double, Long } from 'mongodb';
import { describe, expect, it } from 'vitest';

import type { Doc } from '../../src/embedded-mongo/values/bson.ts';
import { explainFilter } from '../../src/embedded-mongo/schema/explain-filter.ts';
import { compileSchema, compileSchemaTest } from '../../src/embedded-mongo/schema/schema.ts';

/** Rows: schema, valid documents, documents that are not. */
const table: [Doc, Doc[], Doc[]][] = [
  [{ required: ['a'] }, [{ a: null }], [{}, { b: 1 }]],
  [
    { properties: { a: { bsonType: 'int' } } },
    [{}, { a: 1 }],
    [{ a: new Double(1) }, { a: '1' }, { a: null }],
  ],
  [{ properties: { a: { bsonType: ['string', 'null'] } } }, [{ a: 'x' }, { a: null }], [{ a: 1 }]],
  [
    { properties: { a: { type: 'number' } } },
    [{ a: 1 }, { a: Long.ONE }, { a: Decimal128.fromString('1') }],
    [{ a: '1' }],
  ],
  [{ properties: { a: { bsonType: 'number' } } }, [{ a: 1.5 }], [{ a: true }]],
  [
    { properties: { a: { enum: [1, 'x', { b: 1 }] } } },
    [{ a: Long.ONE }, { a: { b: 1 } }],
    [{ a: 2 }, { a: {} }],
  ],
  [
    { properties: { a: { minimum: 1, exclusiveMinimum: true, maximum: 3 } } },
    [{ a: 3 }, { a: 'x' }],
    [{ a: 1 }, { a: 4 }],
  ],
  [
    { properties: { a: { minLength: 2, maxLength: 3 } } },
    [{ a: 'ab' }, { a: '😀😀😀' }, { a: 1 }],
    [{ a: 'a' }, { a: 'abcd' }],
  ],
  [{ properties: { a: { pattern: '^a' } } }, [{ a: 'ab' }, { a: 1 }], [{ a: 'b' }]],
  [{ properties: { a: { multipleOf: 3 } } }, [{ a: 6 }, { a: Long.fromNumber(9) }], [{ a: 7 }]],
  [
    {
      properties: {
        a: { items: { bsonType: 'int' }, minItems: 1, maxItems: 2, uniqueItems: true },
      },
    },
    [{ a: [1, 2] }, { a: 'x' }],
    [{ a: [] }, { a: [1, 2, 3] }, { a: [1, Long.ONE] }, { a: ['x'] }],
  ],
  [
    { properties: { a: { items: [{ bsonType: 'int' }], additionalItems: false } } },
    [{ a: [1] }],
    [{ a: ['x'] }, { a: [1, 2] }],
  ],
  [{ properties: { a: {} }, additionalProperties: false }, [{ a: 1 }, {}], [{ b: 1 }]],
  [
    {
      patternProperties: { '^n': { bsonType: 'int' } },
      additionalProperties: { bsonType: 'string' },
    },
    [{ n1: 1, s: 'x' }],
    [{ n1: 'x' }, { s: 1 }],
  ],
  [{ minProperties: 1, maxProperties: 2 }, [{ a: 1 }], [{}, { a: 1, b: 1, c: 1 }]],
  [
    { dependencies: { a: ['b'], c: { required: ['d'] } } },
    [{}, { a: 1, b: 1 }, { c: 1, d: 1 }],
    [{ a: 1 }, { c: 1 }],
  ],
  [{ allOf: [{ required: ['a'] }, { required: ['b'] }] }, [{ a: 1, b: 1 }], [{ a: 1 }]],
  [{ anyOf: [{ required: ['a'] }, { required: ['b'] }] }, [{ b: 1 }], [{}]],
  [{ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, [{ b: 1 }], [{}, { a: 1, b: 1 }]],
  [{ not: { required: ['a'] } }, [{}], [{ a: 1 }]],
  [
    {
      properties: {
        o: { bsonType: 'object', required: ['x'], properties: { x: { bsonType: 'bool' } } },
      },
    },
    [{ o: { x: true } }],
    [{ o: {} }, { o: { x: 1 } }, { o: [] }],
  ],
];

const refused: [Doc, number, RegExp][] = [
  [{ foo: 1 }, 9, /Unknown \$jsonSchema keyword: foo/],
  [{ $ref: '#' }, 9, /'\$ref' is not currently supported/],
  [{ format: 'date' }, 9, /not currently supported/],
  [{ required: [] }, 9, /empty array/],
  [{ required: 'a' }, 14, /must be an array/],
  [{ required: ['a', 'a'] }, 9, /duplicate/],
  [{ bsonType: 'x' }, 2, /Unknown type name alias: x/],
  [{ type: 'integer' }, 9, /integer/],
  [{ type: 'object', bsonType: 'object' }, 9, /Cannot specify both/],
  [{ properties: { a: 1 } }, 14, /must be an object/],
  [{ minLength: -1 }, 9, /non-negative/],
  [{ exclusiveMinimum: true }, 9, /minimum/],
  [{ anyOf: [] }, 2, /non-empty array/],
];

describe('a schema', () => {
  it.each(table)('%j', (schema, valid, invalid) => {
    const test = compileSchemaTest(schema);
    const explain = compileSchema(schema);
    for (const doc of valid) expect(explain(doc), JSON.stringify(doc)).toBeUndefined();
    for (const doc of invalid) {
      expect(test(doc), JSON.stringify(doc)).toBe(false);
      expect(explain(doc)).toMatchObject({ operatorName: '$jsonSchema' });
    }
  });

  it.each(refused)('%j is refused', (schema, code, message) => {
    expect(() => compileSchema(schema)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
    );
  });
});

describe('the explanation of a document that is not valid', () => {
  it('has the shape of MongoDB’s errInfo.details', () => {
    const schema = {
      bsonType: 'object',
      title: 'Student',
      required: ['name', 'year'],
      properties: {
        name: { bsonType: 'string', description: 'must be a string' },
        year: { bsonType: 'int', minimum: 2017 },
        tags: { items: { bsonType: 'string' } },
      },
      additionalProperties: false,
    };
    expect(compileSchema(schema)({ name: 1, year: 2000, tags: ['x', 2], extra: true })).toEqual({
      operatorName: '$jsonSchema',
      title: 'Student',
      schemaRulesNotSatisfied: [
        {
          operatorName: 'properties',
          propertiesNotSatisfied: [
            {
              propertyName: 'name',
              description: 'must be a string',
              details: [
                {
                  operatorName: 'bsonType',
                  specifiedAs: { bsonType: 'string' },
                  reason: 'type did not match',
                  consideredValue: 1,
                  consideredType: 'int',
                },
              ],
            },
            {
              propertyName: 'year',
              details: [
                {
                  operatorName: 'minimum',
                  specifiedAs: { minimum: 2017 },
                  reason: 'comparison failed',
                  consideredValue: 2000,
                },
              ],
            },
            {
              propertyName: 'tags',
              details: [
                {
                  operatorName: 'items',
                  reason: 'At least one item did not match the sub-schema',
                  itemIndex: 1,
                  details: [
                    {
                      operatorName: 'bsonType',
                      specifiedAs: { bsonType: 'string' },
                      reason: 'type did not match',
                      consideredValue: 2,
                      consideredType: 'int',
                    },
                  ],
                },
              ],
            },
          ],
        },
        {
          operatorName: 'additionalProperties',
          specifiedAs: { additionalProperties: false },
          additionalProperties: ['extra'],
        },
      ],
    });
    expect(compileSchema(schema)({ name: 'x' })).toMatchObject({
      schemaRulesNotSatisfied: [
        {
          operatorName: 'required',
          specifiedAs: { required: ['name', 'year'] },
          missingProperties: ['year'],
        },
      ],
    });
  });
});

describe('the explanation of a filter', () => {
  const over5 = { specifiedAs: { a: { $gt: 5 } }, operatorName: '$gt' };
  const isX = { specifiedAs: { b: 'x' }, operatorName: '$eq' };

  it.each<[Doc, Doc, Doc | undefined]>([
    [{ a: { $gt: 5 } }, { a: 6 }, undefined],
    [{ a: { $gt: 5 } }, { a: 0 }, { ...over5, reason: 'comparison failed', consideredValue: 0 }],
    [{ a: { $gt: 5 } }, {}, { ...over5, reason: 'field was missing' }],
    [
      { a: { $gt: 5 }, b: 'x' },
      { a: 9 },
      {
        operatorName: '$and',
        clausesNotSatisfied: [{ index: 1, details: { ...isX, reason: 'field was missing' } }],
      },
    ],
    [
      { $or: [{ a: { $gt: 5 } }, { b: 'x' }] },
      { b: 'y' },
      {
        operatorName: '$or',
        clausesNotSatisfied: [
          { index: 0, details: { ...over5, reason: 'field was missing' } },
          { index: 1, details: { ...isX, reason: 'comparison failed', consideredValue: 'y' } },
        ],
      },
    ],
    [{ $or: [{ a: 1 }, { b: 2 }] }, { b: 2 }, undefined],
    [
      { a: { $type: 'string' } },
      { a: 1 },
      {
        operatorName: '$type',
        specifiedAs: { a: { $type: 'string' } },
        reason: 'type did not match',
        consideredValue: 1,
        consideredType: 'int',
      },
    ],
    [
      { $expr: { $eq: ['$total', { $multiply: ['$price', 2] }] } },
      { price: 2, total: 5 },
      {
        operatorName: '$expr',
        specifiedAs: { $expr: { $eq: ['$total', { $multiply: ['$price', 2] }] } },
        reason: 'expression did not match',
        expressionResult: false,
      },
    ],
    [
      { a: { $regex: '^x', $options: 'i' } },
      { a: 'y' },
      {
        operatorName: '$regex',
        specifiedAs: { a: { $regex: '^x', $options: 'i' } },
        reason: 'regular expression did not match',
        consideredValue: 'y',
      },
    ],
    [
      { $jsonSchema: { required: ['a'] }, b: 'x' },
      { b: 'x' },
      { operatorName: '$and', clausesNotSatisfied: [{ index: 0 }] },
    ],
  ])('%j of %j', (filter, doc, details) => {
    const found = explainFilter(filter)(doc);
    if (details) expect(found).toMatchObject(details);
    else expect(found).toBeUndefined();
  });
});
