import { exit, UserError } from '../../errors.ts';
import { limits, type FieldSpec, type FieldType, type JsonValue } from '../schema.ts';
import { targetOf } from './infer.ts';
import { lengths, range } from './schema-limits.ts';
import { isObject, objectAt, resolved, type JsonObject } from './pointer.ts';

/** What reading the schemas of one file needs. */
export interface SchemaFile {
  readonly root: JsonObject;
  /** The file, for messages. */
  readonly from: string;
  /** The name of the resource that lies at a pointer: a field that refers there is a ref. */
  readonly resourceAt: Map<string, string>;
  readonly notes: string[];
}

interface Reading {
  readonly file: SchemaFile;
  /** The fields of this resource so far: past the limit nothing is unfolded any more. */
  count: number;
  /** The parts of `allOf` so far: each may double those below it. */
  parts: number;
}

/** How many parts of `allOf` a resource may come to. */
const mostParts = 1000;

/** A place on the way down: its label, and the pointers that lead here, which may not come again. */
interface Place {
  readonly at: string;
  readonly depth: number;
  readonly above: readonly string[];
}

type Fields = Record<string, FieldSpec>;
type Shape = { properties: Map<string, JsonValue>; required: Set<string>; description?: string };

const formats: ReadonlyMap<string, FieldType> = new Map([
  ['date', 'date'],
  ['date-time', 'datetime'],
  ['email', 'email'],
  ['idn-email', 'email'],
  ['uri', 'url'],
  ['url', 'url'],
  ['uuid', 'uuid'],
  ['password', 'password'],
  ['decimal', 'decimal'],
]);

/** The patterns by which the documents of emitted projects say a type that JSON Schema has no format for. */
const patterns: ReadonlyMap<string, FieldType> = new Map([
  ['^[0-9a-fA-F]{24}$', 'ref'],
  ['^[0-9a-f]{24}$', 'ref'],
  ['^[a-f0-9]{24}$', 'ref'],
  ['^[a-z0-9]+(-[a-z0-9]+)*$', 'slug'],
  ['^[a-z0-9]+(?:-[a-z0-9]+)*$', 'slug'],
  ['^-?(0|[1-9]\\d{0,33})(\\.\\d{1,33})?$', 'decimal'],
]);

/**
 * The fields of the object that a schema describes, references and `allOf` followed. What has no counterpart
 * becomes free JSON, with a note. Throws a UserError for a `$ref` that leads outside, to nothing or to itself.
 */
export function objectFields(
  file: SchemaFile,
  schema: JsonValue | undefined,
  name: string,
): { fields: Fields; description?: string } {
  const { schema: own, pointers } = resolved(file.root, schema, file.from);
  const reading: Reading = { file, count: 0, parts: 0 };
  const place: Place = { at: name, depth: 1, above: pointers };
  const shape = shapeOf(own, place, reading);
  const { description } = shape;
  return {
    fields: fieldsOf(shape, place, reading),
    ...(description !== undefined && { description }),
  };
}

/** Whether a schema, references followed, describes an object with named members. */
export function isObjectSchema(file: SchemaFile, schema: JsonValue | undefined): boolean {
  const { schema: own } = resolved(file.root, schema, file.from);
  if (!isObject(own)) return false;
  const parts = own['allOf'];
  return (
    Object.keys(objectAt(own, 'properties') ?? {}).length > 0 ||
    (Array.isArray(parts) &&
      parts.some((part) => {
        const { schema: inner } = resolved(file.root, part as JsonValue, file.from);
        return objectAt(inner, 'properties') !== undefined;
      }))
  );
}

/** The members of an object schema and of all that its `allOf` adds. */
function shapeOf(schema: JsonValue | undefined, place: Place, reading: Reading): Shape {
  const shape: Shape = { properties: new Map(), required: new Set() };
  if (!isObject(schema)) return shape;
  for (const part of listAt(schema, 'allOf')) {
    const { schema: inner, pointers } = resolved(reading.file.root, part, reading.file.from);
    reading.parts += 1;
    if (reading.parts > mostParts)
      throw new UserError(
        exit.usage,
        `${reading.file.from}: ${place.at} is put together of more than ${mostParts} parts`,
      );
    // A part that contains itself adds nothing.
    if (pointers.some((pointer) => place.above.includes(pointer))) continue;
    const above = [...place.above, ...pointers];
    const base = shapeOf(inner, { ...place, above }, reading);
    for (const [name, member] of base.properties) shape.properties.set(name, member);
    for (const name of base.required) shape.required.add(name);
    if (base.description !== undefined) shape.description ??= base.description;
  }
  for (const [name, member] of Object.entries(objectAt(schema, 'properties') ?? {}))
    shape.properties.set(name, member);
  for (const name of listAt(schema, 'required'))
    if (typeof name === 'string') shape.required.add(name);
  if (typeof schema['description'] === 'string') shape.description = schema['description'];
  return shape;
}

function fieldsOf({ properties, required }: Shape, place: Place, reading: Reading): Fields {
  const entries: [string, FieldSpec][] = [];
  for (const [name, schema] of properties) {
    reading.count += 1;
    const field = fieldOf(name, schema, { ...place, at: `${place.at}.${name}` }, reading);
    // Who sets a read-only field is the server, so no client can be required to send it.
    const must = required.has(name) && !(field.readonly && field.default === undefined);
    entries.push([name, must ? { ...field, required: true } : field]);
  }
  return Object.fromEntries(entries);
}

function fieldOf(name: string, written: JsonValue, place: Place, reading: Reading): FieldSpec {
  const { schema: direct, pointers } = resolved(reading.file.root, written, reading.file.from);
  const to = pointers.map((pointer) => reading.file.resourceAt.get(pointer)).find(Boolean);
  if (to !== undefined) return { type: 'ref', to };
  if (pointers.some((pointer) => place.above.includes(pointer)))
    return freeJson(place, 'refers to what it lies in', reading);
  const inner: Place = { ...place, above: [...place.above, ...pointers] };
  const own = isObject(direct) ? onlyChoice(direct) : direct;
  if (!isObject(own)) return { type: 'json' };
  if (own !== direct && typeof own['$ref'] === 'string') return fieldOf(name, own, inner, reading);
  const field = typedField(name, own, inner, reading);
  return { ...field, ...(field.type === 'ref' ? {} : annotations(own, field)) };
}

/** The one schema of `anyOf`, `oneOf` or `allOf` that is not null, together with what stands beside it. */
function onlyChoice(schema: JsonObject): JsonObject {
  for (const word of ['anyOf', 'oneOf', 'allOf']) {
    const choices = listAt(schema, word).filter(
      (choice) => !(isObject(choice) && choice['type'] === 'null'),
    );
    const [only] = choices;
    if (choices.length === 1 && isObject(only) && schema['properties'] === undefined) {
      const { [word]: _choices, ...beside } = schema;
      return { ...beside, ...only };
    }
  }
  return schema;
}

function typedField(name: string, schema: JsonObject, place: Place, reading: Reading): FieldSpec {
  const values = wordsIn(schema);
  if (values !== undefined) return { type: 'enum', values };
  const types = typesOf(schema);
  if (types.length !== 1)
    return freeJson(place, types.length === 0 ? 'has no type' : 'has several types', reading);
  switch (types[0]) {
    case 'string':
      return textField(name, schema);
    case 'integer':
    case 'number':
      return { type: types[0], ...range(schema, types[0]) };
    case 'boolean':
      return { type: 'boolean' };
    case 'array':
      return listField(name, schema, place, reading);
    case 'object':
      return nestedField(schema, place, reading);
    default:
      return freeJson(place, 'has a type that JSON does not have', reading);
  }
}

/** The types of a schema without null; an object or a list need not say that it is one. */
function typesOf(schema: JsonObject): JsonValue[] {
  const said = schema['type'];
  if (said === undefined) {
    if (schema['properties'] !== undefined || schema['allOf'] !== undefined) return ['object'];
    return schema['items'] === undefined ? [] : ['array'];
  }
  return (Array.isArray(said) ? [...(said as readonly JsonValue[])] : [said as JsonValue]).filter(
    (type) => type !== 'null',
  );
}

/** The words of an enum, a constant, or a choice of constants; undefined when they are not all texts. */
function wordsIn(schema: JsonObject): string[] | undefined {
  const choices = [...listAt(schema, 'oneOf'), ...listAt(schema, 'anyOf')];
  const words = Array.isArray(schema['enum'])
    ? listAt(schema, 'enum').filter((value) => value !== null)
    : schema['const'] !== undefined
      ? [schema['const']]
      : choices.map((choice) => (isObject(choice) ? choice['const'] : undefined));
  const texts = words.filter((word) => typeof word === 'string');
  return texts.length > 0 && texts.length === words.length && texts.length <= limits.enumValues
    ? [...new Set(texts)]
    : undefined;
}

function textField(name: string, schema: JsonObject): FieldSpec {
  const { format, pattern, minLength, maxLength } = schema;
  const known =
    (typeof format === 'string' ? formats.get(format) : undefined) ??
    (typeof pattern === 'string' ? patterns.get(pattern) : undefined);
  if (known === 'ref') return { type: 'ref', to: targetOf(name) };
  if (known === 'email' || known === 'url' || known === 'slug')
    return { type: known, ...lengths(minLength, maxLength) };
  if (known !== undefined) return { type: known };
  // "Not blank" is what required says of a text.
  if (pattern === '\\S') return { type: textOrLine(maxLength), ...lengths(undefined, maxLength) };
  return {
    type: textOrLine(maxLength),
    ...lengths(minLength, maxLength),
    ...(typeof pattern === 'string' && { pattern }),
  };
}

function textOrLine(maxLength: JsonValue | undefined): 'text' | 'string' {
  return typeof maxLength === 'number' && maxLength > 255 ? 'text' : 'string';
}

function listField(name: string, schema: JsonObject, place: Place, reading: Reading): FieldSpec {
  const items = schema['items'];
  if (!isObject(items)) return freeJson(place, 'is a list that does not say of what', reading);
  const item = fieldOf(name, items, place, reading);
  if (item.array || item.type === 'json') return { type: 'json' };
  const {
    description: _of,
    default: _value,
    readonly: _readonly,
    private: _private,
    ...rest
  } = item;
  const most = schema['maxItems'];
  const usable = Number.isInteger(most) && Number(most) >= 1 && Number(most) <= limits.items;
  return { ...rest, array: true, ...(usable && { maxItems: Number(most) }) };
}

function nestedField(schema: JsonObject, place: Place, reading: Reading): FieldSpec {
  if (place.depth >= limits.objectDepth) return freeJson(place, 'lies too deep', reading);
  if (reading.count > limits.fields) return freeJson(place, 'is one of too many fields', reading);
  const shape = shapeOf(schema, place, reading);
  if (shape.properties.size === 0) return { type: 'json' };
  return { type: 'object', fields: fieldsOf(shape, { ...place, depth: place.depth + 1 }, reading) };
}

/** What a schema says beside its type. */
function annotations(schema: JsonObject, field: FieldSpec): Partial<FieldSpec> {
  const { description, default: value, readOnly, writeOnly } = schema;
  return {
    ...(typeof description === 'string' && { description }),
    ...(value !== undefined && value !== null && field.type !== 'object' && { default: value }),
    ...(readOnly === true && { readonly: true as const }),
    ...(writeOnly === true && { private: true as const }),
  };
}

function freeJson(place: Place, why: string, { file }: Reading): FieldSpec {
  file.notes.push(`${place.at} ${why}; it is free JSON`);
  return { type: 'json' };
}

function listAt(schema: JsonObject, key: string): readonly JsonValue[] {
  const value = Object.hasOwn(schema, key) ? schema[key] : undefined;
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}
