import {
  AbstractCursor,
  ChangeStream,
  ClientSession,
  Collection,
  Db,
  GridFSBucket,
  MongoClient,
  type ClientSession as Session,
} from 'mongodb';
import { driverOptions } from './entities.ts';
import { matchError } from './errors.ts';
import type { Json, Operation } from './format.ts';
import { Mismatch, match } from './match.ts';
import { collectionOperations } from './op-collection.ts';
import {
  bucketOperations,
  clientOperations,
  createChangeStream,
  cursorOperations,
  databaseOperations,
  sessionOperations,
} from './op-others.ts';
import { runnerOperations, type RunnerContext } from './op-runner.ts';

function lookUp<F>(table: Record<string, F>, name: string): F {
  const operation = table[name];
  if (operation === undefined) throw new Error(`operation ${name} is not known`);
  return operation;
}

async function call(
  { name, object, arguments: given }: Operation,
  context: RunnerContext,
): Promise<unknown> {
  const { entities } = context;
  if (object === 'testRunner') return await lookUp(runnerOperations, name)(context, given ?? {});
  const target = entities.entity(object);
  const args = driverOptions(given);
  if (typeof args['session'] === 'string') args['session'] = entities.entity(args['session']);
  if (name === 'withTransaction') return await withTransaction(target as Session, args, context);
  if (name === 'createChangeStream') return await createChangeStream(target as Collection, args);
  if (target instanceof MongoClient) return await lookUp(clientOperations, name)(target, args);
  if (target instanceof Db) return await lookUp(databaseOperations, name)(target, args);
  if (target instanceof Collection) return await lookUp(collectionOperations, name)(target, args);
  if (target instanceof ClientSession) return await lookUp(sessionOperations, name)(target, args);
  if (target instanceof GridFSBucket) return await lookUp(bucketOperations, name)(target, args);
  if (target instanceof ChangeStream || target instanceof AbstractCursor)
    return await lookUp(cursorOperations, name)(target);
  throw new Error(`no operation ${name} on ${object}`);
}

async function withTransaction(
  session: Session,
  { callback, ...options }: Json,
  context: RunnerContext,
): Promise<void> {
  await session.withTransaction(async () => {
    for (const operation of callback as Operation[]) await execute(operation, context, true);
  }, options);
}

/**
 * Runs one operation and compares its result or error. Inside a `withTransaction` callback an expected
 * error is thrown on after the comparison, so that the driver sees it.
 */
export async function execute(
  operation: Operation,
  context: RunnerContext,
  inCallback = false,
): Promise<void> {
  const { expectError, expectResult, saveResultAsEntity, ignoreResultAndError } = operation;
  let result: unknown;
  try {
    result = await call(operation, context);
  } catch (error) {
    if (error instanceof Mismatch || ignoreResultAndError) {
      if (ignoreResultAndError && !inCallback) return;
      throw error;
    }
    if (!expectError) throw error;
    matchError(expectError, error, context.entities);
    if (inCallback) throw error;
    return;
  }
  if (expectError)
    throw new Mismatch(
      `${operation.name}: expected an error, got ${JSON.stringify(result)?.slice(0, 200)}`,
    );
  if (expectResult !== undefined && !ignoreResultAndError)
    match(expectResult, result ?? null, context.entities, operation.name, true);
  if (saveResultAsEntity !== undefined) context.entities.set(saveResultAsEntity, result);
}
