import type { Collection } from './collection.ts';
import { ServerError } from '../errors.ts';
import type { StoredRecord, Version } from './records.ts';
import type { Change, Commit, Store } from './store.ts';

/** Thrown to a write outside any transaction that meets an uncommitted one: wait for `txn.ended`, then try again. */
export class Blocked extends Error {
  readonly txn: Transaction;

  constructor(txn: Transaction) {
    super('blocked by an open transaction');
    this.txn = txn;
  }
}

/** The error that makes a driver run its whole transaction again. */
function writeConflict(): ServerError {
  return new ServerError(
    112,
    'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
    { labels: ['TransientTransactionError'] },
  );
}

/** An open transaction: a snapshot to read, writes nobody else sees yet. The first writer of a document wins. */
export class Transaction {
  readonly snapshot: number;
  readonly changes: Change[] = [];
  readonly created: Collection[] = [];
  /** Settles when it commits or aborts. */
  readonly ended: Promise<void>;
  private readonly store: Store;
  private readonly records = new Set<StoredRecord>();
  private finish: () => void = () => undefined;

  constructor(store: Store, snapshot: number) {
    this.store = store;
    this.snapshot = snapshot;
    this.ended = new Promise((resolve) => (this.finish = resolve));
  }

  /** Stops a writer that meets a write of this transaction: a conflict in a transaction, else a wait. */
  block(writer: Transaction | undefined): never {
    if (writer) throw writeConflict();
    throw new Blocked(this);
  }

  /** Stops this transaction at a document that was changed after its snapshot. */
  conflict(): never {
    throw writeConflict();
  }

  /** Whether it has uncommitted work in a collection. */
  touches(collection: Collection): boolean {
    return this.changes.some((change) => change.collection === collection);
  }

  /** Takes a write into the transaction. */
  hold(record: StoredRecord, version: Version, change: Change): void {
    const replaced = record.pending?.version;
    record.pending = { txn: this, version };
    this.records.add(record);
    this.changes.push(change);
    if (replaced) record.collection.discard(replaced);
  }

  /** Makes all writes visible in one step. */
  commit(session?: Commit['session']): void {
    this.store.sequence++;
    for (const collection of this.created) collection.txn = undefined;
    for (const change of this.changes) {
      for (const index of change.collection?.indexes.values() ?? []) {
        if (index.txn === this) index.txn = undefined;
      }
    }
    for (const record of this.records) {
      const version = record.pending?.version;
      record.pending = undefined;
      if (version) this.store.settle(version);
    }
    this.close();
    this.store.publish(this.changes, session);
  }

  /** Drops all writes. */
  abort(): void {
    for (const record of this.records) {
      const version = record.pending?.version;
      record.pending = undefined;
      if (version) record.collection.discard(version);
    }
    for (const { collection } of this.changes) {
      for (const index of [...(collection?.indexes.values() ?? [])]) {
        if (index.txn === this) collection?.detach(index);
      }
    }
    for (const collection of this.created) this.store.forget(collection);
    this.close();
  }

  private close(): void {
    this.store.end(this);
    this.finish();
  }
}
