// Brings the database in line with the models (collections, validators, indexes), and says where it is not. Nothing is dropped.
import { MongoServerError, type IndexOptions, type IndexDirection } from 'mongodb';
import type { Context } from './context.ts';
import type { JsonSchema } from './field.ts';
import { idempotencyCollection } from './idempotency.ts';
import { fieldPaths, searchFields, type Model } from './model.ts';
import { fieldTypes } from './types.ts';

/** One difference between the models and the database. */
export interface Drift {
  readonly collection: string;
  readonly kind:
    | 'collection missing'
    | 'index missing'
    | 'index unknown'
    | 'index differs'
    | 'validator differs';
  readonly detail: string;
}

interface Index {
  readonly name: string;
  readonly key: { readonly [path: string]: IndexDirection };
  readonly options: IndexOptions;
}

/**
 * Indexes for unique, index and ref fields and points, `_id` behind each so that sorted pages need no sort in memory,
 * and a text index where the model searches by one.
 */
export const indexesOf = (model: Model): Index[] => {
  const fields = fieldPaths(model.fields, { privates: true }).flatMap(
    ({ path, field, many }): Index[] => {
      if (field.unique) {
        // Documents without the field do not collide with each other.
        const partialFilterExpression = { [path]: { $exists: true } };
        return [
          {
            name: `${path}_unique`,
            key: { [path]: 1 },
            options: { unique: true, ...(!field.required && { partialFilterExpression }) },
          },
        ];
      }
      if (field.type === 'point')
        return [{ name: `${path}_2dsphere`, key: { [path]: '2dsphere' }, options: {} }];
      if (field.index || field.type === 'ref') {
        return [
          { name: `${path}_1`, key: many ? { [path]: 1 } : { [path]: 1, _id: 1 }, options: {} },
        ];
      }
      return [];
    },
  );
  const searched = model.search === 'text' ? searchFields(model) : [];
  if (searched.length === 0) return fields;
  const key = Object.fromEntries(searched.map((path): [string, IndexDirection] => [path, 'text']));
  return [...fields, { name: 'search_text', key, options: {} }];
};

/** The $jsonSchema of a model's stored documents. */
export const databaseSchema = ({ fields }: Model): JsonSchema =>
  fieldTypes.object.bsonSchema({ type: 'object', fields });

/** A collection, and what it should have. */
export interface Kept {
  readonly collection: string;
  readonly indexes: readonly Index[];
  readonly validator?: JsonSchema;
}

const targetsOf = ({ models, collections = [] }: Context): Kept[] => [
  ...models.map((model) => ({
    collection: model.collection,
    indexes: indexesOf(model),
    validator: { $jsonSchema: databaseSchema(model) },
  })),
  {
    collection: idempotencyCollection,
    indexes: [{ name: 'expires', key: { expiresAt: 1 }, options: { expireAfterSeconds: 0 } }],
  },
  ...collections,
];

/** JSON with sorted keys, so that two spellings of one thing are equal. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** The parts of an index that make a difference; a text index lists its fields as weights. */
const signature = (index: { readonly [option: string]: unknown }): string => {
  const { key, weights, unique = false, expireAfterSeconds, partialFilterExpression } = index;
  const isText = typeof key === 'object' && key !== null && Object.values(key).includes('text');
  const texts = isText ? Object.fromEntries(Object.keys(key).map((path) => [path, 1])) : undefined;
  const words = weights ?? texts;
  // The order of the keys matters, so it is part of the text; that of options does not, nor that of weights, which
  // the server sorts by name.
  const keys = words === undefined ? JSON.stringify(key) : canonical(words);
  return keys + canonical({ unique, expireAfterSeconds, partialFilterExpression });
};

const compareIndexes = async ({ db }: Context, target: Kept): Promise<Drift[]> => {
  const { collection, indexes } = target;
  const present = await db.collection(collection).indexes();
  const wanted = new Map(indexes.map((index) => [index.name, index]));
  const unknown = present.flatMap(({ name }): Drift[] =>
    name === undefined || name === '_id_' || wanted.has(name)
      ? []
      : [{ collection, kind: 'index unknown', detail: `${name} is in the database only` }],
  );
  const wrong = indexes.flatMap(({ name, key, options }): Drift[] => {
    const found = present.find((index) => index.name === name);
    if (!found) return [{ collection, kind: 'index missing', detail: name }];
    const equal = signature(found) === signature({ key, ...options });
    return equal
      ? []
      : [{ collection, kind: 'index differs', detail: `${name}: drop it, then sync again` }];
  });
  return [...unknown, ...wrong];
};

/** Where the database is not as the models say. Reads only. */
export const drift = async (context: Context): Promise<Drift[]> => {
  const existing = await context.db.listCollections().toArray();
  const found = targetsOf(context).map(async (target): Promise<Drift[]> => {
    const { collection, validator } = target;
    const info = existing.find(({ name }) => name === collection);
    if (!info) return [{ collection, kind: 'collection missing', detail: 'run npm run db:sync' }];
    const options: unknown = 'options' in info ? info.options : undefined;
    const current =
      typeof options === 'object' && options !== null && 'validator' in options
        ? options.validator
        : undefined;
    const differs = validator !== undefined && canonical(current) !== canonical(validator);
    const changed: Drift[] = differs
      ? [{ collection, kind: 'validator differs', detail: 'run npm run db:sync' }]
      : [];
    return [...changed, ...(await compareIndexes(context, target))];
  });
  return (await Promise.all(found)).flat();
};

/** Creates what is missing and updates validators; existing indexes stay. Returns what is still different. */
export const syncDatabase = async (context: Context): Promise<Drift[]> => {
  const { db } = context;
  const existing = new Set(
    (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
  );
  for (const { collection, validator, indexes } of targetsOf(context)) {
    const rules = validator && { validator, validationLevel: 'moderate' as const };
    const isNew =
      !existing.has(collection) &&
      (await db.createCollection(collection, rules ?? {}).catch(ignoreExisting)) !== undefined;
    if (!isNew && rules) await db.command({ collMod: collection, ...rules });
    for (const { name, key, options } of indexes) {
      await db
        .collection(collection)
        .createIndex(key, { ...options, name }, {})
        .catch(ignoreConflict);
    }
  }
  return drift(context);
};

/** A request or another process has made it in between. */
const ignoreExisting = (error: unknown): undefined => {
  if (!(error instanceof MongoServerError) || error.code !== 48) throw error;
};

/** An index of that name or key with other options: reported as drift, not replaced. */
const ignoreConflict = (error: unknown): void => {
  const conflicts: unknown[] = [85, 86];
  if (!(error instanceof MongoServerError) || !conflicts.includes(error.code)) throw error;
};
