import {
  MongoClient,
  type BulkWriteOptions,
  type Collection,
  type Db,
  type Document,
  type InsertManyResult,
  type InsertOneOptions,
  type InsertOneResult,
  type ObjectId,
} from 'mongodb';
import { afterAll, beforeAll, beforeEach } from 'vitest';

import { start, type EmbeddedMongo, type StartOptions } from '../../src/embedded-mongo/index.ts';

/** A document with an `_id` of the types that tests use. */
interface Thing extends Document {
  _id: number | string | ObjectId;
}

/** A collection of any documents, which may be inserted without an `_id`. */
type Things = Omit<Collection<Thing>, 'insertOne' | 'insertMany'> & {
  insertOne(doc: Document, options?: InsertOneOptions): Promise<InsertOneResult>;
  insertMany(docs: Document[], options?: BulkWriteOptions): Promise<InsertManyResult>;
};

/** A server with a connected driver, started once for a test file and emptied before each test. */
export interface Connected {
  server: EmbeddedMongo;
  client: MongoClient;
  db: Db;
  /** A collection of the test's database. */
  coll(name?: string): Things;
}

/** Starts server and driver around the tests of a file. */
export function connected(options: StartOptions = {}): Connected {
  const at = {} as Connected;
  beforeAll(async () => {
    at.server = await start(options);
    at.client = await new MongoClient(at.server.uri).connect();
    at.db = at.client.db('test');
    at.coll = (name = 'things') => at.db.collection<Thing>(name) as unknown as Things;
  });
  beforeEach(() => at.server.reset());
  afterAll(async () => {
    await at.client.close();
    await at.server.stop();
  });
  return at;
}

/** The error that a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<Document> {
  try {
    await promise;
  } catch (error) {
    return error as Document;
  }
  throw new Error('expected an error');
}
