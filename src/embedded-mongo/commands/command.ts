import type { Doc } from '../values/bson.ts';
import { compileCollation, type Collation } from '../values/collation.ts';
import type { Collection } from '../storage/collection.ts';
import type { Engine } from '../engine.ts';
import { ServerError } from '../errors.ts';
import type { Session } from '../server/sessions.ts';
import { Blocked, type Transaction } from '../storage/transactions.ts';
import { isDoc, isNumber } from '../values/values.ts';

/** One client connection, as far as commands know it. */
export interface Connection {
  readonly id: number;
  readonly peer: string;
  /** What the client said about itself in its handshake. */
  client?: Doc;
}

/** A command that is being run. */
export interface Context {
  readonly engine: Engine;
  readonly connection: Connection;
  readonly name: string;
  readonly db: string;
  readonly command: Doc;
  /** Arrays of documents that were left as bytes: `documents` of insert, `ops` of bulkWrite. */
  readonly raw: ReadonlyMap<string, readonly Buffer[]>;
  readonly session: Session | undefined;
  readonly txn: Transaction | undefined;
  /** Whether the write may be sent again, so that its outcome must be remembered. */
  readonly retryable: boolean;
}

/** How a command is run. */
export interface Command {
  /** Names of the fields it takes, beside those that every command takes. */
  fields: readonly string[];
  /** Fields that MongoDB takes and this server refuses (238) when they say anything. */
  refused?: readonly string[];
  /** Whether it may be part of a transaction. */
  inTransaction?: boolean;
  /** Whether it must be sent to the admin database. */
  admin?: boolean;
  /** Whether it changes data, so that a journal has to be written before the answer. */
  writes?: boolean;
  run(context: Context): Doc | Promise<Doc>;
}

/** Splits a list of names. */
export function names(list: string): string[] {
  return list.split(' ').filter((name) => name !== '');
}

function wrongType(context: Context, field: string, wanted: string): ServerError {
  return new ServerError(
    14,
    `BSON field '${context.name}.${field}' is the wrong type, expected type '${wanted}'`,
  );
}

/** A number of the command; undefined when it is absent. @throws ServerError 14 when it is not a number */
export function numberOf(context: Context, field: string): number | undefined {
  const value = context.command[field];
  if (value === undefined || value === null) return undefined;
  if (!isNumber(value)) throw wrongType(context, field, 'number');
  return Number(value);
}

/** A whole number >= 0 of the command. @throws ServerError 51024 when it is negative */
export function countOf(context: Context, field: string): number | undefined {
  const value = numberOf(context, field);
  if (value !== undefined && value < 0) {
    throw new ServerError(
      51024,
      `BSON field '${field}' value must be >= 0, actual value '${value}'`,
    );
  }
  return value === undefined ? undefined : Math.trunc(value);
}

/** A document of the command. @throws ServerError 14 when it is something else */
export function docOf(context: Context, field: string): Doc | undefined {
  const value = context.command[field];
  if (value === undefined || value === null) return undefined;
  if (!isDoc(value)) throw wrongType(context, field, 'object');
  return value;
}

/** A yes or no of the command; numbers count as MongoDB counts them. */
export function flagOf(context: Context, field: string): boolean | undefined {
  const value = context.command[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  if (isNumber(value)) return Number(value) !== 0;
  throw wrongType(context, field, 'bool');
}

/** An array of the command. */
export function arrayFieldOf(context: Context, field: string): unknown[] | undefined {
  const value = context.command[field];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw wrongType(context, field, 'array');
  return value as unknown[];
}

/** The collection that the command's first field names. @throws ServerError 73 when it is no name */
export function collectionName(context: Context): string {
  const name = context.command[context.name];
  if (typeof name !== 'string' || name === '') {
    throw new ServerError(73, `Invalid namespace specified '${context.db}.${String(name)}'`);
  }
  return name;
}

/** The collection the command is about; undefined when it does not exist. */
export function target(context: Context): Collection | undefined {
  return context.engine.store.find(context.db, collectionName(context), context.txn);
}

/** The collation of a query: its own, else the collection's. */
export function collationOf(
  spec: unknown,
  collection: Collection | undefined,
): Collation | undefined {
  return spec === undefined ? collection?.collation : compileCollation(spec as Doc);
}

/**
 * Runs a write; one that meets the uncommitted write of a transaction waits until that ended and starts again.
 * @throws ServerError 50 when `maxTimeMS` is over first
 */
export async function unblocked<T>(context: Context, write: () => T): Promise<T> {
  const limit = numberOf(context, 'maxTimeMS') ?? 0;
  const deadline = limit > 0 ? Date.now() + limit : Infinity;
  for (;;) {
    try {
      return write();
    } catch (error) {
      if (!(error instanceof Blocked)) throw error;
      if (!(await endsBefore(error.txn, deadline))) {
        throw new ServerError(50, 'operation exceeded time limit');
      }
    }
  }
}

async function endsBefore(txn: Transaction, deadline: number): Promise<boolean> {
  if (deadline === Infinity) return txn.ended.then(() => true);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, deadline - Date.now()));
  });
  const ended = await Promise.race([txn.ended.then(() => true), late]);
  clearTimeout(timer);
  return ended;
}
