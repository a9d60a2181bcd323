import { Timestamp, UUID, type Binary } from 'mongodb';

import type { Doc } from '../values/bson.ts';
import { Collection, type CollectionOptions } from './collection.ts';
import { ServerError } from '../errors.ts';
import type { Version } from './records.ts';
import { Transaction } from './transactions.ts';

/** One thing that happened to the data, as the journal writes it and change streams show it. */
export interface Change {
  kind:
    | 'insert'
    | 'update'
    | 'replace'
    | 'delete'
    | 'create'
    | 'drop'
    | 'dropDatabase'
    | 'rename'
    | 'createIndexes'
    | 'dropIndexes'
    | 'modify';
  db: string;
  coll: string;
  collection?: Collection;
  /** The document before and after a write; undefined where there is none. */
  before?: Buffer | undefined;
  after?: Buffer | undefined;
  /** Paths that an update wrote as a whole, for change streams. */
  whole?: readonly string[];
  /** What a change of definition says: options, index specifications, the new name. */
  detail?: Doc;
}

/** What is committed in one step: all changes of a transaction, or one write. */
export interface Commit {
  time: Timestamp;
  changes: readonly Change[];
  /** Set for a transaction: its session and number. */
  session?: { lsid: Doc; txnNumber: bigint } | undefined;
}

/** All databases of the server, in memory. Every method runs to its end at once, which makes each write atomic. */
export class Store {
  readonly databases = new Map<string, Map<string, Collection>>();
  readonly open = new Set<Transaction>();
  /** Superseded versions that an open transaction may still read. */
  private garbage: Version[] = [];
  private readonly listeners: ((commit: Commit) => void)[] = [];
  private readonly maxBytes: number;
  private quiet = false;
  private clock = new Timestamp({ t: Math.floor(Date.now() / 1000), i: 1 });
  /** Number of the newest commit; a transaction reads as of the number at its start. */
  sequence = 0;
  bytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** The time of the newest commit. */
  get time(): Timestamp {
    return this.clock;
  }

  /** Sets the clock past a time read from the journal. */
  advance(time: Timestamp): void {
    if (time.greaterThan(this.clock)) this.clock = time;
  }

  /** The next time, always greater than the one before. */
  tick(): Timestamp {
    const now = Math.floor(Date.now() / 1000);
    const { t, i } = this.clock;
    this.clock = now > t ? new Timestamp({ t: now, i: 1 }) : new Timestamp({ t, i: i + 1 });
    return this.clock;
  }

  /** Registers a listener, called in order for each commit. */
  onCommit(listener: (commit: Commit) => void): void {
    this.listeners.push(listener);
  }

  /** Runs changes that nobody is told of: the journal's own. */
  quietly<T>(work: () => T): T {
    this.quiet = true;
    try {
      return work();
    } finally {
      this.quiet = false;
    }
  }

  /** Announces changes that are now visible to all. */
  publish(changes: readonly Change[], session?: Commit['session']): void {
    if (changes.length === 0 || this.quiet) return;
    const commit = { time: this.tick(), changes, session };
    for (const listener of this.listeners) listener(commit);
  }

  /** The collection, when it exists for this reader. */
  find(db: string, coll: string, txn?: Transaction): Collection | undefined {
    const found = this.databases.get(db)?.get(coll);
    return found && (!found.txn || found.txn === txn) ? found : undefined;
  }

  /** The collections of a database that exist for this reader. */
  list(db: string, txn?: Transaction): Collection[] {
    const all = [...(this.databases.get(db)?.values() ?? [])];
    return all.filter((collection) => !collection.txn || collection.txn === txn);
  }

  /**
   * Creates a collection, for the transaction alone until it commits.
   * @throws ServerError 48 when it exists, 112 when another transaction is creating it, 73 for a bad name
   */
  create(
    db: string,
    coll: string,
    options: CollectionOptions,
    txn?: Transaction,
    uuid: Binary = new UUID().toBinary(),
  ): Collection {
    checkName(db, coll);
    const existing = this.databases.get(db)?.get(coll);
    if (existing?.txn && existing.txn !== txn) existing.txn.block(txn);
    if (existing) {
      throw new ServerError(48, `Collection ${db}.${coll} already exists.`);
    }
    const collection = new Collection(this, db, coll, options, uuid);
    const database = this.databases.get(db) ?? new Map<string, Collection>();
    this.databases.set(db, database.set(coll, collection));
    const detail = { ...options, uuid: collection.uuid };
    const change: Change = { kind: 'create', db, coll, collection, detail };
    if (txn) {
      collection.txn = txn;
      txn.created.push(collection);
      txn.changes.push(change);
    } else this.publish([change]);
    return collection;
  }

  /** The collection; created when it does not exist yet. */
  ensure(db: string, coll: string, txn?: Transaction): Collection {
    return this.find(db, coll, txn) ?? this.create(db, coll, {}, txn);
  }

  /** Drops a collection; false when there is none. */
  drop(db: string, coll: string): boolean {
    const collection = this.find(db, coll);
    if (!collection) return false;
    this.waitForUsers(collection);
    this.forget(collection);
    this.publish([{ kind: 'drop', db, coll, collection }]);
    return true;
  }

  /** @throws Blocked while a transaction has uncommitted work in the collection */
  private waitForUsers(collection: Collection): void {
    for (const txn of this.open) if (txn.touches(collection)) txn.block(undefined);
  }

  /** Takes a collection out without a word: aborted creation, drop, rename over it. */
  forget(collection: Collection): void {
    const database = this.databases.get(collection.db);
    database?.delete(collection.name);
    if (database?.size === 0) this.databases.delete(collection.db);
    this.bytes -= collection.bytes;
    collection.dropped = true;
  }

  /** Drops all collections of a database. */
  dropDatabase(db: string): void {
    if (!this.databases.has(db)) return;
    for (const { name } of this.list(db)) this.drop(db, name);
    this.publish([{ kind: 'dropDatabase', db, coll: '' }]);
  }

  /** Renames a collection, also into another database; the target, when there is one, is dropped first. */
  rename(collection: Collection, db: string, coll: string, dropTarget: boolean): void {
    checkName(db, coll);
    const target = this.find(db, coll);
    if (target && !dropTarget) throw new ServerError(48, 'target namespace exists');
    const from = { db: collection.db, coll: collection.name };
    this.waitForUsers(collection);
    if (target) this.waitForUsers(target);
    const source = this.databases.get(from.db);
    if (target) this.forget(target);
    source?.delete(from.coll);
    if (source?.size === 0) this.databases.delete(from.db);
    const database = this.databases.get(db) ?? new Map<string, Collection>();
    this.databases.set(db, database.set(coll, collection));
    collection.db = db;
    collection.name = coll;
    const detail = { to: { db, coll }, dropTarget: target?.uuid };
    this.publish([{ kind: 'rename', ...from, collection, detail }]);
  }

  /** Starts a transaction that reads the data as they are now. */
  begin(): Transaction {
    const txn = new Transaction(this, this.sequence);
    this.open.add(txn);
    return txn;
  }

  /** Ends a transaction's hold on old versions. */
  end(txn: Transaction): void {
    this.open.delete(txn);
    if (this.open.size > 0) return;
    for (const version of this.garbage) version.record.collection.discard(version);
    this.garbage = [];
  }

  /** Makes `version` the newest of its record and lets go of the one before. */
  settle(version: Version): void {
    const { record } = version;
    const old = record.head;
    version.seq = this.sequence;
    record.head = version;
    const { collection } = record;
    const grown = (version.bytes?.length ?? 0) - (old?.bytes?.length ?? 0);
    collection.bytes += grown;
    this.bytes += grown;
    collection.count += (version.bytes ? 1 : 0) - (old?.bytes ? 1 : 0);
    if (this.open.size > 0) {
      version.prev = old;
      if (old) this.garbage.push(old);
      if (!version.bytes) this.garbage.push(version);
    } else {
      if (old) collection.discard(old);
      if (!version.bytes) collection.discard(version);
    }
  }

  /** @throws ServerError 146 when the data would outgrow the memory this server allows itself */
  checkRoom(bytes: number): void {
    if (this.bytes + bytes <= this.maxBytes) return;
    const limit = `${Math.round(this.maxBytes / 2 ** 20)} MB`;
    throw new ServerError(
      146,
      `The embedded development server holds at most ${limit} of data in memory; set MONGODB_URI to use a real MongoDB`,
    );
  }

  /** Removes everything. */
  reset(): void {
    for (const db of [...this.databases.keys()]) this.dropDatabase(db);
  }
}

function checkName(db: string, coll: string): void {
  checkDatabaseName(db);
  if (coll === '') throw new ServerError(73, `Invalid namespace specified '${db}.'`);
  if (/^\.|\.$|\$|\0/.test(coll) || coll.startsWith('system.')) {
    throw new ServerError(73, `Invalid collection name: ${coll}`);
  }
  if (Buffer.byteLength(`${db}.${coll}`) > 255) {
    throw new ServerError(73, `Fully qualified namespace is too long. Namespace: ${db}.${coll}`);
  }
}

/** @throws ServerError 73 for a name that MongoDB does not allow */
function checkDatabaseName(db: string): void {
  if (/[/\\. "$\0]/.test(db) || db === '' || Buffer.byteLength(db) > 63) {
    throw new ServerError(73, `Invalid database name: '${db}'`);
  }
}
