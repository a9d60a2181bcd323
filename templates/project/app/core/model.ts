// A model: the schema of one resource, as data. The API, its validation, filters, indexes and OpenAPI come from it.
import type { Decimal128, ObjectId, UUID } from 'mongodb';
import type { FieldError, FieldSpec, Fields, JsonValue } from './field.ts';
import { fieldTypes } from './types.ts';

/** What each type is in TypeScript, as stored and as services see it. */
interface StoredTypes {
  string: string;
  text: string;
  integer: number;
  number: number;
  decimal: Decimal128;
  boolean: boolean;
  date: Date;
  datetime: Date;
  email: string;
  url: string;
  slug: string;
  uuid: UUID;
  ref: ObjectId;
  json: JsonValue;
  point: { type: 'Point'; coordinates: [number, number] };
  /** A scrypt hash: see `verifyPassword`. */
  password: string;
}

type ItemOf<F> = F extends { type: 'enum'; values: readonly (infer V)[] }
  ? V
  : F extends { type: 'object'; fields: infer N }
    ? ValuesOf<N>
    : F extends { type: infer T extends keyof StoredTypes }
      ? StoredTypes[T]
      : unknown;

type ValueOf<F> = F extends { array: true } ? ItemOf<F>[] : ItemOf<F>;

type ValuesOf<N> = {
  -readonly [K in keyof N as N[K] extends { required: true } ? K : never]: ValueOf<N[K]>;
} & {
  -readonly [K in keyof N as N[K] extends { required: true } ? never : K]?: ValueOf<N[K]>;
};

/** What the server keeps on every document. */
export interface Owned {
  readonly _id: ObjectId;
  readonly _rev: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The fields that the server owns, with the types that the query language uses for them. */
export const ownedFields = {
  _id: { type: 'ref' },
  _rev: { type: 'integer' },
  createdAt: { type: 'datetime' },
  updatedAt: { type: 'datetime' },
} as const satisfies Fields;

/** What model() is given. */
export interface Definition<F extends Fields = Fields> {
  /** Singular and plural in camel case: product, products. */
  readonly name: string;
  readonly plural: string;
  /** Where it is mounted under /api: /order-items. */
  readonly path: string;
  readonly collection: string;
  readonly description?: string;
  readonly fields: F;
  /** `q` uses a text index instead of looking for each term in each search field. */
  readonly search?: 'text';
  /** PUT, PATCH and DELETE without If-Match are refused with 428. */
  readonly requireIfMatch?: true;
  /** POST without Idempotency-Key is refused with 400. */
  readonly requireIdempotencyKey?: true;
}

/** Rules across fields; they see a document whose single fields are valid. */
export type Rules<D> = (document: D) => readonly FieldError[];

/** A model with its document type forgotten: what the core works with. */
export interface Model<F extends Fields = Fields> extends Definition<F> {
  readonly rules?: Rules<never>;
}

/** The document type of a model: `type Product = Stored<typeof product>`. */
export type Stored<M extends { readonly fields: Fields }> = Owned & ValuesOf<M['fields']>;

/** Turns every key that a field descriptor does not have into a type error. */
type Strict<F> = {
  readonly [K in keyof F]: F[K] extends { readonly fields: infer N }
    ? Omit<F[K], 'fields'> & { readonly fields: Strict<N> }
    : { readonly [P in keyof F[K]]: P extends keyof FieldSpec ? F[K][P] : never };
};

/**
 * Items of a list have no identity: what a client does not send back (private) or must not change (read-only) could
 * not be told from one item to the next. Throws for such a model: it is a mistake in the code.
 */
const refuseUnseenItems = (at: string, fields: Fields, inList = false): void => {
  for (const [name, field] of Object.entries(fields)) {
    const path = `${at}.${name}`;
    if (inList && (isPrivate(field) || field.readonly)) {
      throw new Error(`${path} is inside a list, so it can be neither private nor readonly`);
    }
    if (field.fields) refuseUnseenItems(path, field.fields, inList || field.array);
  }
};

/** Declares a model; the descriptor's literal types become the document type. */
export const model = <const F extends Fields>(
  definition: Definition<F> & {
    readonly fields: Strict<F>;
    readonly rules?: Rules<Owned & ValuesOf<F>>;
  },
): Model<F> => {
  refuseUnseenItems(definition.name, definition.fields);
  return definition;
};

/** A field found by its path, and what its ancestors say about it. */
export interface FieldAt {
  readonly path: string;
  readonly field: FieldSpec;
  /** It or an ancestor is an array. */
  readonly many: boolean;
}

/** Every declared path with its field, parents before children; private subtrees are left out on request. */
export const fieldPaths = (
  fields: Fields,
  { privates }: { readonly privates: boolean },
  prefix = '',
  within = false,
): FieldAt[] =>
  Object.entries(fields).flatMap(([name, field]) => {
    if (!privates && isPrivate(field)) return [];
    const path = prefix + name;
    const many = within || field.array === true;
    const inner = field.fields ? fieldPaths(field.fields, { privates }, `${path}.`, many) : [];
    return [{ path, field, many }, ...inner];
  });

/** Passwords are private without saying so. */
export const isPrivate = (field: FieldSpec): boolean =>
  field.private === true || field.type === 'password';

/** All references of a model, or those to one other model. */
export const references = (model: Model, to?: string): FieldAt[] =>
  fieldPaths(model.fields, { privates: true }).filter(
    ({ field }) => field.type === 'ref' && (to === undefined || field.to === to),
  );

/** The models that show a reference to another one, by that one's name. */
export const referringModels = (models: readonly Model[]): ReadonlyMap<string, Model[]> => {
  const referring = new Map<string, Model[]>();
  for (const model of models) {
    const shown = references(model).filter(({ field }) => !isPrivate(field));
    for (const to of new Set(shown.map(({ field }) => field.to ?? '')))
      referring.set(to, [...(referring.get(to) ?? []), model]);
  }
  return referring;
};

/** A field that may be asked for, and how: never a private one. */
export interface Asked extends FieldAt {
  readonly operators: readonly string[];
  readonly sortable: boolean;
}

/** All of them; the id can be compared, unlike other references. */
export const askedFields = (model: Model): Asked[] =>
  fieldPaths({ ...model.fields, ...ownedFields }, { privates: false }).map((at) => {
    const row = fieldTypes[at.field.type];
    const { operators } = at.path === '_id' ? fieldTypes.integer : row;
    const all = at.many && operators.includes('in') ? ['all'] : [];
    return { ...at, operators: [...operators, ...all], sortable: row.sortable && !at.many };
  });

/** The fields that `q` looks into. */
export const searchFields = (model: Model): string[] =>
  fieldPaths(model.fields, { privates: false })
    .filter(({ field }) => field.search && fieldTypes[field.type].operators.includes('contains'))
    .map(({ path }) => path);
