import { Binary, Long, ObjectId } from 'mongodb';

import { decode, type Doc } from './values/bson.ts';
import { ChangeFeed } from './changes/feed.ts';
import type { Command, Connection, Context } from './commands/command.ts';
import { commands } from './commands/index.ts';
import { Cursors } from './query/cursors.ts';
import { ServerError, unsupported } from './errors.ts';
import { CutConnection, FailPoints, type Failure } from './server/fail-points.ts';
import type { Journal } from './storage/journal.ts';
import { checkDocument, documentsIn, elements } from './values/raw.ts';
import { Sessions, type SessionUse } from './server/sessions.ts';
import { Store } from './storage/store.ts';
import { expireDocuments } from './storage/ttl.ts';
import type { Message } from './server/wire.ts';

/** Fields that every command takes. */
const GENERIC = new Set([
  ...['$db', 'lsid', '$clusterTime', 'txnNumber', 'startTransaction', 'autocommit', 'readConcern'],
  ...['writeConcern', '$readPreference', 'comment', 'maxTimeMS', 'apiVersion', 'apiStrict'],
  ...[
    'apiDeprecationErrors',
    '$audit',
    '$client',
    '$configServerState',
    'allowImplicitCollectionCreation',
  ],
]);

const SIGNATURE = { hash: new Binary(Buffer.alloc(20)), keyId: Long.ZERO };
const READ_LEVELS = new Set(['local', 'available', 'majority', 'linearizable', 'snapshot']);
/** Codes after which a write may be sent again (MongoDB's RetriableError category). */
const RETRYABLE = new Set([6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);
/** Codes after which a transaction may be run again from its start. */
const TRANSIENT = new Set([24, 112, 246, 251, 267]);
/** Further codes after which a change stream may be resumed. */
const RESUMABLE = new Set([63, 133, 150, 234, 13388]);
const EXPIRY_MS = 30_000;

/** Commands of the Stable API, version 1. */
const STABLE_API = new Set([
  ...[
    'abortTransaction',
    'aggregate',
    'bulkWrite',
    'collMod',
    'commitTransaction',
    'count',
    'create',
  ],
  ...['createIndexes', 'delete', 'drop', 'dropDatabase', 'dropIndexes', 'endSessions', 'explain'],
  ...['find', 'findAndModify', 'getMore', 'hello', 'insert', 'killCursors', 'listCollections'],
  ...['listDatabases', 'listIndexes', 'ping', 'refreshSessions', 'update'],
]);

/** Arrays of a command that are left as bytes. */
const LEFT_RAW: Record<string, string> = { insert: 'documents', bulkWrite: 'ops' };

interface Parsed {
  name: string;
  command: Doc;
  raw: Map<string, readonly Buffer[]>;
}

function parse(message: Message): Parsed {
  for (const document of [message.body, ...[...message.sequences.values()].flat()])
    checkDocument(document);
  const fields = [...elements(message.body)];
  const name = fields[0]?.name ?? '';
  const kept = LEFT_RAW[name];
  const raw = new Map<string, readonly Buffer[]>();
  const inside = fields.find((field) => field.name === kept && field.type === 0x04);
  if (kept && inside) raw.set(kept, documentsIn(message.body, inside));
  const wanted =
    inside && new Set(fields.map((field) => field.name).filter((field) => field !== kept));
  const command = decode(message.body, wanted);
  for (const [sequence, documents] of message.sequences) {
    if (sequence === kept) raw.set(sequence, documents);
    else command[sequence] = documents.map((document) => decode(document));
  }
  return { name, command, raw };
}

/** Settings of an engine. */
export interface EngineOptions {
  failPoints: boolean;
  maxBytes: number;
  ttlSeconds: number;
}

/** The server without its sockets: runs commands on a store. */
export class Engine {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly cursors = new Cursors();
  readonly feed: ChangeFeed;
  readonly failPoints = new FailPoints();
  readonly options: EngineOptions;
  readonly started = Date.now();
  readonly processId = new ObjectId();
  /** Address that clients use, `127.0.0.1:27017`. */
  address = '';
  connections = 0;
  journal: Journal | undefined;
  readonly counters = { insert: 0, query: 0, update: 0, delete: 0, getmore: 0, command: 0 };
  private readonly timers: NodeJS.Timeout[] = [];

  /** Names of all commands. */
  readonly commandNames = Object.keys(commands);

  constructor(options: EngineOptions) {
    this.options = options;
    this.store = new Store(options.maxBytes);
    this.sessions = new Sessions(this.store);
    this.feed = new ChangeFeed(this.store);
    this.every(EXPIRY_MS, () => {
      this.sessions.expire(Date.now());
      this.cursors.expire(Date.now());
    });
    this.every(options.ttlSeconds * 1000, () => expireDocuments(this.store, new Date()));
  }

  private every(ms: number, job: () => void): void {
    this.timers.push(setInterval(job, ms).unref());
  }

  /** Stops timers, transactions and waiting cursors. */
  close(): void {
    for (const timer of this.timers) clearInterval(timer);
    for (const session of this.sessions.all.values()) session.abort();
    for (const id of [...this.cursors.all.keys()]) this.cursors.kill(id);
  }

  /** Drops all data, sessions and cursors. */
  reset(): void {
    for (const session of this.sessions.all.values()) session.abort();
    this.sessions.all.clear();
    for (const id of [...this.cursors.all.keys()]) this.cursors.kill(id);
    this.store.reset();
    this.feed.clear();
  }

  /**
   * Runs the command of a message.
   * @returns the answer, or 'close' when it is malformed or a fail point asks to cut the connection
   */
  async run(message: Message, connection: Connection): Promise<Doc | 'close'> {
    let parsed: Parsed | undefined;
    let failure: Failure | undefined;
    let answer: Doc;
    try {
      parsed = parse(message);
      failure = this.failPoints.command(parsed.name, parsed.command, connection);
      if (failure?.delayMs) await new Promise((resolve) => setTimeout(resolve, failure?.delayMs));
      if (failure?.close) return 'close';
      if (failure?.error) throw failure.error;
      answer = await this.dispatch(parsed, connection, message.db);
      if (failure?.writeConcernError) answer['writeConcernError'] = failure.writeConcernError;
      answer['ok'] ??= 1;
    } catch (error) {
      const malformed = !parsed && error instanceof ServerError && error.code === 22;
      if (malformed || error instanceof CutConnection) return 'close';
      answer = errorAnswer(error);
    }
    const labels = parsed ? this.errorLabels(parsed, answer, failure) : [];
    if (labels.length > 0) answer['errorLabels'] = labels;
    answer['$clusterTime'] = { clusterTime: this.store.time, signature: SIGNATURE };
    answer['operationTime'] = this.store.time;
    return answer;
  }

  private async dispatch(
    { name, command, raw }: Parsed,
    connection: Connection,
    legacyDb?: string,
  ): Promise<Doc> {
    const handler = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!handler) throw new ServerError(59, `no such command: '${name}'`);
    const db = legacyDb ?? command['$db'];
    if (typeof db !== 'string')
      throw new ServerError(40571, 'OP_MSG requests require a $db argument');
    checkFields(name, command, handler);
    checkApi(name, command);
    if (handler.admin && db !== 'admin') {
      throw new ServerError(13, `${name} may only be run against the admin database.`);
    }
    const ending = name === 'commitTransaction' || name === 'abortTransaction';
    const use = this.sessions.enter(command, ending);
    if (use.txn && !handler.inTransaction) {
      this.failTransaction(use);
      throw new ServerError(263, `Cannot run '${name}' in a multi-document transaction.`);
    }
    if (use.txn && !ending && command['writeConcern'] !== undefined) {
      this.failTransaction(use);
      throw new ServerError(72, 'writeConcern is not allowed within a multi-statement transaction');
    }
    const context: Context = { engine: this, connection, name, db, command, raw, ...use };
    try {
      checkReadConcern(command, use);
      const answer = await handler.run(context);
      const concern = handler.writes || ending ? writeConcernError(command) : undefined;
      if (concern) answer['writeConcernError'] = concern;
      if (handler.writes || ending) await this.journal?.durable();
      return answer;
    } catch (error) {
      this.failTransaction(use);
      throw error;
    }
  }

  /** The labels by which a driver knows what to do after an error. */
  private errorLabels(
    { name, command }: Parsed,
    answer: Doc,
    failure: Failure | undefined,
  ): string[] {
    if (failure?.labels) return failure.labels;
    const labels = new Set((answer['errorLabels'] ?? []) as string[]);
    const concern = answer['writeConcernError'] as Doc | undefined;
    const code = Number(answer['code'] ?? concern?.['code'] ?? 0);
    if (code === 0) return [...labels];
    const ending = name === 'commitTransaction' || name === 'abortTransaction';
    const inTransaction = command['autocommit'] === false;
    if ('txnNumber' in command && (!inTransaction || ending) && RETRYABLE.has(code)) {
      labels.add('RetryableWriteError');
    }
    const transient = TRANSIENT.has(code) || (!ending && RETRYABLE.has(code));
    if (inTransaction && transient && answer['ok'] === 0) labels.add('TransientTransactionError');
    const cursor =
      name === 'getMore' ? this.cursors.all.get(BigInt(String(command['getMore']))) : undefined;
    const streams = !failure?.error && cursor !== undefined && 'next' in cursor;
    if (streams && (RETRYABLE.has(code) || RESUMABLE.has(code)))
      labels.add('ResumableChangeStreamError');
    return [...labels];
  }

  private failTransaction({ session, txn }: SessionUse): void {
    if (session && txn && session.txn === txn) session.abort();
  }
}

function checkFields(name: string, command: Doc, handler: Command): void {
  for (const field of Object.keys(command)) {
    if (field === name || GENERIC.has(field) || handler.fields.includes(field)) continue;
    if (handler.refused?.includes(field)) throw unsupported(`Option '${field}' of '${name}'`);
    throw new ServerError(40415, `BSON field '${name}.${field}' is an unknown field.`);
  }
}

/** @throws ServerError 322 for an unknown version of the API, 323 for a command outside of it when it is kept strictly */
function checkApi(name: string, { apiVersion, apiStrict }: Doc): void {
  if (apiVersion === undefined) return;
  if (apiVersion !== '1') throw new ServerError(322, 'API version must be "1"');
  if (apiStrict !== true || STABLE_API.has(name)) return;
  throw new ServerError(
    323,
    `Provided apiStrict:true, but the command ${name} is not in API Version 1.`,
  );
}

function checkReadConcern(command: Doc, { session, txn }: SessionUse): void {
  const concern = command['readConcern'] as Doc | undefined;
  if (!concern) return;
  const { level } = concern;
  if (level !== undefined && (typeof level !== 'string' || !READ_LEVELS.has(level))) {
    throw new ServerError(
      2,
      `Enumeration value '${String(level)}' for field 'level' is not a valid value.`,
    );
  }
  if (level === 'snapshot' && !txn)
    throw unsupported("Read concern 'snapshot' outside of a transaction");
  if (txn && command['startTransaction'] !== true && session) {
    throw new ServerError(72, 'Only the first command in a transaction may specify a readConcern');
  }
  if (txn && (level === 'linearizable' || level === 'available')) {
    throw new ServerError(
      72,
      `The readConcern level must be either 'local' (default), 'majority' or 'snapshot' in order to run in a transaction`,
    );
  }
}

/** What a write concern that one node cannot meet adds to the answer. */
function writeConcernError(command: Doc): Doc | undefined {
  const w = (command['writeConcern'] as Doc | undefined)?.['w'];
  if (w === undefined || w === 'majority' || Number(w) <= 1) return undefined;
  if (typeof w === 'string') {
    return {
      code: 79,
      codeName: 'UnknownReplWriteConcern',
      errmsg: `No write concern mode named '${w}' found in replica set configuration`,
    };
  }
  return {
    code: 100,
    codeName: 'UnsatisfiableWriteConcern',
    errmsg: 'Not enough data-bearing nodes',
    errInfo: { writeConcern: command['writeConcern'] },
  };
}

/** The answer that tells of an error. Anything but a ServerError is a fault of this server and says so. */
export function errorAnswer(error: unknown): Doc {
  const known =
    error instanceof ServerError
      ? error
      : new ServerError(
          1,
          `embedded server fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
  return {
    ok: 0,
    errmsg: known.message,
    code: known.code,
    codeName: known.codeName,
    ...known.extra,
    ...(known.labels ? { errorLabels: known.labels } : {}),
  };
}
