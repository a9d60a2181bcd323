import { MongoServerError, type MongoClient } from 'mongodb';
import { copyPlain } from './copy.ts';
import { Entities } from './entities.ts';
import { matchEvents } from './events.ts';
import { execute } from './execute.ts';
import type { CollectionData, Json, SpecFile, SpecTest } from './format.ts';
import { match } from './match.ts';
import type { RunnerContext } from './op-runner.ts';

const timeLimitMs = 30_000;

/** Without initial data, the databases a test names: what an earlier run left there is not its own. */
async function clear(admin: MongoClient, definitions: Record<string, Json>[]): Promise<void> {
  for (const { database } of definitions) {
    if (database) await admin.db(database['databaseName'] as string).dropDatabase();
  }
}

async function prepare(admin: MongoClient, data: CollectionData[]): Promise<void> {
  for (const { databaseName, collectionName, documents, createOptions } of data) {
    const database = admin.db(databaseName);
    await database.dropCollection(collectionName, { writeConcern: { w: 'majority' } });
    await database.createCollection(collectionName, createOptions);
    if (documents.length > 0)
      await database
        .collection(collectionName)
        .insertMany(documents, { writeConcern: { w: 'majority' } });
  }
}

async function checkOutcome(
  { admin, entities }: RunnerContext,
  outcome: CollectionData[],
): Promise<void> {
  for (const { databaseName, collectionName, documents } of outcome) {
    const collection = admin.db(databaseName).collection(collectionName);
    const actual = await collection.find({}, { sort: { _id: 1 } }).toArray();
    match(documents, actual, entities, `outcome of ${collectionName}`);
  }
}

async function runSteps(
  file: SpecFile,
  test: SpecTest,
  context: RunnerContext,
  withEvents: boolean,
): Promise<void> {
  if (file.initialData) await prepare(context.admin, file.initialData);
  else await clear(context.admin, file.createEntities ?? []);
  await context.entities.create(file.createEntities ?? []);
  for (const operation of test.operations) await execute(operation, context);
  if (withEvents) {
    for (const expected of test.expectEvents ?? [])
      matchEvents(expected, context.entities.log(expected.client), context.entities);
  }
  await checkOutcome(context, test.outcome ?? []);
}

/** Ends what a failed test left open; a server without sessions has no such command (code 59). */
async function endTransactions(admin: MongoClient): Promise<void> {
  await admin
    .db('admin')
    .command({ killAllSessions: [] })
    .catch((error: unknown) => {
      if (!(error instanceof MongoServerError && error.code === 59)) throw error;
    });
}

/**
 * Runs one test from clean data. Resolves to undefined when it passed, to the first difference otherwise.
 * Fail points and sessions of the test are ended in every case.
 */
export async function runTest(
  file: SpecFile,
  test: SpecTest,
  uri: string,
  admin: MongoClient,
  withEvents: boolean,
): Promise<string | undefined> {
  const context: RunnerContext = { entities: new Entities(uri), admin, failPoints: new Set() };
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`not done after ${timeLimitMs / 1000} s`)),
        timeLimitMs,
      );
    });
    // Fresh copies, because operations may add _id to the documents they are given.
    await Promise.race([runSteps(copyPlain(file), copyPlain(test), context, withEvents), late]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
    for (const name of context.failPoints)
      await admin.db('admin').command({ configureFailPoint: name, mode: 'off' });
    await context.entities.close();
    await endTransactions(admin);
  }
}
