// Between the wire and the database: JSON values ↔ BSON values, compiled once a model.
import { Decimal128, ObjectId, UUID } from 'mongodb';
import type { FieldSpec, FieldType, Fields } from './field.ts';
import { isPrivate, ownedFields } from './model.ts';

/** A document as the driver gives and takes it. */
export type Doc = { [key: string]: unknown };

/** Decimal128 prints small numbers as 1E-7; the wire has plain digits only. */
const plainDecimal = (value: unknown): string => {
  const text = String(value);
  const parts = /^(-?)(\d+)(?:\.(\d+))?E([+-]\d+)$/.exec(text);
  if (parts === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = ''] = parts;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point >= digits.length) return sign + digits.padEnd(point, '0');
  if (point > 0) return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  return `${sign}0.${digits.padStart(digits.length - point, '0')}`;
};

interface Conversion {
  readonly toStored: (wire: unknown) => unknown;
  readonly toWire: (stored: unknown) => unknown;
}

const toIso = (stored: unknown): string =>
  stored instanceof Date ? stored.toISOString() : String(stored);

const isObject = (value: unknown): value is Doc => typeof value === 'object' && value !== null;

/** The types whose stored form is not their wire form. */
const conversions: { readonly [T in FieldType]?: Conversion } = {
  ref: { toStored: (id) => new ObjectId(String(id)), toWire: String },
  uuid: { toStored: (id) => new UUID(String(id)), toWire: String },
  decimal: { toStored: (text) => Decimal128.fromString(String(text)), toWire: plainDecimal },
  datetime: { toStored: (text) => new Date(String(text)), toWire: toIso },
  date: {
    toStored: (text) => new Date(`${String(text)}T00:00:00Z`),
    toWire: (stored) => toIso(stored).slice(0, 10),
  },
  point: {
    toStored: (coordinates) => ({ type: 'Point', coordinates }),
    toWire: (stored) => (isObject(stored) ? stored.coordinates : stored),
  },
};

/** Applies a conversion to each item, where there are items. */
const each = (convert: (value: unknown) => unknown) => (value: unknown) =>
  Array.isArray(value) ? value.map(convert) : convert(value);

/** The stored form of a field's wire value; undefined when both are the same. */
const storing = (field: FieldSpec): ((wire: unknown) => unknown) | undefined => {
  const item = field.fields ? storedObject(field.fields) : conversions[field.type]?.toStored;
  // A point is an array itself, so only fields that are lists are walked.
  return item && field.array ? each(item) : item;
};

const storedObject = (fields: Fields): ((wire: unknown) => unknown) => {
  const steps = Object.entries(fields).map(([name, field]) => ({ name, convert: storing(field) }));
  return (wire) => {
    const stored: Doc = {};
    if (!isObject(wire)) return wire;
    for (const { name, convert } of steps) {
      const value = wire[name];
      if (value !== undefined) stored[name] = convert ? convert(value) : value;
    }
    return stored;
  };
};

interface Shown {
  /** Private fields too: for merging and comparing, never for an answer. */
  readonly privates: boolean;
}

const wiring = (field: FieldSpec, shown: Shown): ((stored: unknown) => unknown) | undefined => {
  const item = field.fields ? wireObject(field.fields, shown) : conversions[field.type]?.toWire;
  return item && field.array ? each(item) : item;
};

/** A null in the database (only others write it) is a missing field to us. */
const wireObject = (fields: Fields, shown: Shown): ((stored: unknown) => unknown) => {
  const steps = Object.entries(fields)
    .filter(([, field]) => shown.privates || !isPrivate(field))
    .map(([name, field]) => ({ name, convert: wiring(field, shown) }));
  return (stored) => {
    if (!isObject(stored)) return stored;
    const wire: Doc = {};
    for (const { name, convert } of steps) {
      const value = stored[name];
      if (value !== undefined && value !== null) wire[name] = convert ? convert(value) : value;
    }
    return wire;
  };
};

/** The converters of one model. */
export interface Codec {
  /** What a client may see of a stored document. */
  readonly answer: (stored: object) => Doc;
  /** The declared fields, private ones too, in wire form. */
  readonly wire: (stored: Doc) => Doc;
  /** The declared fields of a valid wire document, in stored form. */
  readonly store: (wire: Doc) => Doc;
}

const asDoc = (convert: (value: unknown) => unknown) => (value: object) => {
  const result = convert(value);
  return isObject(result) ? result : {};
};

/** Compiles the converters of a model. */
export const codec = ({ fields }: { readonly fields: Fields }): Codec => {
  const { _id, ...owned } = ownedFields;
  const visible = asDoc(wireObject({ _id, ...fields, ...owned }, { privates: false }));
  return {
    answer: (stored) => {
      const wire = visible(stored);
      // A document made outside the API has no revision yet.
      return wire._rev === undefined ? { ...wire, _rev: 0 } : wire;
    },
    wire: asDoc(wireObject(fields, { privates: true })),
    store: asDoc(storedObject(fields)),
  };
};

/** The stored form of one item of a field, for filters and cursors. */
export const storedItem = (field: FieldSpec, wire: unknown): unknown =>
  conversions[field.type]?.toStored(wire) ?? wire;
