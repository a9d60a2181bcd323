// What the rows of the type table are made of: the interface of a row, and builders for text-like and numeric types.
import * as z from 'zod';
import { oneOf, type Check } from './checks.ts';
import { json as jsonCheck, point as pointCheck } from './checks-values.ts';
import type { FieldSpec, JsonSchema, JsonValue } from './field.ts';

const equality = ['eq', 'ne', 'in', 'nin', 'exists'] as const;
const ordered = [...equality, 'gt', 'gte', 'lt', 'lte'] as const;
const textual = [...ordered, 'contains', 'startsWith'] as const;

/** What may be asked of a field in the query string; `all` is for arrays. */
export type Operator = (typeof textual)[number] | 'all';

/** The type in a sentence, for one value and for a list of them. */
export type Words = readonly [one: string, many: string];

/** One field type. Values are wire values: what JSON carries. */
export interface TypeRow {
  /** The type in a sentence: "Price must be a number", "Tags must contain text only". */
  readonly one: string;
  readonly many: string;
  readonly operators: readonly Operator[];
  /** Whether lists may be sorted by it. */
  readonly sortable: boolean;
  readonly zod: (field: FieldSpec) => z.ZodType;
  /** Not of what is made of other values: see openapi-fields.ts. */
  readonly jsonSchema?: (field: FieldSpec) => JsonSchema;
  readonly bsonSchema: (field: FieldSpec) => JsonSchema;
  /** The n-th valid value, different for different n wherever the type has room. */
  readonly sample: (field: FieldSpec, n: number) => JsonValue;
  /** Values that must be refused. */
  readonly invalid: (field: FieldSpec) => readonly JsonValue[];
}

/** How a type is checked and described. */
export type Schemas = Pick<TypeRow, 'zod' | 'jsonSchema' | 'bsonSchema'>;

/** How a type is asked for and sorted. */
export const asText = { operators: textual, sortable: true };
export const asOrdered = { operators: ordered, sortable: true };
export const asEqual = { operators: equality, sortable: true };
export const asOpaque = { operators: ['exists'], sortable: false } as const;
export const asSecret = { operators: [], sortable: false };

/** A zod type with a check of ours on top: zod knows the kind of value, the check has the sentence. */
export const checked = <T>(type: z.ZodType<T>, check: Check<T>): z.ZodType<T> =>
  type.check((context) => {
    const violation = check(context.value);
    if (violation === undefined) return;
    const { code, text } = violation;
    context.issues.push({ code: 'custom', input: context.value, message: text, params: { code } });
  });

/** A schema of only those keywords that have a value. */
const schemaOf = (keywords: { readonly [k: string]: JsonValue | undefined }): JsonSchema => {
  const schema: JsonSchema = {};
  for (const [keyword, value] of Object.entries(keywords)) {
    if (value !== undefined) schema[keyword] = value;
  }
  return schema;
};

interface TextOptions {
  /** The longest text when the field says nothing; absent for types whose form fixes the length. */
  readonly max?: number;
  readonly keywords?: JsonSchema;
  /** How it is stored, when not as text. */
  readonly bsonType?: string;
}

/** A type that travels as a JSON string. */
export const string = (
  check: (field: FieldSpec) => Check<string>,
  { max, keywords = {}, bsonType }: TextOptions,
) => {
  const limits = ({ minLength, maxLength, pattern, required, array }: FieldSpec): JsonSchema => {
    if (max === undefined) return {};
    const notBlank = required && !array && keywords.pattern === undefined ? '\\S' : undefined;
    return schemaOf({
      minLength: minLength ?? (notBlank && 1),
      maxLength: maxLength ?? max,
      pattern: pattern ?? notBlank,
    });
  };
  return {
    zod: (field: FieldSpec) => checked(z.string(), check(field)),
    jsonSchema: (field: FieldSpec): JsonSchema => ({
      type: 'string',
      ...keywords,
      ...limits(field),
    }),
    bsonSchema: (field: FieldSpec): JsonSchema =>
      bsonType === undefined ? { bsonType: 'string', ...limits(field) } : { bsonType },
  };
};

/** A type that travels as a JSON number. Integers say their safe range, so that clients know it too. */
export const numeric = (
  type: 'number' | 'integer',
  check: (field: FieldSpec) => Check<number>,
) => ({
  zod: (field: FieldSpec) => checked(z.number(), check(field)),
  jsonSchema: ({ min, max }: FieldSpec): JsonSchema =>
    schemaOf({
      type,
      minimum: min ?? (type === 'integer' ? Number.MIN_SAFE_INTEGER : undefined),
      maximum: max ?? (type === 'integer' ? Number.MAX_SAFE_INTEGER : undefined),
    }),
  bsonSchema: ({ min, max }: FieldSpec): JsonSchema =>
    schemaOf({
      bsonType: type === 'integer' ? ['int', 'long', 'double'] : 'number',
      minimum: min,
      maximum: max,
    }),
});

export const boolean: Schemas = {
  zod: () => z.boolean(),
  jsonSchema: () => ({ type: 'boolean' }),
  bsonSchema: () => ({ bsonType: 'bool' }),
};

export const choice: Schemas = {
  zod: ({ values = [] }) => checked(z.string(), oneOf(values)),
  jsonSchema: ({ values = [] }) => ({ type: 'string', enum: [...values] }),
  bsonSchema: ({ values = [] }) => ({ enum: [...values] }),
};

export const json: Schemas = {
  zod: () => checked<unknown>(z.unknown(), jsonCheck),
  bsonSchema: () => ({}),
};

export const point: Schemas = {
  zod: () => checked(z.tuple([z.number(), z.number()]), pointCheck),
  bsonSchema: () => ({ bsonType: 'object' }),
};
