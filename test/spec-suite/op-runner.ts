import type { ClientSession, MongoClient } from 'mongodb';
import type { Entities } from './entities.ts';
import type { Json } from './format.ts';
import { Mismatch } from './match.ts';

/** What operations on `testRunner` need: the test's entities and a client of the runner's own. */
export interface RunnerContext {
  entities: Entities;
  admin: MongoClient;
  failPoints: Set<string>;
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Mismatch(`expected ${what}`);
}

async function setFailPoint({ admin, failPoints }: RunnerContext, failPoint: Json): Promise<void> {
  await admin.db('admin').command(failPoint);
  failPoints.add(failPoint['configureFailPoint'] as string);
}

async function collectionNames({ admin }: RunnerContext, args: Json): Promise<string[]> {
  const found = await admin
    .db(args['databaseName'] as string)
    .listCollections({}, { nameOnly: true })
    .toArray();
  return found.map(({ name }) => name);
}

async function indexNames(context: RunnerContext, args: Json): Promise<string[]> {
  if (!(await collectionNames(context, args)).includes(args['collectionName'] as string)) return [];
  const collection = context.admin
    .db(args['databaseName'] as string)
    .collection(args['collectionName'] as string);
  return (await collection.listIndexes().toArray()).map(({ name }) => name as string);
}

const session = ({ entities }: RunnerContext, args: Json) =>
  entities.get<ClientSession>(args['session'] as string);

function lastTwoLsids({ entities }: RunnerContext, args: Json): [string, string] {
  const [a, b] = entities
    .log(args['client'] as string)
    .commands()
    .slice(-2)
    .map((command) => JSON.stringify(command['lsid']));
  return [a ?? '', b ?? ''];
}

const transactionStates: Record<string, string> = {
  none: 'NO_TRANSACTION',
  starting: 'STARTING_TRANSACTION',
  in_progress: 'TRANSACTION_IN_PROGRESS',
  committed: 'TRANSACTION_COMMITTED',
  aborted: 'TRANSACTION_ABORTED',
};

export const runnerOperations: Record<
  string,
  (context: RunnerContext, args: Json) => Promise<void> | void
> = {
  createEntities: ({ entities }, args) =>
    entities.create(args['entities'] as Record<string, Json>[]),
  failPoint: (context, args) => setFailPoint(context, args['failPoint'] as Json),
  targetedFailPoint: (context, args) => setFailPoint(context, args['failPoint'] as Json),
  async assertCollectionExists(context, args) {
    expect(
      (await collectionNames(context, args)).includes(args['collectionName'] as string),
      'the collection to exist',
    );
  },
  async assertCollectionNotExists(context, args) {
    expect(
      !(await collectionNames(context, args)).includes(args['collectionName'] as string),
      'no such collection',
    );
  },
  async assertIndexExists(context, args) {
    expect(
      (await indexNames(context, args)).includes(args['indexName'] as string),
      'the index to exist',
    );
  },
  async assertIndexNotExists(context, args) {
    expect(
      !(await indexNames(context, args)).includes(args['indexName'] as string),
      'no such index',
    );
  },
  assertSameLsidOnLastTwoCommands(context, args) {
    const [a, b] = lastTwoLsids(context, args);
    expect(a !== '' && a === b, 'the same session on the last two commands');
  },
  assertDifferentLsidOnLastTwoCommands(context, args) {
    const [a, b] = lastTwoLsids(context, args);
    expect(a !== b, 'different sessions on the last two commands');
  },
  assertNumberConnectionsCheckedOut({ entities }, args) {
    const { connectionsCheckedOut } = entities.log(args['client'] as string);
    expect(
      connectionsCheckedOut === args['connections'],
      `${String(args['connections'])} connections checked out, not ${connectionsCheckedOut}`,
    );
  },
  assertSessionDirty(context, args) {
    expect(session(context, args).serverSession.isDirty, 'a dirty session');
  },
  assertSessionNotDirty(context, args) {
    expect(!session(context, args).serverSession.isDirty, 'a session that is not dirty');
  },
  assertSessionPinned(context, args) {
    expect(session(context, args).isPinned, 'a pinned session');
  },
  assertSessionUnpinned(context, args) {
    expect(!session(context, args).isPinned, 'a session that is not pinned');
  },
  assertSessionTransactionState(context, args) {
    // The driver's Transaction is internal; its state is what the format asks for.
    const { state } = (session(context, args) as unknown as { transaction: { state: string } })
      .transaction;
    expect(
      state === transactionStates[args['state'] as string],
      `transaction state ${String(args['state'])}, not ${state}`,
    );
  },
};
