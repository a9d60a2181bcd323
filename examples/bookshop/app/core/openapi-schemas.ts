// The schemas of the OpenAPI description: what each resource answers and takes.
import type { FieldSpec, Fields, JsonObject, JsonSchema } from './field.ts';
import { isPrivate, type Model } from './model.ts';
import { objectSchema, sharedSchemas, wireSchema } from './openapi-fields.ts';
import { searchBody } from './openapi-query.ts';
import { sampleObject } from './types.ts';

const components = '#/components/schemas';
export const ref = (name: string): JsonObject => ({ $ref: `${components}/${name}` });

const id: JsonSchema = { type: 'string', pattern: '^[0-9a-f]{24}$' };
const time: JsonSchema = { type: 'string', format: 'date-time' };
const revision: JsonSchema = { type: 'integer', minimum: 0 };

const only = (fields: Fields, keep: (field: FieldSpec) => boolean): Fields =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, field]) => keep(field))
      .map(([name, field]) => [
        name,
        field.fields ? { ...field, fields: only(field.fields, keep) } : field,
      ]),
  );

/** What clients see of a document, and what they send. */
const visible = (fields: Fields): Fields => only(fields, (field) => !isPrivate(field));
const writable = (fields: Fields): Fields => only(fields, (field) => !field.readonly);

const mapped = (fields: Fields, schema: (field: FieldSpec) => JsonSchema): JsonObject =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schema(field)]));

const withDefault = (field: FieldSpec, schema: JsonSchema): JsonSchema =>
  field.default === undefined ? schema : { ...schema, default: field.default as never };

/** The JSON Schema (2020-12) of a document to be written. */
export const modelSchema = (model: Model): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: model.name,
  ...objectSchema(model.fields, '#/$defs'),
  properties: mapped(model.fields, (field) => ({
    ...withDefault(field, wireSchema(field, '#/$defs')),
    ...(isPrivate(field) && { writeOnly: true }),
    ...(field.readonly && { readOnly: true }),
  })),
  $defs: sharedSchemas('#/$defs'),
});

/** An answered document; fields may be missing when `fields=` or an older document leaves them out. */
const answered = (model: Model): JsonSchema => ({
  type: 'object',
  properties: {
    _id: id,
    ...mapped(visible(model.fields), answeredField),
    _rev: revision,
    createdAt: time,
    updatedAt: time,
  },
  required: ['_id', '_rev'],
});

/** A reference is an id, or with `embed` the document itself, or null when that is gone. */
const answeredField = (field: FieldSpec): JsonSchema => {
  const { type, array, fields = {} } = field;
  if (type !== 'ref' && type !== 'object') return wireSchema(field, components);
  const item: JsonSchema =
    type === 'ref'
      ? { anyOf: [id, { type: ['object', 'null'] }] }
      : { type: 'object', properties: mapped(fields, answeredField) };
  return array ? { type: 'array', items: item } : item;
};

/** A merge patch: every member may be left out, and null removes those that are not required. */
const patchOf = (fields: Fields): JsonSchema => ({
  type: 'object',
  properties: mapped(fields, (field) => {
    const schema =
      field.fields && !field.array ? patchOf(field.fields) : wireSchema(field, components);
    return field.required ? schema : { anyOf: [schema, { type: 'null' }] };
  }),
  additionalProperties: false,
});

/** `orderItem` → `OrderItem` */
export const schemaName = ({ name }: Model): string => name.charAt(0).toUpperCase() + name.slice(1);

const listOf = (name: string, meta: JsonSchema): JsonSchema => ({
  type: 'object',
  properties: { data: { type: 'array', items: ref(name) }, meta },
  required: ['data', 'meta'],
});

const inserted: JsonSchema = {
  type: 'object',
  properties: { inserted: { type: 'integer', minimum: 1 } },
  required: ['inserted'],
};

/** Product, ProductInput, ProductPatch, ProductQuery, ProductPage, and ProductList for those created together. */
export const modelSchemas = (model: Model): JsonObject => {
  const name = schemaName(model);
  const input = writable(model.fields);
  // An optional reference to a document that does not exist would spoil the example.
  const shown = only(
    input,
    (field) => field.required === true || !(isPrivate(field) || field.type === 'ref'),
  );
  const schema = objectSchema(input, components);
  return {
    [name]: answered(model),
    [`${name}Input`]: {
      ...schema,
      properties: mapped(input, (field) => withDefault(field, wireSchema(field, components))),
      example: sampleObject(shown, 1),
    },
    [`${name}Patch`]: patchOf(input),
    [`${name}Query`]: searchBody(model),
    [`${name}Page`]: listOf(name, ref('pageMeta')),
    [`${name}List`]: listOf(name, inserted),
  };
};
