// The schemas of the description against the checks of the API: neither takes what the other refuses.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import type { FieldSpec, FieldType, Fields } from '../../../templates/project/app/core/field.ts';
import type { Model } from '../../../templates/project/app/core/model.ts';
import { sharedSchemas, wireSchema } from '../../../templates/project/app/core/openapi-fields.ts';
import {
  embedList,
  nameLists,
  searchBody,
} from '../../../templates/project/app/core/openapi-query.ts';
import { modelSchema } from '../../../templates/project/app/core/openapi-schemas.ts';
import { openapi } from '../../../templates/project/app/core/openapi.ts';
import { validator, withDefaults } from '../../../templates/project/app/core/schema.ts';
import {
  fieldTypes,
  invalidOf,
  sampleOf,
  zodOf,
} from '../../../templates/project/app/core/types.ts';

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0] & object;

const sink = JSON.parse(
  readFileSync(new URL('../../../templates/examples/kitchen-sink.json', import.meta.url), 'utf8'),
) as { resources: Record<string, Partial<Model> & { fields: Fields }> };
const models = Object.entries(sink.resources).map(([name, resource]): Model => ({
  name,
  plural: `${name}s`,
  path: `/${name}s`,
  collection: `${name}s`,
  ...resource,
}));
const specimen = models.find(({ name }) => name === 'specimen') as Model;

const compiled = (field: FieldSpec) =>
  z.fromJSONSchema({
    ...wireSchema(field, '#/$defs'),
    $defs: sharedSchemas('#/$defs'),
  } as JsonSchema);

/** Limits of decimals and dates are in words only. */
const saidInWords = (field: FieldSpec): FieldSpec => {
  const { min: _min, max: _max, ...rest } = field;
  return ['decimal', 'date', 'datetime'].includes(field.type) ? rest : field;
};

test.each(Object.entries(specimen.fields))('%s is described as it is checked', (_name, given) => {
  const field = saidInWords(given);
  const described = compiled(field);
  const checked = zodOf(field);
  for (const n of [1, 2, 7]) expect(described.safeParse(sampleOf(field, n)).success).toBe(true);
  for (const value of invalidOf(field)) {
    // Dangerous keys are refused with the whole body, before any field is looked at.
    const accepted = field.type !== 'json' && checked.safeParse(value).success;
    expect([value, described.safeParse(value).success]).toEqual([value, accepted]);
  }
});

const texts = [
  '',
  ' ',
  'x',
  'two\nlines',
  'ends\n',
  '\u00a0',
  '0',
  '-0',
  '00',
  '1.5',
  '1.',
  '.5',
  '-12.30',
  '1e3',
  `${'9'.repeat(34)}`,
  `${'9'.repeat(35)}`,
  `${'9'.repeat(34)}.1`,
  `0.${'1'.repeat(33)}`,
  `0.${'1'.repeat(34)}`,
  '2026-01-31',
  '2026-01-31T12:00:00Z',
  '2026-01-31t12:00:00Z',
  '2026-01-31T12:00:00z',
  '2026-01-31T12:00Z',
  '2026-01-31T12:00:60Z',
  '2026-01-31T12:00:00.123456789+01:00',
  '2026-01-31T12:00:00',
  'a@b.co',
  'a@b',
  'ä@b.co',
  'a@-b.co',
  'a b@c.de',
  'A.b+c@d-e.fg',
  'a@b.co\n',
  'http://a',
  'HTTP://a/b',
  'https://a b',
  'https://a\\b',
  'ftp://a',
  'a-b',
  'a--b',
  'A-b',
  '-a',
  'x'.repeat(254),
  'x'.repeat(255),
  'x'.repeat(256),
];

test.each(['string', 'text', 'decimal', 'datetime', 'email', 'slug', 'password'] as FieldType[])(
  'a %s takes the same texts by its description and by its check',
  (type) => {
    for (const required of [true, undefined]) {
      const field: FieldSpec = { type, ...(required && { required }) };
      for (const value of texts) {
        const described = compiled(field).safeParse(value).success;
        expect([required, value, described]).toEqual([
          required,
          value,
          zodOf(field).safeParse(value).success,
        ]);
      }
    }
  },
);

test('a required field with a default may be left out, as the API fills it in', () => {
  const fields: Fields = {
    count: { type: 'integer', required: true, default: 1 },
    size: { type: 'object', fields: { unit: { type: 'string', required: true, default: 'cm' } } },
    parts: {
      type: 'object',
      array: true,
      fields: { n: { type: 'integer', required: true, default: 1 } },
    },
  };
  const model: Model = {
    name: 'box',
    plural: 'boxes',
    path: '/boxes',
    collection: 'boxes',
    fields,
  };
  const described = z.fromJSONSchema(modelSchema(model) as JsonSchema);
  const check = validator(fields);
  for (const body of [{}, { size: {} }, { parts: [{}] }, { parts: [{ n: 2 }] }]) {
    const accepted = check(withDefaults(fields, body)).length === 0;
    expect([body, described.safeParse(body).success]).toEqual([body, accepted]);
  }
});

test('lists of names hold declared names only', () => {
  const { sort, fields } = nameLists(specimen);
  const matches = ({ pattern }: { pattern?: unknown }, text: string) =>
    new RegExp(String(pattern), 'u').test(text);
  expect(matches(sort, '-price,name')).toBe(true);
  expect(matches(sort, 'price,')).toBe(false);
  expect(matches(sort, 'tags')).toBe(false);
  expect(matches(sort, 'name,price,count,slug')).toBe(false);
  expect(matches(fields, 'name,size.width')).toBe(true);
  expect(matches(fields, '-tags,-moods')).toBe(true);
  expect(matches(fields, 'name,-tags')).toBe(false);
  expect(matches(fields, 'sizeXwidth')).toBe(false);
  expect(matches(fields, 'remark')).toBe(false);
  expect(embedList(specimen)).toBeUndefined();
});

test('the body of a search takes each operator that the field has, alone and in an or-group', () => {
  const { properties = {}, patternProperties = {} } = searchBody(specimen) as {
    properties?: Record<string, unknown>;
    patternProperties?: Record<string, unknown>;
  };
  const known = (name: string) =>
    name in properties ||
    Object.keys(patternProperties).some((key) => new RegExp(key, 'u').test(name));
  for (const [name, { type, array }] of Object.entries(specimen.fields)) {
    const hidden = name === 'remark' || type === 'password';
    const { operators } = fieldTypes[type];
    for (const operator of ['eq', 'gte', 'in', 'all', 'contains', 'exists', 'where']) {
      const taken =
        !hidden &&
        (operators.some((each) => each === operator) ||
          (operator === 'all' && array === true && operators.includes('in')));
      for (const form of [`${name}[${operator}]`, `or[0][${name}][${operator}]`]) {
        expect([form, known(form)]).toEqual([form, taken]);
      }
    }
  }
  expect(known('count')).toBe(true);
  expect(known('or[0][name]')).toBe(true);
  expect(known('or[10][name]')).toBe(false);
  expect(known('name]')).toBe(false);
});

test('every answer has a schema that the emitted conformance suite can compile', () => {
  const { components } = openapi(models, { title: 'Sink', version: '1.0.0' }) as {
    components: { schemas: Record<string, object> };
  };
  const $defs = JSON.parse(
    JSON.stringify(components.schemas).replaceAll('#/components/schemas/', '#/$defs/'),
  ) as Record<string, object>;
  for (const name of Object.keys($defs).filter((each) => /Page$|List$|Problem$/.test(each))) {
    const schema = z.fromJSONSchema({ $ref: `#/$defs/${name}`, $defs } as JsonSchema);
    expect([name, schema.safeParse({ data: 'none' }).success]).toEqual([name, false]);
  }
});

test('the document grows with the number of resources, not with its square', () => {
  const many = (count: number): Model[] =>
    Array.from({ length: count }, (_, i) => ({
      ...(models[0] as Model),
      name: `thing${i}`,
      plural: `things${i}`,
      path: `/things${i}`,
    }));
  const size = (count: number) =>
    JSON.stringify(openapi(many(count), { title: 'Many', version: '1.0.0' })).length;
  expect(size(40) / size(20)).toBeLessThan(2.1);
});
