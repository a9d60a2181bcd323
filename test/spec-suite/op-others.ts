import { once } from 'node:events';
import {
  type AbstractCursor,
  type ChangeStream,
  type ClientBulkWriteModel,
  type ClientSession,
  type Collection,
  type Db,
  type Document,
  type GridFSBucket,
  type MongoClient,
  type ObjectId,
  type RunCursorCommandOptions,
} from 'mongodb';
import { onlyEntry, type Json } from './format.ts';

/** The driver's runner hook: sends the first command of a cursor without asking for a document. */
interface Startable {
  cursorInit(): Promise<void>;
}

/** Opens a change stream on a client, database or collection and waits for the server's first answer. */
export async function createChangeStream(
  target: MongoClient | Db | Collection,
  args: Json,
): Promise<ChangeStream> {
  const { pipeline, ...options } = args;
  const stream = target.watch(pipeline as Document[], options);
  await (stream as unknown as { cursor: Startable }).cursor.cursorInit();
  return stream;
}

function cursorCommand(database: Db, args: Json): AbstractCursor {
  const { command, commandName: _, batchSize, maxTimeMS, comment, ...options } = args;
  const cursor = database.runCursorCommand(command as Document, options as RunCursorCommandOptions);
  if (batchSize !== undefined) cursor.setBatchSize(batchSize as number);
  if (maxTimeMS !== undefined) cursor.setMaxTimeMS(maxTimeMS as number);
  if (comment !== undefined) cursor.setComment(comment);
  return cursor;
}

export const databaseOperations: Record<string, (database: Db, args: Json) => unknown> = {
  aggregate: (database, { pipeline, ...options }) =>
    database.aggregate(pipeline as Document[], options).toArray(),
  createCollection: (database, { collection, ...options }) =>
    database.createCollection(collection as string, options),
  createCommandCursor: async (database, args) => {
    const cursor = cursorCommand(database, args);
    await (cursor as unknown as Startable).cursorInit();
    return cursor;
  },
  dropCollection: (database, { collection, ...options }) =>
    database.dropCollection(collection as string, options),
  listCollections: (database, { filter, ...options }) =>
    database.listCollections(filter as Document, options).toArray(),
  // The driver has no helper for collMod: the command itself.
  modifyCollection: (database, { collection, ...options }) =>
    database.command({ collMod: collection, ...options }),
  runCommand: (database, { command, commandName: _, ...options }) =>
    database.command(command as Document, options),
  runCursorCommand: (database, args) => cursorCommand(database, args).toArray(),
};

function asModel(model: Record<string, Json>): ClientBulkWriteModel<Record<string, Document>> {
  const [name, fields] = onlyEntry(model);
  return { name, ...fields } as unknown as ClientBulkWriteModel<Record<string, Document>>;
}

export const clientOperations: Record<string, (client: MongoClient, args: Json) => unknown> = {
  clientBulkWrite: async (client, { models, ...options }) => {
    const result = await client.bulkWrite((models as Record<string, Json>[]).map(asModel), options);
    // The driver's own addition to each result, which the format does not know.
    for (const one of result.updateResults?.values() ?? [])
      delete (one as Partial<typeof one>).didUpsert;
    return result;
  },
  close: (client) => client.close(),
  listDatabases: (client, options) => client.db().admin().listDatabases(options),
};

export const sessionOperations: Record<string, (session: ClientSession, args: Json) => unknown> = {
  abortTransaction: (session) => session.abortTransaction(),
  commitTransaction: (session) => session.commitTransaction(),
  endSession: (session) => session.endSession(),
  startTransaction: (session, args) => session.startTransaction(args),
};

export const bucketOperations: Record<string, (bucket: GridFSBucket, args: Json) => unknown> = {
  delete: (bucket, { id }) => bucket.delete(id as ObjectId),
  download: (bucket, { id }) => collect(bucket.openDownloadStream(id as ObjectId)),
  downloadByName: (bucket, { filename, ...options }) =>
    collect(bucket.openDownloadStreamByName(filename as string, options)),
  rename: (bucket, { id, newFilename }) => bucket.rename(id as ObjectId, newFilename as string),
  upload: async (bucket, { filename, source, ...options }) => {
    const stream = bucket.openUploadStream(filename as string, options);
    const finished = once(stream, 'finish');
    stream.end(Buffer.from((source as { $$hexBytes: string }).$$hexBytes, 'hex'));
    await finished;
    return stream.id;
  },
};

async function collect(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export const cursorOperations: Record<string, (cursor: AbstractCursor | ChangeStream) => unknown> =
  {
    close: (cursor) => cursor.close(),
    iterateOnce: (cursor) => cursor.tryNext(),
    iterateUntilDocumentOrError: (cursor) => cursor.next(),
  };
