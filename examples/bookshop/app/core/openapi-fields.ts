// The JSON Schema of one field as the API takes it: all that its check demands and a schema can say.
import type { FieldSpec, Fields, JsonSchema } from './field.ts';
import { fieldTypes } from './types.ts';

/** Where the shared schemas stand: components of an OpenAPI document, or definitions of a JSON Schema. */
export type Place = '#/components/schemas' | '#/$defs';

const label = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?';

/** The form of a text, whatever else the field asks for. */
const forms: { readonly [type: string]: string } = {
  string: '^[^\\r\\n]*$',
  email: `^[A-Za-z0-9_.!#$%&'*+/=?^\`{|}~-]{1,64}@${label}(\\.${label})+$`,
  url: '^[hH][tT][tT][pP][sS]?://[^\\s\\\\]+$',
  slug: '^[a-z0-9]+(-[a-z0-9]+)*$',
  // At most 34 significant digits: those that Decimal128 keeps.
  decimal: '^-?(?!(\\d\\.?){35})(0|[1-9]\\d{0,33})(\\.\\d{1,33})?$',
  datetime: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$',
};

/** A required text is not blank. */
const filled: { readonly [type: string]: string } = {
  string: '^[^\\r\\n]*\\S[^\\r\\n]*$',
  text: '\\S',
  password: '\\S',
};

const formOf = ({ type, required, array }: FieldSpec): string | undefined =>
  (required && !array ? filled[type] : undefined) ?? forms[type];

/** Texts carry the pattern of the field and the form of the type. */
const textSchema = (field: FieldSpec, schema: JsonSchema): JsonSchema => {
  const form = formOf(field);
  if (form === undefined) return schema;
  const own = fieldTypes[field.type].operators.includes('contains') ? field.pattern : undefined;
  return own === undefined
    ? { ...schema, pattern: form }
    : { ...schema, pattern: own, allOf: [{ pattern: form }] };
};

/** Limits that no keyword can express, in words. */
const limits = ({ type, min, max }: FieldSpec): string[] =>
  type === 'decimal' || type === 'date' || type === 'datetime'
    ? [
        ...(min === undefined ? [] : [`at least ${min}`]),
        ...(max === undefined ? [] : [`at most ${max}`]),
      ]
    : [];

const itemSchema = (field: FieldSpec, place: Place, defaults: boolean): JsonSchema => {
  const { type, fields = {}, minLength = 8 } = field;
  if (type === 'json' || type === 'point') return { $ref: `${place}/${type}` };
  if (type === 'object') return objectSchema(fields, place, defaults && !field.array);
  const text = textSchema(field, fieldTypes[type].jsonSchema?.(field) ?? {});
  return type === 'password' ? { ...text, minLength } : text;
};

/** The wire value of a field, arrays included. See objectSchema for `defaults`. */
export const wireSchema = (field: FieldSpec, place: Place, defaults = true): JsonSchema => {
  const { array, description, maxItems = 100 } = field;
  const item = itemSchema(field, place, defaults);
  const words = [description, ...limits(field)].filter((each) => each !== undefined).join('; ');
  return {
    ...(array ? { type: 'array', items: item, maxItems } : item),
    ...(words !== '' && { description: words }),
  };
};

/**
 * An object of these fields and no others. With `defaults`, a required field that has one may be left out; inside lists
 * none are filled in.
 */
export const objectSchema = (fields: Fields, place: Place, defaults = true): JsonSchema => {
  const required = Object.keys(fields).filter(
    (name) => fields[name]?.required && !(defaults && fields[name].default !== undefined),
  );
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, wireSchema(field, place, defaults)]),
    ),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
};

/** The types whose schema is shared: free JSON without keys that are dangerous somewhere, and points. */
export const sharedSchemas = (place: Place): { [name: string]: JsonSchema } => {
  const inner: JsonSchema = { anyOf: [{ $ref: `${place}/json` }, { type: 'null' }] };
  const degrees = (most: number) => ({ type: 'number', minimum: -most, maximum: most });
  return {
    json: {
      description: 'Any JSON but null, at most 200 keys and 8 levels of nesting in the whole body',
      type: ['object', 'array', 'string', 'number', 'boolean'],
      propertyNames: {
        pattern: '^(?!(__proto__|constructor|prototype|_bsontype)$)([^$.\\u0000][^.\\u0000]*)?$',
      },
      additionalProperties: inner,
      maxProperties: 200,
      items: inner,
    },
    point: {
      description: '[longitude, latitude]',
      type: 'array',
      prefixItems: [degrees(180), degrees(90)],
      minItems: 2,
      maxItems: 2,
    },
  };
};
