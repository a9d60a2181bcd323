import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/spec/json.ts';
import { parseSpec } from '../../src/spec/parse.ts';
import { editorSchema } from '../../src/spec/editor-schema.ts';
import { fieldTypes, limits, type FieldSpec } from '../../src/spec/schema.ts';
import { notesOn } from '../../src/spec/notes.ts';
import { refusal, specText } from './support.ts';

const file = 'flask-style.json';
const parse = (text: string) => parseSpec(text, file, 'fallback');
const refused = (text: string) => refusal(() => parse(text));

/** For each type a field that says as much as it can. */
const fullest: Record<(typeof fieldTypes)[number], FieldSpec> = {
  string: {
    type: 'string',
    unique: true,
    search: true,
    minLength: 1,
    maxLength: 9,
    required: true,
  },
  text: { type: 'text', index: true, search: true, maxLength: 5000, default: 'x' },
  integer: { type: 'integer', index: true, min: -1, max: 9, default: 3 },
  number: { type: 'number', min: 0.5, max: 1.5, array: true, maxItems: 5, default: [1] },
  decimal: { type: 'decimal', min: '0', max: '9.99', default: '1.00' },
  boolean: { type: 'boolean', index: true, default: false },
  date: { type: 'date', min: '2026-01-01', max: '2026-12-31', default: '2026-02-01' },
  datetime: { type: 'datetime', unique: true, readonly: true },
  email: { type: 'email', unique: true, private: true },
  url: { type: 'url', maxLength: 100, array: true },
  slug: { type: 'slug', unique: true, maxLength: 40, required: true },
  uuid: { type: 'uuid', index: true },
  ref: { type: 'ref', to: 'thing', onDelete: 'nullify', index: true },
  enum: { type: 'enum', values: ['draft', 'in review', 'é'], default: 'draft' },
  object: { type: 'object', array: true, fields: { a: { type: 'string', required: true } } },
  json: { type: 'json', default: { a: [1, null] } },
  point: { type: 'point', index: true, default: [1, 2] },
  password: { type: 'password', minLength: 12, maxLength: 64, required: true },
};

describe('a spec', () => {
  it.each(Object.entries(fullest))('takes %s with its modifiers', (_, field) => {
    expect(parse(specText({ a: field })).resources['thing']?.fields['a']).toEqual(field);
  });

  it('gets its defaults and the names that follow', () => {
    const spec = parse(
      '{ "resources": { "orderItem": { "fields": { "a": { "type": "text" } } } } }',
    );
    expect(spec).toEqual({
      version: 1,
      name: 'fallback',
      packageManager: 'npm',
      database: 'embedded',
      pages: true,
      features: [],
      resources: {
        orderItem: {
          plural: 'orderItems',
          path: '/order-items',
          collection: 'order_items',
          fields: { a: { type: 'text' } },
        },
      },
    });
  });

  it('has pages beside the welcome page by their names; an empty list is the welcome page alone', () => {
    const pages = (value: unknown) =>
      parse(specText({ a: { type: 'text' } }, { pages: value })).pages;
    expect(pages(['about', 'about-us'])).toEqual(['about', 'about-us']);
    expect(pages([])).toBe(true);
    expect(pages(false)).toBe(false);
  });

  it('may hold comments and trailing commas', () => {
    const text = '{ // ours\n "resources": { "a": { "fields": { "x": { "type": "text" }, } } } }';
    expect(Object.keys(parse(text).resources)).toEqual(['a']);
  });

  it('has a JSON Schema that knows every type', () => {
    expect(JSON.parse(editorSchema)).toHaveProperty('$defs.field.properties.type.enum', fieldTypes);
  });

  it.each([
    ['{ "resorces": {} }', /:1: unknown key "resorces".*did you mean resources\?/],
    ['{\n\n "resources": [] }', /:3: "resources" must be an object/],
    ['{}', /"resources" is missing/],
    ['[]', /the spec must be an object/],
    ['{ "resources": {}, "packageManager": "yarn" }', /must be "npm" or "pnpm"/],
    ['{ "resources": {}, "version": 2 }', /must be 1/],
    ['{ "resources": {}, "features": ["auht"] }', /unknown feature "auht"/],
    ['{ "resources": {}, "name": "Shop" }', /did you mean shop\?/],
    ['{ "resources": {}, "pages": "about" }', /"pages" must be true, false or a list/],
    [specText({}, { pages: ['About Us'] }), /like about-us.*did you mean about-us\?/],
    [specText({}, { pages: ['a', 'b', 'a'] }), /the page "a" is named twice/],
    [specText({}, { pages: ['index'] }), /"index" is taken.*it is the welcome page, at \//],
    [specText({}, { pages: ['health'] }), /"health" is taken/],
    [specText({}, { pages: ['con'] }), /device name on Windows/],
    [
      specText({ a: { type: 'text' } }, { pages: false, features: ['forms'] }),
      /forms need the pages/,
    ],
    [specText({ a: { type: 'strng' } }), /is not a type/],
    [specText({ a: { type: 'string', requird: true } }), /did you mean required\?/],
    [specText({ a: { type: 'string', required: false } }), /must be true/],
    [specText({}), /thing has no fields/],
    [specText({ a: { type: 'ref', to: 'thng' } }), /no resource "thng".*did you mean thing\?/],
    [specText({ a: { type: 'string', pattern: '^(a+)+$' } }), /more than one way/],
    [specText({ a: { type: 'integer', default: 'x' } }), /default that does not fit/],
    [specText({ a: { type: 'integer', min: 3, max: 1 } }), /min 3 above max 1/],
    [specText({ a: { type: 'date', min: 'soon' } }), /min=soon, which is no date/],
    [specText({ a: { type: 'string', minLength: 9, maxLength: 3 } }), /minLength 9 above/],
    [specText({ a: { type: 'password', minLength: 4 } }), /8 to 128/],
    [specText({ a: { type: 'string', private: true, readonly: true } }), /private and readonly/],
    [specText({ a: { type: 'string', private: true, search: true } }), /cannot be searched/],
    [specText({ a: { type: 'string', required: true, readonly: true } }), /no document could/],
    [specText({ a: { type: 'string', unique: true, default: 'x' } }), /unique with a default/],
    [specText({ a: { type: 'enum' } }), /enum without values/],
    [specText({ a: { type: 'enum', values: ['x', 'x'] } }), /twice/],
    [specText({ a: { type: 'string', maxItems: 3 } }), /is no array/],
    [specText({ a: { type: 'object' } }), /object without fields/],
    [
      specText({ a: { type: 'object', array: true, fields: { p: { type: 'password' } } } }),
      /cannot be a password/,
    ],
    [
      specText({ a: { type: 'ref', to: 'thing', required: true, onDelete: 'nullify' } }),
      /cannot be nullify/,
    ],
    [
      specText({ a: { type: 'ref', to: 'thing', required: true } }),
      /:\d+: thing\.a is required and leads back to thing/,
    ],
    [
      specText({
        a: {
          type: 'object',
          required: true,
          fields: { b: { type: 'ref', to: 'thing', required: true } },
        },
      }),
      /thing\.a\.b is required and leads back/,
    ],
  ])('%s is refused', async (text, message) => {
    expect(await refused(text)).toMatch(message);
  });

  it('required refs may not lead back, over however many resources; where a document can do without, they may', async () => {
    const ring = (last: object) => {
      const to = (name: string) => ({ type: 'ref', to: name, required: true });
      return JSON.stringify({
        resources: {
          leaf: { fields: { root: to('root') } },
          root: { fields: { branch: to('branch') } },
          branch: { fields: { root: { ...to('root'), ...last } } },
        },
      });
    };
    expect(await refused(ring({}))).toMatch(
      /root\.branch is required and leads back.*\(and 1 more\)/,
    );
    expect(Object.keys(parse(ring({ array: true })).resources)).toHaveLength(3);
    expect(Object.keys(parse(ring({ required: undefined })).resources)).toHaveLength(3);
  });

  it('says how many other mistakes there are', async () => {
    const text = specText({ id: { type: 'string' }, b: { type: 'enum' } });
    expect(await refused(text)).toMatch(/reserved \(and 1 more\)/);
  });

  it('is told of fields that the query string names in a longer form', () => {
    const spec = parse(specText({ page: { type: 'integer' }, title: { type: 'string' } }));
    expect(notesOn(spec)).toEqual([expect.stringContaining('/things?page[eq]=')]);
  });
});

describe('G12 a spec is bounded', () => {
  const within = async (text: string, message: RegExp) => {
    const start = performance.now();
    expect(await refused(text)).toMatch(message);
    expect(performance.now() - start).toBeLessThan(1000);
  };
  const resources = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`thing${n}x`, { fields: { a: { type: 'text' } } }]),
    );
  const fields = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, { type: 'text' }]));

  it('G12 5 MB of file', () => within(' '.repeat(5_000_001), /larger than 5 MB/));
  it('G12 2,000 resources', () =>
    within(JSON.stringify({ resources: resources(2001) }), /more than 2000 resources/));
  it('G12 200 fields, nested ones counted', async () => {
    await within(specText(fields(201)), /more than 200 fields/);
    const half = { ...fields(150), o: { type: 'object', fields: fields(60) } };
    await within(specText(half), /more than 200 fields/);
    expect(parse(specText(fields(200))).resources['thing']).toBeDefined();
  });
  it('G12 64 levels, also where a parser would overflow', async () => {
    for (const depth of [65, 1000, 100_000])
      await within('['.repeat(depth) + ']'.repeat(depth), /nested deeper than 64/);
    await within('{"a":'.repeat(50_000), /nested deeper than 64/);
  });
  it('G12 7 objects in one another', async () => {
    let field: object = { type: 'string' };
    for (let depth = 0; depth < limits.objectDepth; depth++)
      field = { type: 'object', fields: { a: field } };
    await within(specText({ a: field }), /nests objects deeper than 7/);
  });
});

describe('G16 JSON', () => {
  it.each([
    ['{"a":1,\n"a":2}', 'x.json:2: the key "a" is written twice'],
    ['{"a":{"b":1,"b":1}}', 'x.json:1: the key "b" is written twice'],
    ['{"__proto__":{}}', 'x.json:1: the key "__proto__" is refused'],
    ['{"a":{"\\u005f_proto__":1}}', 'x.json:1: the key "__proto__" is refused'],
    ['', 'x.json: is empty'],
    ['\uFEFF \n', 'x.json: is empty'],
    ['{"a":}', 'x.json:1: not JSON (value expected)'],
    ['{"a":1} x', 'x.json:1: not JSON (invalid symbol)'],
    ["{'a':1}", 'x.json:1: not JSON (invalid symbol)'],
    ['{"a":NaN}', 'x.json:1: not JSON (invalid symbol)'],
  ])('G16 %j is refused', async (text, message) => {
    expect(await refusal(() => parseJson(text, 'x.json'))).toBe(message);
  });

  it('G16 may begin with a BOM', () => {
    expect(parseJson('\uFEFF{"a":1}', 'x.json').value).toEqual({ a: 1 });
  });

  it('G16 keeps keys that every object inherits as data', () => {
    expect(parseJson('{"toString":1,"constructor":2}', 'x.json').value).toEqual(
      Object.fromEntries([
        ['toString', 1],
        ['constructor', 2],
      ]),
    );
  });

  it('knows the line of any place, or of its nearest parent', () => {
    const { where } = parseJson('{\n "a": [\n  1,\n  2 ] }', 'x.json');
    expect([where(['a', 1]), where(['a', 9]), where(['a', 'b', 'c'])]).toEqual([
      'x.json:4',
      'x.json:2',
      'x.json:2',
    ]);
  });
});
