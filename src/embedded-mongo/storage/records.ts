import type { Collection } from './collection.ts';
import type { Transaction } from './transactions.ts';

const SLAB = 8192;
let slab = Buffer.allocUnsafeSlow(SLAB);
let used = 0;

/**
 * A copy of a document's bytes to keep. Node cuts small buffers from a pool that all of the process shares, where a kept
 * document would hold on to the messages around it; these slabs hold documents alone.
 */
export function kept(bytes: Buffer): Buffer {
  if (bytes.length > SLAB / 4) {
    const copy = Buffer.allocUnsafeSlow(bytes.length);
    copy.set(bytes);
    return copy;
  }
  if (used + bytes.length > SLAB) {
    slab = Buffer.allocUnsafeSlow(SLAB);
    used = 0;
  }
  const copy = slab.subarray(used, used + bytes.length);
  copy.set(bytes);
  used += bytes.length;
  return copy;
}

let versionsMade = 0;

/** One state of a document: its BSON bytes, or undefined for "deleted". Immutable once written. */
export class Version {
  readonly record: StoredRecord;
  readonly bytes: Buffer | undefined;
  /** Its number among all versions of this process, in the order they were made. */
  readonly made = ++versionsMade;
  /** Number of the commit that made it visible; Infinity while its transaction is open. */
  seq = Infinity;
  /** The state before, kept while a transaction is open that may read it. */
  prev: Version | undefined = undefined;

  constructor(record: StoredRecord, bytes: Buffer | undefined) {
    this.record = record;
    this.bytes = bytes;
  }
}

/** One document through time: the newest committed version and at most one that a transaction has not committed yet. */
export class StoredRecord {
  readonly collection: Collection;
  /** Canonical key of `_id`. */
  readonly key: string;
  head: Version | undefined = undefined;
  pending: { txn: Transaction; version: Version } | undefined = undefined;

  constructor(collection: Collection, key: string) {
    this.collection = collection;
    this.key = key;
  }

  /** The version a reader sees: a transaction its own write or its snapshot, everyone else the newest. */
  visible(txn: Transaction | undefined): Version | undefined {
    let version = this.head;
    if (txn) {
      if (this.pending?.txn === txn) version = this.pending.version;
      else while (version && version.seq > txn.snapshot) version = version.prev;
    }
    return version?.bytes ? version : undefined;
  }
}
