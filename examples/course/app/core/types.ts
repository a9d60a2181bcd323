// The one table of field types: how each is checked, described, sampled, queried and edited.
import * as z from 'zod';
import * as check from './checks.ts';
import * as values from './checks-values.ts';
import type { FieldSpec, FieldType, Fields, JsonObject, JsonSchema, JsonValue } from './field.ts';
import { asEqual, asOpaque, asOrdered, asSecret, asText } from './kinds.ts';
import { boolean, choice, json, numeric, point, string } from './kinds.ts';
import type { Schemas, TypeRow, Words } from './kinds.ts';
import { samples, type Samples } from './samples.ts';

export type { FieldSpec, FieldType, Fields, JsonObject, JsonSchema, JsonValue } from './field.ts';
export type { Operator, TypeRow } from './kinds.ts';

type Use = Pick<TypeRow, 'operators' | 'sortable'>;

/** [one, many], how it is queried, valid and invalid values, zod and schemas. */
const row = ([one, many]: Words, use: Use, values: Samples, schemas: Schemas): TypeRow => ({
  one,
  many,
  ...use,
  ...values,
  ...schemas,
});

const slugText = '^[a-z0-9]+(-[a-z0-9]+)*$';
const idText = '^[0-9a-fA-F]{24}$';
const urlText = '^[hH][tT][tT][pP][sS]?://';

const object: Schemas = {
  zod: ({ fields = {} }) => shapeOf(fields),
  bsonSchema: ({ fields = {} }) => {
    const required = Object.keys(fields).filter((name) => fields[name]?.required);
    const properties = Object.entries(fields).map(([name, field]) => [name, bsonSchemaOf(field)]);
    return {
      bsonType: 'object',
      properties: Object.fromEntries(properties) as JsonSchema,
      ...(required.length > 0 && { required }),
    };
  },
};

/** Every field type, once. */
export const fieldTypes: Readonly<Record<FieldType, TypeRow>> = {
  string: row(['text', 'text'], asText, samples.string, string(check.line, { max: 255 })),
  text: row(['text', 'text'], asText, samples.text, string(check.text, { max: 10_000 })),
  integer: row(
    ['a whole number', 'whole numbers'],
    asOrdered,
    samples.integer,
    numeric('integer', values.integer),
  ),
  number: row(['a number', 'numbers'], asOrdered, samples.number, numeric('number', values.number)),
  decimal: row(
    ['a decimal number in quotes', 'decimal numbers in quotes'],
    asOrdered,
    samples.decimal,
    string(values.decimal, { bsonType: 'decimal' }),
  ),
  boolean: row(['true or false', 'true or false'], asEqual, samples.boolean, boolean),
  date: row(
    ['a date like 2026-01-31', 'dates like 2026-01-31'],
    asOrdered,
    samples.date,
    string(values.date, { keywords: { format: 'date' }, bsonType: 'date' }),
  ),
  datetime: row(
    ['a time like 2026-01-31T12:00:00Z', 'times like 2026-01-31T12:00:00Z'],
    asOrdered,
    samples.datetime,
    string(values.datetime, { keywords: { format: 'date-time' }, bsonType: 'date' }),
  ),
  email: row(
    ['an email address', 'email addresses'],
    asText,
    samples.email,
    string(check.email, { max: 254, keywords: { format: 'email' } }),
  ),
  url: row(
    ['a URL', 'URLs'],
    asText,
    samples.url,
    string(check.url, { max: 2048, keywords: { format: 'uri', pattern: urlText } }),
  ),
  slug: row(
    ['lower-case words joined by "-"', 'words joined by "-"'],
    asText,
    samples.slug,
    string(check.slug, { max: 255, keywords: { pattern: slugText } }),
  ),
  uuid: row(
    ['a UUID', 'UUIDs'],
    asEqual,
    samples.uuid,
    string(check.uuid, { keywords: { format: 'uuid' }, bsonType: 'binData' }),
  ),
  ref: row(
    ['an id of 24 hexadecimal digits', 'ids of 24 hexadecimal digits'],
    asEqual,
    samples.ref,
    string(check.ref, { keywords: { pattern: idText }, bsonType: 'objectId' }),
  ),
  enum: row(['one of the words', 'the words allowed'], asEqual, samples.enum, choice),
  object: row(
    ['an object', 'objects'],
    asOpaque,
    {
      sample: ({ fields = {} }, n) => sampleObject(fields, n),
      invalid: () => ['text', 7, [1], { unheardOf: 1 }],
    },
    object,
  ),
  json: row(['a JSON value', 'JSON values'], asOpaque, samples.json, json),
  point: row(['[longitude, latitude]', 'points'], asOpaque, samples.point, point),
  password: row(
    ['text', 'text'],
    asSecret,
    samples.password,
    string(check.password, { max: 128, bsonType: 'string' }),
  ),
};

/** The zod type of one field's wire value, arrays included; `shapeOf` decides whether it may be absent. */
export function zodOf(field: FieldSpec): z.ZodType {
  const item = fieldTypes[field.type].zod(field);
  return field.array ? z.array(item).max(field.maxItems ?? 100) : item;
}

/** Only these fields, the required ones present. */
export function shapeOf(fields: Fields): z.ZodType {
  const shape = Object.entries(fields).map(([name, field]): [string, z.ZodType] => [
    name,
    field.required ? zodOf(field) : zodOf(field).optional(),
  ]);
  return z.strictObject(Object.fromEntries(shape));
}

/** The field in the dialect of MongoDB's $jsonSchema, of its stored form. */
function bsonSchemaOf(field: FieldSpec): JsonSchema {
  const items = fieldTypes[field.type].bsonSchema(field);
  return field.array ? { bsonType: 'array', items, maxItems: field.maxItems ?? 100 } : items;
}

/** The n-th valid value of the field, arrays included. References are made-up ids. */
export function sampleOf(field: FieldSpec, n: number): JsonValue {
  const value = fieldTypes[field.type].sample(field, n);
  return field.array ? [value] : value;
}

/** A whole valid object of these fields; read-only ones are left out. */
export function sampleObject(fields: Fields, n: number): JsonObject {
  const writable = Object.entries(fields).filter(([, field]) => !field.readonly);
  return Object.fromEntries(writable.map(([name, field]) => [name, sampleOf(field, n)]));
}

/** Values that the field refuses. */
export function invalidOf(field: FieldSpec): readonly JsonValue[] {
  const items = fieldTypes[field.type].invalid(field);
  return field.array ? ['not a list', ...items.map((item) => [item])] : items;
}
