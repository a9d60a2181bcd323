// What of a change to openapi.json is called breaking: every kind once, and the harmless kinds as silence.
import { describe, expect, test } from 'vitest';
import { model, type Model } from '../../../templates/project/app/core/model.ts';
import { openapi } from '../../../templates/project/app/core/openapi.ts';
import { breaking } from '../../../templates/project/dev/contract-diff.ts';
import {
  differences,
  object,
  type Json,
  type JsonObject,
} from '../../../templates/project/dev/contract-json.ts';

const json = (schema: Json): JsonObject => ({ 'application/json': { schema } });
const path = (operation: JsonObject): JsonObject => ({ paths: { '/things': operation } });
const post = (operation: JsonObject): JsonObject =>
  path({ post: { responses: { 201: {} }, ...operation } });
const input = (schema: Json): JsonObject => post({ requestBody: { content: json(schema) } });
const output = (schema: Json): JsonObject => path({ get: { responses: { 200: answer(schema) } } });
const answer = (schema: Json): JsonObject => ({ content: json(schema) });
const parameters = (...list: JsonObject[]): JsonObject =>
  path({ get: { parameters: list, responses: {} } });
const fields = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});
const named = (document: JsonObject, schemas: JsonObject): JsonObject => ({
  ...document,
  components: { schemas },
});
const $ref = '#/components/schemas/Thing';
const text = { type: 'string' };
const number = { type: 'number' };
const limit = { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } };
const version = { name: 'Version', in: 'header', schema: text };

type Row = [title: string, before: Json, after: Json, expected: string[]];

const documents: Row[] = [
  ['a path', path({ get: {} }), { paths: {} }, ['/things: path was removed']],
  [
    'a method',
    path({ get: {}, query: {} }),
    path({ get: {} }),
    ['QUERY /things: method was removed'],
  ],
  [
    'a response',
    path({ get: { responses: { 200: {}, 304: {} } } }),
    path({ get: { responses: { 200: {} } } }),
    ['GET /things 304: response was removed'],
  ],
  [
    'a header of a response',
    path({ get: { responses: { 200: { headers: { ETag: {}, Link: {} } } } } }),
    path({ get: { responses: { 200: { headers: { ETag: {} } } } } }),
    ['GET /things 200: header Link was removed'],
  ],
  [
    'a media type of a response',
    path({ get: { responses: { 200: { content: { 'text/csv': {}, ...json({}) } } } } }),
    output({}),
    ['GET /things 200: text/csv was removed'],
  ],
  [
    'a media type of a body',
    post({ requestBody: { content: { 'application/merge-patch+json': {}, ...json({}) } } }),
    input({}),
    ['POST /things body: application/merge-patch+json was removed'],
  ],
  [
    'a parameter',
    parameters(limit, version),
    parameters(version),
    ['GET /things: query parameter limit was removed'],
  ],
  [
    'a query parameter newly required',
    parameters(limit),
    parameters({ ...limit, required: true }),
    ['GET /things: query parameter limit is newly required'],
  ],
  [
    'a new required header',
    parameters(),
    parameters({ ...version, required: true }),
    ['GET /things: header parameter Version is newly required'],
  ],
  [
    'a parameter of the whole path newly required',
    path({ parameters: [version], get: {} }),
    path({ parameters: [{ ...version, required: true }], get: {} }),
    ['GET /things: header parameter Version is newly required'],
  ],
  [
    'a narrower parameter',
    parameters(limit),
    parameters({ ...limit, schema: { type: 'integer', maximum: 50 } }),
    ['GET /things query parameter limit: maximum was narrowed'],
  ],
  [
    'a narrower parameter behind $ref',
    {
      ...parameters({ $ref: '#/components/parameters/limit' }),
      components: { parameters: { limit } },
    },
    parameters({ ...limit, schema: { type: 'integer', maximum: 50 } }),
    ['GET /things query parameter limit: maximum was narrowed'],
  ],
  [
    'a body newly required',
    input({}),
    post({ requestBody: { required: true, content: json({}) } }),
    ['POST /things: body is newly required'],
  ],
  [
    'an answer behind $ref that lost a field',
    {
      ...path({ get: { responses: { 200: { $ref: '#/components/responses/Thing' } } } }),
      components: { responses: { Thing: answer(fields({ a: text, b: text })) } },
    },
    output(fields({ a: text })),
    ['GET /things 200/b: field was removed'],
  ],
];

const inBody = 'POST /things body';
const inAnswer = 'GET /things 200';

const operations = (document: JsonObject): Json => object(object(document.paths)['/things']);

/** Schemas before and after, and what is said of them in a body and in an answer. */
const schemas: [title: string, before: Json, after: Json, body: string[], answer: string[]][] = [
  [
    'a field removed',
    fields({ a: text, b: text }),
    fields({ a: text }),
    ...oneEach('/b: field was removed'),
  ],
  [
    'an enum member removed',
    { enum: ['a', 'b'] },
    { enum: ['a'] },
    ...oneEach(': enum member "b" was removed'),
  ],
  [
    'an enum where all was allowed',
    text,
    { type: 'string', enum: ['a'] },
    [`${inBody}: only certain values are accepted`],
    [],
  ],
  [
    'a field newly required',
    fields({ a: text }),
    fields({ a: text }, { required: ['a'] }),
    [`${inBody}/a: is newly required`],
    [],
  ],
  [
    'a new required field',
    fields({}),
    fields({ a: text }, { required: ['a'] }),
    [`${inBody}/a: is newly required`],
    [],
  ],
  [
    'a field no longer required',
    fields({ a: text }, { required: ['a'] }),
    fields({ a: text }),
    [],
    [`${inAnswer}/a: is not always answered any more`],
  ],
  ['a type narrowed', { type: ['string', 'null'] }, text, [`${inBody}: type null is refused`], []],
  [
    'a type widened',
    text,
    { type: ['string', 'null'] },
    [],
    [`${inAnswer}: type null is new in the answer`],
  ],
  [
    'a number that must be whole',
    number,
    { type: 'integer' },
    [`${inBody}: type number is refused`],
    [],
  ],
  [
    'a whole number that may be any',
    { type: 'integer' },
    number,
    [],
    [`${inAnswer}: type number is new in the answer`],
  ],
  [
    'another type',
    text,
    number,
    [`${inBody}: type string is refused`],
    [`${inAnswer}: type number, integer is new in the answer`],
  ],
  ...(
    [
      ['maxLength', 10, 9],
      ['minLength', 1, 2],
      ['minimum', 0, 1],
      ['maximum', 10, 9],
      ['exclusiveMinimum', 0, 1],
      ['exclusiveMaximum', 10, 9],
      ['maxItems', 10, 9],
      ['minItems', 1, 2],
      ['maxProperties', 10, 9],
      ['minProperties', 1, 2],
      ['pattern', '^a', '^b'],
      ['format', 'date', 'date-time'],
      ['multipleOf', 1, 2],
      ['uniqueItems', false, true],
      ['const', 1, 2],
    ] as const
  ).flatMap(([key, old, now]) =>
    [{ [key]: old }, {}].map((before): (typeof schemas)[number] => [
      `${key} ${key in before ? 'narrowed' : 'added'}`,
      before,
      { [key]: now },
      [`${inBody}: ${key} was narrowed`],
      [],
    ]),
  ),
  [
    'a minimum where there was none, below zero',
    number,
    { type: 'number', minimum: -5 },
    [`${inBody}: minimum was narrowed`],
    [],
  ],
  [
    'a field made read-only',
    fields({ a: text }),
    fields({ a: { ...text, readOnly: true } }),
    [`${inBody}/a: is read-only now`],
    [],
  ],
  [
    'other fields refused',
    fields({}),
    fields({}, { additionalProperties: false }),
    [`${inBody}: other fields are refused`],
    [],
  ],
  [
    'an alternative removed',
    { oneOf: [text, number] },
    { oneOf: [text] },
    ...oneEach(': oneOf/1 was removed'),
  ],
  [
    'one more condition',
    { allOf: [fields({})] },
    { allOf: [fields({}), { minProperties: 1 }] },
    [`${inBody}: allOf was narrowed`],
    [],
  ],
  [
    'alternatives where all was allowed',
    {},
    { anyOf: [text] },
    [`${inBody}: anyOf was narrowed`],
    [],
  ],
  [
    'items limited for the first time',
    { type: 'array' },
    { type: 'array', items: text },
    [`${inBody}/*: type null, boolean, integer, number, array, object is refused`],
    [],
  ],
  [
    'deep inside: a field of an item of a list in an object',
    fields({ a: fields({ b: { type: 'array', items: fields({ c: text, d: text }) } }) }),
    fields({ a: fields({ b: { type: 'array', items: fields({ c: text }) } }) }),
    ...oneEach('/a/b/*/d: field was removed'),
  ],
  [
    'values of a map',
    { type: 'object', additionalProperties: { enum: [1, 2] } },
    { type: 'object', additionalProperties: { enum: [1] } },
    ...oneEach('/*: enum member 2 was removed'),
  ],
  [
    'inside an alternative that moved',
    { oneOf: [text, fields({ a: text, b: text })] },
    { oneOf: [text, fields({ a: text })] },
    ...oneEach('/oneOf/1/b: field was removed'),
  ],
];

function oneEach(what: string): [string[], string[]] {
  return [[inBody + what], [inAnswer + what]];
}

describe('breaking', () => {
  test.each(documents)('reports %s, and says nothing like it about the way back', (...row) => {
    const [, before, after, expected] = row;
    expect(breaking(before, after)).toEqual(expected);
    expect(breaking(before, before)).toEqual([]);
    expect(breaking(after, before).filter((line) => expected.includes(line))).toEqual([]);
  });

  test.each(schemas)('reports by direction: %s', (_title, before, after, body, answered) => {
    expect(breaking(input(before), input(after))).toEqual(body);
    expect(breaking(output(before), output(after))).toEqual(answered);
    expect(breaking(input(after), input(after))).toEqual([]);
  });

  test('follows $ref, says the name of the schema, and says it once', () => {
    const list = { type: 'array', items: { $ref } };
    const twice = path({ get: { responses: { 200: answer({ $ref }), 206: answer(list) } } });
    for (const each of [output(list), twice]) {
      const before = named(each, { Thing: fields({ a: text, b: text }) });
      const after = named(each, { Thing: fields({ a: text }) });
      expect(breaking(before, after)).toEqual(['response Thing#/b: field was removed']);
    }
  });

  test('compares a schema in a body and in an answer, each with its own rules', () => {
    const document = {
      paths: { '/in': operations(input({ $ref })), '/out': operations(output({ $ref })) },
    };
    const before = named(document, { Thing: fields({ a: { type: ['string', 'null'] } }) });
    const after = named(document, { Thing: fields({ a: { type: ['string', 'number'] } }) });
    expect(breaking(before, after)).toEqual([
      'request Thing#/a: type null is refused',
      'response Thing#/a: type number, integer is new in the answer',
    ]);
  });

  test('comes to an end with schemas that contain themselves and each other', () => {
    const tree = (more: JsonObject) => ({
      Thing: fields({ children: { type: 'array', items: { $ref } }, other: { $ref: `${$ref}2` } }),
      Thing2: fields({ back: { $ref }, ...more }),
    });
    const documents = [tree({ gone: text }), tree({})].map((each) => named(output({ $ref }), each));
    expect(breaking(documents[0] ?? {}, documents[1] ?? {})).toEqual([
      'response Thing2#/gone: field was removed',
    ]);
  });

  test('takes a schema that is written out now for the one it was', () => {
    const whole = fields({ a: text });
    const before = named(output({ $ref }), { Thing: whole });
    expect(breaking(before, output(whole))).toEqual([]);
    expect(breaking(output(whole), before)).toEqual([]);
    expect(breaking(before, output(fields({})))).toEqual(['response Thing#/a: field was removed']);
  });
});

const harmless: [title: string, before: Json, after: Json][] = [
  ['an added path', path({ get: {} }), { paths: { '/new': { get: {} }, '/things': { get: {} } } }],
  ['an added method', path({ get: {} }), path({ get: {}, post: {} })],
  ['an added response', path({ get: {} }), path({ get: { responses: { 200: {} } } })],
  ['an added optional parameter', parameters(limit), parameters(limit, version)],
  [
    'a parameter no longer required',
    parameters({ ...version, required: true }),
    parameters(version),
  ],
  ['parameters in another order', parameters(limit, version), parameters(version, limit)],
  [
    'a parameter that moved from the path to the operation',
    path({ parameters: [version], get: {} }),
    parameters(version),
  ],
  [
    'other words',
    { ...path({ get: { summary: 'a' } }), info: {} },
    path({ get: { summary: 'b' } }),
  ],
  ...(
    [
      ['an added optional field', fields({ a: text }), fields({ b: text, a: text })],
      ['fields in another order', fields({ a: text, b: text }), fields({ b: text, a: text })],
      ['a description', text, { ...text, description: 'new', title: 'T', examples: ['a'] }],
      ['enum members in another order', { enum: ['a', 'b'] }, { enum: ['b', 'a'] }],
      ['required in another order', { required: ['a', 'b'] }, { required: ['b', 'a'] }],
      ['an enum member added', { enum: ['a'] }, { enum: ['a', 'b'] }],
      ['a deprecation', fields({ a: text }), fields({ a: { ...text, deprecated: true } })],
      ['a default', text, { ...text, default: 'a' }],
    ] as [string, Json, Json][]
  ).flatMap(([title, before, after]): [string, Json, Json][] => [
    [`${title} in a body`, input(before), input(after)],
    [`${title} in an answer`, output(before), output(after)],
  ]),
  ...Object.entries({
    maxLength: [9, 10],
    minLength: [2, 1],
    minimum: [1, 0],
    maxItems: [1, 2],
  }).map(([key, [old = 0, now = 0]]): [string, Json, Json] => [
    `a wider ${key} in a body`,
    input({ [key]: old }),
    input({ [key]: now }),
  ]),
  [
    'more words in a pattern in a body',
    input({ pattern: '^(-?(a)(,-?(a)){0,2})$' }),
    input({ pattern: '^(-?(b|a\\.b|a)(,-?(a|b)){0,2})$' }),
  ],
  ['no pattern any more in a body', input({ pattern: 'a' }), input({})],
  ['a narrower limit in an answer', output({ maxLength: 10 }), output({ maxLength: 5 })],
];

test.each([
  ['a word less', '^(a|b)$', '^(a)$'],
  ['another word', '^(a|b)$', '^(a|c)$'],
  ['another frame', '^(a)*$', '^(a|b)+$'],
  ['one group less', '^(a)(b)$', '^(a)$'],
  ['a word more that is forbidden', '^(?!(a)$)', '^(?!(a|b)$)'],
  ['a word more that is not preceded', '(?<!(a))x', '(?<!(a|b))x'],
  ['a character more that is forbidden', '^[^(a)]$', '^[^(a|b)]$'],
  ['brackets that are meant', '^\\(a\\)$', '^\\(a|b\\)$'],
  ['a word that must come again', '^(a|b)\\1$', '^(a|b|c)\\1$'],
  ['a pattern like what is said of none', undefined, 'null'],
])('a pattern in a body is narrowed by %s', (_title, old, now) => {
  const before = old === undefined ? {} : { pattern: old };
  expect(breaking(input(before), input({ pattern: now }))).toEqual([
    `${inBody}: pattern was narrowed`,
  ]);
});

/** The document of a project with one model of these fields beside `name`. */
const documentOf = (more: Model['fields']): Json => {
  const note = model({
    name: 'note',
    plural: 'notes',
    path: '/notes',
    collection: 'notes',
    fields: { name: { type: 'string', required: true }, ...more },
  });
  return JSON.parse(JSON.stringify(openapi([note], { title: 'Notes', version: '1.0.0' }))) as Json;
};

const plain: Model['fields'] = {
  text: { type: 'text', search: true },
  integer: { type: 'integer', index: true },
  number: { type: 'number', min: 0 },
  decimal: { type: 'decimal' },
  boolean: { type: 'boolean', default: false },
  date: { type: 'date' },
  datetime: { type: 'datetime' },
  email: { type: 'email', unique: true },
  url: { type: 'url' },
  slug: { type: 'slug' },
  uuid: { type: 'uuid' },
  parent: { type: 'ref', to: 'note' },
  others: { type: 'ref', to: 'note', array: true },
  status: { type: 'enum', values: ['open', 'done'] },
  size: { type: 'object', fields: { width: { type: 'number' }, of: { type: 'ref', to: 'note' } } },
  lines: { type: 'object', array: true, fields: { word: { type: 'string', search: true } } },
  json: { type: 'json' },
  place: { type: 'point' },
  tags: { type: 'string', array: true, default: [] },
  views: { type: 'integer', readonly: true, default: 0 },
};

test.each(Object.entries(plain))(
  'of a model: a field more is fine, a field less is not: %s',
  (name, field) => {
    const [less, more] = [documentOf({}), documentOf({ [name]: field })];
    expect(breaking(less, more)).toEqual([]);
    expect(breaking(more, less)).toContain(`response Note#/${name}: field was removed`);
    const others = Object.fromEntries(Object.entries(plain).filter(([other]) => other !== name));
    expect(breaking(documentOf(others), documentOf(plain))).toEqual([]);
  },
);

test.each(harmless)('says nothing about %s', (_title, before, after) => {
  expect(breaking(before, after)).toEqual([]);
});

test('differences are named by their places, however deep', () => {
  const before = { a: { b: [1, 2], c: 1, d: null }, e: {}, same: { x: [{ y: 1 }] } };
  const after = { same: { x: [{ y: 1 }] }, e: [], a: { b: [1], d: {}, f: 1 } };
  expect(differences(before, after)).toEqual(['a > b', 'a > c', 'a > d', 'a > f', 'e']);
  expect(differences(before, before)).toEqual([]);
});
