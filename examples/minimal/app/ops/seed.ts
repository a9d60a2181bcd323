import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppContext } from '../context.ts';
import type { Doc } from '../core/bson.ts';
import { crud } from '../core/crud.ts';
import { type Model, references } from '../core/model.ts';
import { Problem } from '../core/problems.ts';
import {
  type FieldSpec,
  type Fields,
  type JsonObject,
  type JsonValue,
  sampleObject,
} from '../core/types.ts';
import { isDoc } from '../core/walk.ts';

const documents = 10;

/** Ids of the documents of each model that is filled, by the model's name. */
type Ids = ReadonlyMap<string, readonly string[]>;

/** The models so that those others refer to come first; a circle is cut where it closes. */
const inOrder = (models: readonly Model[]): Model[] => {
  const ordered = new Set<Model>();
  const visiting = new Set<Model>();
  const visit = (model: Model) => {
    if (visiting.has(model)) return;
    visiting.add(model);
    for (const { field } of references(model))
      models.filter(({ name }) => name === field.to).forEach(visit);
    ordered.add(model);
  };
  models.forEach(visit);
  return [...ordered];
};

/** The value with references to documents that are there; `undefined` where there is none yet. */
const connect = (
  field: FieldSpec,
  value: JsonValue,
  n: number,
  ids: Ids,
): JsonValue | undefined => {
  if (field.type === 'object' && Array.isArray(value))
    return value.map((item) => connectAll(field.fields, item, n, ids));
  if (field.type === 'object') return connectAll(field.fields, value, n, ids);
  if (field.type !== 'ref') return value;
  const known = ids.get(field.to ?? '') ?? [];
  const id = known[n % known.length];
  return id !== undefined && field.array ? [id] : id;
};

const connectAll = (fields: Fields = {}, value: JsonValue, n: number, ids: Ids): JsonObject => {
  const entries = Object.entries(value as JsonObject).flatMap(([name, inner]) => {
    const field = fields[name];
    const connected = field === undefined ? inner : connect(field, inner, n, ids);
    return connected === undefined ? [] : [[name, connected] as const];
  });
  return Object.fromEntries(entries);
};

/** The documents of `seeds/<path of the resource>.json`, in the order of the file; undefined where there is none. */
const written = async (model: Model): Promise<readonly Doc[] | undefined> => {
  const file = join(import.meta.dirname, '../../seeds', `${model.path}.json`);
  if (!existsSync(file)) return undefined;
  const content: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (!Array.isArray(content) || !content.every(isDoc))
    throw new Error(`${file} is no list of documents`);
  return content;
};

/**
 * Fills each empty collection: with the documents of its file in `seeds/`, whose `_id` others may refer to, else with
 * samples that satisfy its model. Collections with data are left alone.
 */
export const seed = async (context: AppContext): Promise<void> => {
  const { config, db, log, models } = context;
  if (config.env === 'production')
    throw new Error('db:seed makes sample data: not with NODE_ENV=production');
  const ids = new Map<string, string[]>();

  for (const model of inOrder(models)) {
    const present = await db
      .collection(model.collection)
      .find({}, { projection: { _id: 1 } })
      .limit(documents)
      .toArray();
    const known = present.map(({ _id }) => String(_id));
    ids.set(model.name, known);
    if (present.length > 0) continue;
    const service = crud(context, model);
    const own = await written(model);
    for (const { _id, ...document } of own ?? []) {
      await (typeof _id === 'string' ? service.createAt(_id, document) : service.create(document));
    }
    if (own) {
      log.info({ collection: model.collection, documents: own.length }, 'seeded');
      continue;
    }
    for (let n = 1; n <= documents; n += 1) {
      try {
        const { _id } = await service.create(
          connectAll(model.fields, sampleObject(model.fields, n), n, ids),
        );
        known.push(_id.toHexString());
      } catch (error) {
        // A unique field with few values, such as an enum: there are no more different documents.
        if (!(error instanceof Problem && error.code === 'duplicate')) throw error;
        break;
      }
    }
    log.info({ collection: model.collection, documents: known.length }, 'seeded');
  }
};
