import type {
  AnyBulkWriteOperation,
  Collection,
  Document,
  Filter,
  IndexSpecification,
  SearchIndexDescription,
  UpdateFilter,
} from 'mongodb';
import type { Json } from './format.ts';

type CollectionOperation = (collection: Collection, args: Json) => Promise<unknown> | unknown;

/** `{ insertOne: { document } }`, `{ updateOne: { filter, update } }` ... as the driver's bulkWrite takes them. */
const asRequests = (value: unknown) => value as AnyBulkWriteOperation[];

/** `Before` and `After` of the format as the driver spells them. */
function returning({ returnDocument, ...options }: Json): Json {
  if (typeof returnDocument !== 'string') return options;
  return { ...options, returnDocument: returnDocument.toLowerCase() };
}

const asFilter = (value: unknown) => value as Filter<Document>;
const asUpdate = (value: unknown) => value as UpdateFilter<Document>;
const asReplacement = (value: unknown) => value as Document;

export const collectionOperations: Record<string, CollectionOperation> = {
  aggregate: (collection, { pipeline, ...options }) =>
    collection.aggregate(pipeline as Document[], options).toArray(),
  bulkWrite: (collection, { requests, ...options }) =>
    collection.bulkWrite(asRequests(requests), options),
  count: (collection, { filter, ...options }) => collection.count(asFilter(filter), options),
  countDocuments: (collection, { filter, ...options }) =>
    collection.countDocuments(asFilter(filter), options),
  createIndex: (collection, { keys, ...options }) =>
    collection.createIndex(keys as IndexSpecification, options),
  createSearchIndex: (collection, { model }) =>
    collection.createSearchIndex(model as SearchIndexDescription),
  createSearchIndexes: (collection, { models }) =>
    collection.createSearchIndexes(models as SearchIndexDescription[]),
  deleteMany: (collection, { filter, ...options }) =>
    collection.deleteMany(asFilter(filter), options),
  deleteOne: (collection, { filter, ...options }) =>
    collection.deleteOne(asFilter(filter), options),
  distinct: (collection, { fieldName, filter, ...options }) =>
    collection.distinct(fieldName as string, asFilter(filter), options),
  dropIndex: (collection, { name, ...options }) => collection.dropIndex(name as string, options),
  dropSearchIndex: (collection, { name }) => collection.dropSearchIndex(name as string),
  estimatedDocumentCount: (collection, options) => collection.estimatedDocumentCount(options),
  find: (collection, { filter, ...options }) =>
    collection.find(asFilter(filter), options).toArray(),
  findOne: (collection, { filter, ...options }) => collection.findOne(asFilter(filter), options),
  findOneAndDelete: (collection, { filter, ...options }) =>
    collection.findOneAndDelete(asFilter(filter), options),
  findOneAndReplace: (collection, { filter, replacement, ...options }) =>
    collection.findOneAndReplace(asFilter(filter), asReplacement(replacement), returning(options)),
  findOneAndUpdate: (collection, { filter, update, ...options }) =>
    collection.findOneAndUpdate(asFilter(filter), asUpdate(update), returning(options)),
  insertMany: (collection, { documents, ...options }) =>
    collection.insertMany(documents as Document[], options),
  insertOne: (collection, { document, ...options }) =>
    collection.insertOne(document as Document, options),
  listIndexes: (collection, options) => collection.listIndexes(options).toArray(),
  listSearchIndexes: (collection, { name, aggregationOptions }) =>
    collection.listSearchIndexes(name as string, aggregationOptions as Json).toArray(),
  rename: (collection, { to, ...options }) => collection.rename(to as string, options),
  replaceOne: (collection, { filter, replacement, ...options }) =>
    collection.replaceOne(asFilter(filter), asReplacement(replacement), options),
  updateMany: (collection, { filter, update, ...options }) =>
    collection.updateMany(asFilter(filter), asUpdate(update), options),
  updateOne: (collection, { filter, update, ...options }) =>
    collection.updateOne(asFilter(filter), asUpdate(update), options),
  updateSearchIndex: (collection, { name, definition }) =>
    collection.updateSearchIndex(name as string, definition as Document),
};
