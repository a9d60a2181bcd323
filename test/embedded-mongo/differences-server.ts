import { afterAll, beforeAll } from 'vitest';
import {
  MongoClient,
  MongoServerError,
  type Collection,
  type Db,
  type Document,
  type Filter,
  type UpdateFilter,
  type UpdateOptions,
  type UpdateResult,
} from 'mongodb';

/** A document of these tests. */
export interface Row {
  _id: number | string;
  [field: string]: unknown;
}

export interface Fixture {
  client: MongoClient;
  db: Db;
  /** A new collection with these documents; `_id` may be left to the driver. */
  given(...documents: Document[]): Promise<Collection<Row>>;
}

async function startEmbedded(): Promise<{ uri: string; stop(): Promise<void> }> {
  const { start } = await import('../../src/embedded-mongo/index.ts');
  return await start();
}

/**
 * One server for a test file: the embedded one, or the one MONGODB_URI names, so that the same rows
 * can be held against a real MongoDB.
 */
export function server(): Fixture {
  const external = process.env['MONGODB_URI'];
  const fixture = {} as Fixture;
  let stop = async (): Promise<void> => undefined;
  let count = 0;
  beforeAll(async () => {
    const running = external === undefined ? await startEmbedded() : undefined;
    if (running) stop = () => running.stop();
    fixture.client = await MongoClient.connect(running?.uri ?? external ?? '');
    fixture.db = fixture.client.db(`differences_${process.pid}`);
    fixture.given = async (...documents) => {
      const collection = fixture.db.collection<Row>(`c${count++}`);
      await collection.drop();
      if (documents.length > 0) await collection.insertMany(documents as Row[]);
      return collection;
    };
  });
  afterAll(async () => {
    await fixture.db.dropDatabase();
    await fixture.client.close();
    await stop();
  });
  return fixture;
}

/** The server error code an operation fails with; undefined when it succeeds. */
export async function codeOf(operation: Promise<unknown>): Promise<number | string | undefined> {
  try {
    await operation;
    return undefined;
  } catch (error) {
    if (error instanceof MongoServerError) return error.code;
    throw error;
  }
}

/** The `_id`s a filter matches, in `_id` order. */
export async function ids(collection: Collection<Row>, filter: Document): Promise<unknown[]> {
  const found = await collection
    .find(filter as Filter<Row>)
    .sort({ _id: 1 })
    .project({ _id: 1 })
    .toArray();
  return found.map(({ _id }) => _id as unknown);
}

/** updateOne without the driver's types, which refuse the wrong updates these tests are about. */
export function update(
  collection: Collection<Row>,
  filter: Document,
  change: Document | Document[],
  options: UpdateOptions = {},
): Promise<UpdateResult<Row>> {
  return collection.updateOne(filter as Filter<Row>, change as UpdateFilter<Row>, options);
}
