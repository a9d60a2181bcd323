// The service of a model: list, read, create, replace, patch, remove, without HTTP.
import { ObjectId } from 'mongodb';
import { codec, type Doc } from './bson.ts';
import { isObjectId } from './checks.ts';
import type { Context } from './context.ts';
import { findPage } from './find.ts';
import type { Model, Stored } from './model.ts';
import { problem } from './problems.ts';
import { parseListQuery, vocabulary, type ListQuery } from './query.ts';
import {
  register,
  type Hooks,
  type ListOptions,
  type Page,
  type ReadOptions,
  type Service,
} from './service.ts';
import { isDoc } from './walk.ts';
import { writes } from './writes.ts';

const idOf = (id: string): ObjectId => {
  if (!isObjectId(id)) throw problem('not_found');
  return new ObjectId(id);
};

/** The members of a bulk body; anything but objects is refused with its place. */
const documentsOf = (inputs: readonly unknown[], most: number): Doc[] => {
  if (inputs.length === 0) throw problem('invalid_body');
  if (inputs.length > most) {
    throw problem('too_many_items', `At most ${most} documents can be created at once`);
  }
  const documents = inputs.filter(isDoc);
  if (documents.length === inputs.length) return documents;
  const errors = inputs.flatMap((input, i) =>
    isDoc(input)
      ? []
      : [{ pointer: `#/${i}`, code: 'type', detail: 'Each item must be an object' }],
  );
  throw problem('validation_error', undefined, { errors });
};

/** The service on documents whose type is forgotten. */
const untyped = (context: Context, model: Model, hooks: Hooks<Doc>) => {
  const { queryMs: maxTimeMS, bulkItems } = context.config.limits;
  const collection = context.db.collection(model.collection);
  const convert = codec(model);
  const words = vocabulary(model);

  const find = async (_id: ObjectId, { signal, comment }: ReadOptions = {}): Promise<Doc> => {
    signal?.throwIfAborted();
    const document = await collection.findOne({ _id }, { maxTimeMS, comment });
    if (document === null) throw problem('not_found');
    return document;
  };

  const seen = async (document: Doc): Promise<Doc> => {
    await hooks.beforeRead?.(document);
    return document;
  };

  const list = async (query: ListQuery, options: ListOptions = {}): Promise<Page<Doc>> => {
    const page = await findPage(collection, query, options, words, convert, context.config.limits);
    if (hooks.beforeRead) await Promise.all(page.documents.map(seen));
    return page;
  };

  const { insert, insertMany, change, remove } = writes({
    context,
    model,
    hooks,
    collection,
    convert,
    find,
  });

  return {
    context,
    model,
    codec: convert,
    vocabulary: words,
    list,
    find: async (asked, options) =>
      list(parseListQuery(asked, words, context.config.limits), options),
    read: async (id, options) => seen(await find(idOf(id), options)),
    readMany: async (ids, { signal, comment } = {}) => {
      signal?.throwIfAborted();
      const filter = { _id: { $in: [...ids] } };
      const documents = await collection.find(filter, { maxTimeMS, comment }).toArray();
      return Promise.all(documents.map(seen));
    },
    create: async (input, options) => seen(await insert({ ...input }, options)),
    createMany: async (inputs, options) =>
      Promise.all((await insertMany(documentsOf(inputs, bulkItems), options)).map(seen)),
    createAt: async (id, input, options) => {
      const _id = idOf(id);
      const bounds = { limit: 1, maxTimeMS, comment: options?.comment };
      if ((await collection.countDocuments({ _id }, bounds)) > 0) throw problem('already_exists');
      return seen(await insert({ ...input }, options, _id, { _id: id }));
    },
    replace: async (id, input, guard = {}) =>
      seen(await change(idOf(id), { ...input }, guard, false)),
    patch: async (id, input, guard = {}) => seen(await change(idOf(id), { ...input }, guard, true)),
    remove: (id, guard = {}) => remove(idOf(id), guard),
  } satisfies Service<Doc>;
};

/**
 * The service of a model. A project that wants more gives hooks, or overrides a member:
 * `({ ...crud(context, product), remove: ... })`.
 */
export const crud = <M extends Model>(
  context: Context,
  model: M,
  hooks: Hooks<Stored<M>> = {},
): Service<Stored<M>> => {
  // Only what the model accepts is in its collection: here documents get their type, and nowhere else.
  const service = untyped(context, model, hooks as Hooks<Doc>) as Service<Stored<M>>;
  register(service);
  return service;
};
