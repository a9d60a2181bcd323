import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { importSpec } from '../../src/spec/imports/index.ts';
import { imported, refusal } from './support.ts';

const refused = (name: string, content: string | object) => refusal(() => imported(name, content));

/** The fields of the only resource. */
async function fieldsOf(name: string, content: string | object) {
  const { spec } = await imported(name, content);
  expect(Object.keys(spec.resources)).toHaveLength(1);
  return Object.values(spec.resources)[0]?.fields;
}

const schema = (properties: object, more: object = {}) => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'product',
  type: 'object',
  properties,
  ...more,
});

const api = (schemas: object, paths: object = {}) => ({
  openapi: '3.1.0',
  info: { title: 'Shop API', version: '1' },
  paths,
  components: { schemas },
});

const body = (ref: string) => ({
  requestBody: { content: { 'application/json': { schema: { $ref: ref } } } },
  responses: { 201: { description: 'made' } },
});

const answering = (schema: object) => ({
  responses: { 200: { description: 'all', content: { 'application/json': { schema } } } },
});

const listOf = (ref: string) => answering({ type: 'array', items: { $ref: ref } });

describe('samples', () => {
  const expected = {
    sku: { type: 'string', required: true },
    price: { type: 'number', required: true },
    count: { type: 'integer' },
    live: { type: 'boolean', required: true },
    added: { type: 'date', required: true },
    mail: { type: 'email', required: true },
  };
  const rows = [
    { sku: '007', price: 1, count: 3, live: true, added: '2026-01-31', mail: 'a@b.org' },
    { sku: 'x', price: 1.5, count: null, live: false, added: '2026-02-01', mail: 'c@d.org' },
  ];
  const table = [
    'sku,price,count,live,added,mail',
    '007,1,3,true,2026-01-31,a@b.org',
    'x,1.5,,false,2026-02-01,c@d.org',
  ].join('\r\n');

  it.each([
    ['a list in JSON', 'products.json', rows],
    ['NDJSON', 'products.ndjson', rows.map((row) => JSON.stringify(row)).join('\n')],
    [
      'NDJSON under another ending',
      'products.json',
      rows.map((row) => JSON.stringify(row)).join('\n'),
    ],
    ['CSV', 'products.csv', table],
    ['CSV with semicolons', 'products.csv', table.replaceAll(',', ';')],
    ['TSV', 'products.tsv', table.replaceAll(',', '\t')],
    ['lists under names', 'shop.json', { products: rows }],
    ['YAML', 'products.yaml', rows.map((row) => `- ${JSON.stringify(row)}`).join('\n')],
  ])('as %s become a resource', async (_, name, content) => {
    const { spec } = await imported(name, content);
    expect(spec.resources['product']).toMatchObject({ path: '/products', fields: expected });
  });

  it('of a table are text where a column has no value, or more digits than a number keeps', async () => {
    const table = '\uFEFFcard;note;age\r\n9007199254740993;;3\r\n1;;4\r\n';
    expect(await fieldsOf('people.csv', table)).toEqual({
      card: { type: 'string', required: true },
      note: { type: 'string' },
      age: { type: 'integer', required: true },
    });
  });

  it('keep their nesting, and what they refer to', async () => {
    const { spec } = await imported('shop.json', {
      categories: [{ name: 'a' }],
      products: [
        {
          _id: '0123456789abcdef01234567',
          categoryId: '0123456789abcdef01234567',
          ownerId: '0123456789abcdef01234567',
          size: { width: 1, unit: 'm' },
          tags: ['a', 'b'],
          at: { type: 'Point', coordinates: [1, 2] },
        },
      ],
    });
    expect(spec.resources['product']?.fields).toEqual({
      categoryId: { type: 'ref', to: 'category', required: true },
      ownerId: { type: 'string', required: true },
      size: {
        type: 'object',
        required: true,
        fields: {
          width: { type: 'integer', required: true },
          unit: { type: 'string', required: true },
        },
      },
      tags: { type: 'string', array: true, required: true },
      at: { type: 'point', required: true },
    });
  });

  it.each([
    ['a.csv', 'a,b\n1,2,3', /a\.csv:2: 3 cells under 2 names/],
    ['a.csv', 'a,a\n1,2', /column "a" is there twice/],
    ['a.csv', 'a,\n1,2', /column 2 has no name/],
    ['a.csv', 'a,b', /no line below its names/],
    ['a.csv', 'a,b\n"x\ny,2', /a\.csv:2: a quote is not closed/],
    ['a.csv', 'a,b\n"x"y,2', /a\.csv:2: text behind a closing quote/],
    ['a.ndjson', '{"a":1}\n{"a":', /a\.ndjson:2: not JSON/],
    ['a.json', '[1, 2]', /item 1 is not an object/],
    ['a.json', '[]', /no document/],
    ['a.json', { swagger: '2.0' }, /Swagger 2\.0.*convert it to OpenAPI 3/],
    ['a.yaml', 'openapi: 2.9.0', /OpenAPI "2\.9\.0" is not supported/],
  ])('%s %j are refused', async (name, content, message) => {
    expect(await refused(name, content)).toMatch(message);
  });

  it('in CSV may hold quotes, separators and lines', async () => {
    const fields = await fieldsOf('a.csv', 'a,b\n"x ""y"", z","two\nlines"\n');
    expect(fields).toEqual({
      a: { type: 'string', required: true },
      b: { type: 'text', required: true },
    });
  });

  it('that are no text are refused, and so is what is no file', async () => {
    expect(await refusal(() => imported('a.json', new Uint8Array([0xff, 0xfe, 0x00])))).toMatch(
      /not a text in UTF-8/,
    );
    const away = () => importSpec('away.json', { cwd: '/', name: undefined });
    expect(await refusal(away)).toMatch(/is not a file/);
  });
});

describe('a JSON Schema', () => {
  it('becomes a resource, with what it says of each field', async () => {
    const fields = await fieldsOf(
      'product.schema.json',
      schema(
        {
          name: { type: 'string', minLength: 2, maxLength: 40, description: 'Its name' },
          price: { type: ['number', 'null'], minimum: 0 },
          count: { type: 'integer', exclusiveMinimum: 0, default: 1 },
          kind: { enum: ['a', 'b'] },
          site: { type: 'string', format: 'uri' },
          made: { type: 'string', format: 'date-time', readOnly: true },
          pin: { type: 'string', writeOnly: true },
          tags: { type: 'array', items: { type: 'string' }, maxItems: 9 },
          size: { $ref: '#/$defs/size' },
          any: {},
        },
        {
          required: ['name', 'size', 'made'],
          $defs: { size: { type: 'object', properties: { width: { type: 'number' } } } },
        },
      ),
    );
    expect(fields).toEqual({
      name: {
        type: 'string',
        minLength: 2,
        maxLength: 40,
        description: 'Its name',
        required: true,
      },
      price: { type: 'number', min: 0 },
      count: { type: 'integer', min: 1, default: 1 },
      kind: { type: 'enum', values: ['a', 'b'] },
      site: { type: 'url' },
      made: { type: 'datetime', readonly: true },
      pin: { type: 'string', private: true },
      tags: { type: 'string', array: true, maxItems: 9 },
      size: { type: 'object', fields: { width: { type: 'number' } }, required: true },
      any: { type: 'json' },
    });
  });

  it('of definitions alone becomes a resource for each, and refs between them', async () => {
    const { spec } = await imported('shop.json', {
      definitions: {
        Author: { properties: { name: { type: 'string' } } },
        Book: { properties: { author: { $ref: '#/definitions/Author' } } },
      },
    });
    expect(spec.resources['book']?.fields).toEqual({ author: { type: 'ref', to: 'author' } });
  });
});

describe('an OpenAPI document', () => {
  it('gives a resource for each path with a list or items', async () => {
    const schemas = {
      Product: {
        type: 'object',
        required: ['name'],
        properties: {
          id: { type: 'string' },
          name: { type: 'string' },
          category: { $ref: '#/components/schemas/Category' },
          address: { $ref: '#/components/schemas/Address' },
        },
      },
      Category: { type: 'object', properties: { title: { type: 'string' } } },
      Address: { type: 'object', properties: { city: { type: 'string' } } },
      Login: { type: 'object', properties: { user: { type: 'string' } } },
    };
    const { spec } = await imported(
      'api.json',
      api(schemas, {
        '/v1/products': { post: body('#/components/schemas/Product') },
        '/v1/products/{id}': { get: {} },
        '/v1/categories': { get: listOf('#/components/schemas/Category') },
        '/v1/login': { post: body('#/components/schemas/Login') },
      }),
    );
    expect(spec.name).toBe('shop-api');
    expect(Object.keys(spec.resources)).toEqual(['product', 'category']);
    expect(spec.resources['product']?.fields).toEqual({
      name: { type: 'string', required: true },
      category: { type: 'ref', to: 'category' },
      address: { type: 'object', fields: { city: { type: 'string' } } },
    });
  });

  it('is taken over as far as it goes: the rest is named', async () => {
    const item = '#/components/schemas/Pet';
    const known = { type: 'object', properties: { name: { type: 'string' } } };
    const { spec, notes } = await imported(
      'api.json',
      api(
        {
          Pet: {
            type: 'object',
            properties: { code: { type: 'string', pattern: '^(0|[1-9][0-9]*)$' } },
          },
          Wrapper: { type: 'object', properties: { links: { type: 'object' } } },
          Visit: known,
        },
        {
          '/pets': { get: listOf(item), post: body(item) },
          '/pets/findByStatus': { get: listOf(item) },
          '/visits': {
            get: answering({
              allOf: [
                { $ref: '#/components/schemas/Wrapper' },
                {
                  properties: {
                    data: { type: 'array', items: { $ref: '#/components/schemas/Visit' } },
                  },
                },
              ],
            }),
          },
          '/schema': { get: listOf('#/components/schemas/Wrapper') },
          '/schema/{id}': { put: body('#/components/schemas/Wrapper') },
        },
      ),
    );
    expect(Object.keys(spec.resources)).toEqual(['pet', 'visit']);
    expect(spec.resources['pet']?.fields).toEqual({ code: { type: 'string' } });
    expect(notes).toEqual([
      '/pets/findByStatus is left out: another path gives pets already',
      'pet.code: its pattern is left out, since it is one for which the tests cannot make up a value',
      expect.stringMatching(/^schema is left out: .*"schema" is taken/),
    ]);
  });

  it('in YAML is the same', async () => {
    const { spec } = await imported(
      'api.yaml',
      [
        'openapi: 3.0.3',
        'info: { title: Pets, version: "1" }',
        'paths: {}',
        'components:',
        '  schemas:',
        '    Pet:',
        '      allOf:',
        '        - $ref: "#/components/schemas/Base"',
        '        - properties: { tag: { type: string, nullable: true } }',
        '    Base:',
        '      required: [name]',
        '      properties: { name: { type: string } }',
      ].join('\n'),
    );
    expect(spec.resources['pet']?.fields).toEqual({
      name: { type: 'string', required: true },
      tag: { type: 'string' },
    });
  });
});

describe('G13 $ref', () => {
  it('G13 leads to no other file and to no server', async () => {
    let visits = 0;
    const server = createServer((_, response) => {
      visits += 1;
      response.end('{}');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    try {
      for (const ref of [
        `http://127.0.0.1:${port}/x`,
        `//127.0.0.1:${port}/x`,
        'other.json#/a',
        '../other.json',
        'file:///etc/passwd',
      ]) {
        const text = schema({ a: { $ref: ref } });
        expect(await refused('a.json', text)).toMatch(/leads out of the file/);
        expect(await refused('a.json', api({ A: { properties: { a: { $ref: ref } } } }))).toMatch(
          /leads out of the file/,
        );
      }
      const fetched = () =>
        importSpec(`http://127.0.0.1:${port}/api.json`, { cwd: '/', name: undefined });
      expect(await refusal(fetched)).toMatch(/nothing is fetched from the web/);
    } finally {
      server.close();
    }
    expect(visits).toBe(0);
  });

  it.each(['#/$defs/away', '#/toString', '#/$defs/__proto__', '#/constructor/name'])(
    'G13 %s leads to nothing',
    async (ref) => {
      expect(await refused('a.json', schema({ a: { $ref: ref } }))).toMatch(/leads to nothing/);
    },
  );
});

describe('G14 $ref in a circle', () => {
  const within = async (content: object, message: RegExp) => {
    const start = performance.now();
    expect(await refused('a.json', content)).toMatch(message);
    expect(performance.now() - start).toBeLessThan(1000);
  };

  it('G14 to itself, at once or by others, is refused with the pointer', async () => {
    const circle = { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } };
    await within(schema({ x: { $ref: '#/properties/x' } }), /"#\/properties\/x" leads to itself/);
    await within(schema({ x: { $ref: '#/$defs/a' } }, { $defs: circle }), /leads to itself/);
  });

  it('G14 of objects ends in free JSON, and a resource that holds itself in a ref', async () => {
    const node = { properties: { name: { type: 'string' }, next: { $ref: '#/$defs/node' } } };
    const { spec, notes } = await imported(
      'list.json',
      schema({ first: { $ref: '#/$defs/node' }, parent: { $ref: '#' } }, { $defs: { node } }),
    );
    expect(spec.resources['product']?.fields).toEqual({
      first: { type: 'object', fields: { name: { type: 'string' }, next: { type: 'json' } } },
      parent: { type: 'ref', to: 'product' },
    });
    expect(notes).toContainEqual(expect.stringContaining('product.first.next'));
  });

  it('G14 a chain of 10,000 is followed', async () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, n) => [
        `d${n}`,
        n === 9999 ? { type: 'integer' } : { $ref: `#/$defs/d${n + 1}` },
      ]),
    );
    expect(await fieldsOf('a.json', schema({ x: { $ref: '#/$defs/d0' } }, { $defs }))).toEqual({
      x: { type: 'integer' },
    });
  });

  it('G14 doubling at each level ends early', async () => {
    const level = (n: number, word: string) => ({ $ref: `#/$defs/${word}${n + 1}` });
    const $defs: Record<string, object> = {
      a40: { properties: { x: { type: 'string' } } },
      p40: { properties: { x: { type: 'string' } } },
    };
    for (let n = 0; n < 40; n++) {
      $defs[`a${n}`] = { allOf: [level(n, 'a'), level(n, 'a')] };
      $defs[`p${n}`] = {
        properties: { l: level(n, 'p'), m: level(n, 'p'), r: level(n, 'p') },
      };
    }
    await within(schema({ x: { $ref: '#/$defs/a0' } }, { $defs }), /more than 1000 parts/);
    await within(schema({ x: { $ref: '#/$defs/p0' } }, { $defs }), /more than 200 fields/);
  });
});

describe('G15 YAML', () => {
  const laughs = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let n = 1; n < 12; n++)
    laughs.push(`a${n}: &a${n} [${Array.from({ length: 10 }, () => `*a${n - 1}`).join(', ')}]`);

  it.each([
    ['a billion laughs', laughs.join('\n'), /aliases expand too far/],
    ['an alias inside its anchor', 'a: &a [*a]', /nested deeper|expand/],
    ['an alias of nothing', 'a: *b', /x\.yaml/],
    ['a tag of its own', 'a: !!js/function "x"', /x\.yaml:1: not YAML/],
    ['a local tag', 'a: !thing 1', /x\.yaml:1: not YAML/],
    ['binary', 'a: !!binary aGVsbG8=', /x\.yaml:1: not YAML/],
    ['a key twice', 'a: 1\nb: 2\na: 3', /x\.yaml:3: not YAML \(Map keys must be unique/],
    ['the key __proto__', 'a:\n  __proto__: { x: 1 }', /x\.yaml:2: the key "__proto__" is refused/],
    ['two documents', 'a: 1\n---\nb: 2', /not YAML/],
    ['infinity', 'a: .inf', /x\.yaml:1: Infinity is no number/],
    ['brackets 100,000 deep', '['.repeat(100_000), /nested deeper than 64/],
    ['dashes 100,000 deep', '- '.repeat(100_000), /nested deeper than 64/],
    [
      'objects 100 deep',
      Array.from({ length: 100 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'),
      /deeper/,
    ],
    ['nothing', ' \n', /is empty/],
    ['a tab for indentation', 'a:\n\tb: 1', /x\.yaml:2: not YAML/],
  ])('G15 %s is refused within a second', async (_, text, message) => {
    const start = performance.now();
    expect(await refused('x.yaml', text)).toMatch(message);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('G15 knows no merge keys, and no words of YAML 1.1', async () => {
    const { spec } = await imported('x.yaml', 'a: { yes: no, on: "off" }\n<<: { b: 1 }');
    const text = JSON.stringify(spec.resources);
    expect(text).toContain('"yes":{"type":"string"');
    expect(Object.keys(spec.resources['x']?.fields ?? {})).not.toContain('b');
  });

  it('G15 gives a mistake in a spec its line', async () => {
    const text = 'version: 1\nresources:\n  thing:\n    fields:\n      a: { type: strng }\n';
    expect(await refused('x.yaml', text)).toMatch(/x\.yaml:5: .*is not a type/);
  });
});

describe('G16 JSON to import', () => {
  it.each([
    ['{"openapi":"3.1.0","openapi":"3.1.0"}', /written twice/],
    ['{"openapi":"3.1.0","components":{"schemas":{"__proto__":{}}}}', /"__proto__" is refused/],
  ])('G16 %s is refused', async (text, message) => {
    expect(await refused('a.json', text)).toMatch(message);
  });
});

describe('G17 what a document says stays data', () => {
  const evil = '*/ process.exit(1); /* `${1}` {{7*7}} </script> "\' \u2028 \u001b[31m';
  it('G17 each text is a value of the spec, and each name a name', async () => {
    const { spec, notes } = await imported('api.json', {
      openapi: '3.1.0',
      info: { title: evil, description: evil, version: evil },
      servers: [{ url: evil }],
      paths: {
        [`/x/${evil}`]: { get: { operationId: evil } },
        '/things': {
          get: { ...listOf('#/components/schemas/Thing'), operationId: evil, summary: evil },
        },
      },
      components: {
        schemas: {
          Thing: {
            description: evil,
            properties: {
              [evil]: { type: 'string' },
              __evil: { type: 'string', description: evil },
              kind: { enum: ['a', evil.replace(/\p{Cc}/gu, '')] },
              code: { type: 'string', pattern: '^(a+)+$', default: evil },
              text: { type: 'string', format: evil, maxLength: 500, default: evil },
            },
          },
        },
      },
    });
    const fields = spec.resources['thing']?.fields ?? {};
    expect(Object.keys(spec.resources)).toEqual(['thing']);
    for (const name of Object.keys(fields)) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/);
    expect(spec.name).toMatch(/^[a-z0-9-]+$/);
    expect(spec.description).toBe(evil.trim());
    expect(fields['evil']).toEqual({ type: 'string', description: evil.trim() });
    expect(fields['code']).not.toHaveProperty('pattern');
    expect(fields['text']?.default).toBe(evil);
    expect(notes).toContainEqual(expect.stringContaining('its pattern is left out'));
  });
});
