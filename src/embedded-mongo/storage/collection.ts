import type { Binary } from 'mongodb';

import { decode, type Doc } from '../values/bson.ts';
import { compileCollation, type Collation } from '../values/collation.ts';
import { ServerError } from '../errors.ts';
import { Index, type IndexSpec } from './indexes.ts';
import { keyString } from '../values/key-string.ts';
import { fieldPicker } from '../values/pick-fields.ts';
import { kept, StoredRecord, Version } from './records.ts';
import type { Change, Store } from './store.ts';
import type { Transaction } from './transactions.ts';
import { compileValidator, type Validator } from '../schema/validation.ts';
import { keyOf } from '../values/values.ts';

/** Options of `create` and `collMod` that this server knows, as `listCollections` shows them. */
export interface CollectionOptions extends Doc {
  validator?: Doc;
  validationLevel?: string;
  validationAction?: string;
  collation?: Doc;
  capped?: boolean;
  size?: number;
  max?: number;
  viewOn?: string;
  pipeline?: Doc[];
  changeStreamPreAndPostImages?: { enabled: boolean };
}

/** Documents of at most 16 MiB, as in MongoDB. */
const MAX_DOCUMENT = 16 * 1024 * 1024;

/** Records that a scan takes at once. */
const BLOCK = 64;

/** One collection: records by `_id` in order of insertion, and its indexes. */
export class Collection {
  db: string;
  name: string;
  readonly uuid: Binary;
  readonly store: Store;
  readonly records = new Map<string, StoredRecord>();
  readonly indexes = new Map<string, Index>();
  /** The open transaction that created it. */
  txn: Transaction | undefined;
  dropped = false;
  count = 0;
  bytes = 0;
  options: CollectionOptions = {};
  collation: Collation | undefined;
  validator: Validator | undefined;
  /** Reads the fields that any index needs. */
  private indexed: (bytes: Buffer) => Doc = fieldPicker(new Set());

  constructor(store: Store, db: string, name: string, options: CollectionOptions, uuid: Binary) {
    this.store = store;
    this.db = db;
    this.name = name;
    this.uuid = uuid;
    this.collation = compileCollation(options.collation);
    this.configure(options);
    if (options.viewOn === undefined) this.attach(new Index(this.idIndex()));
  }

  private idIndex(): IndexSpec {
    const spec: IndexSpec = { v: 2, key: { _id: 1 }, name: '_id_' };
    return this.collation ? { ...spec, collation: this.collation.spec } : spec;
  }

  get namespace(): string {
    return `${this.db}.${this.name}`;
  }

  /** Takes over options of `create` or `collMod`. */
  configure(options: CollectionOptions): void {
    this.options = options;
    this.validator = compileValidator(options, this.namespace, this.collation);
  }

  /** The canonical key of an `_id`. */
  idKey(id: unknown): string {
    return this.collation ? keyOf(id, this.collation) : keyString(id);
  }

  /** The version with this `_id` that the reader sees. */
  get(id: unknown, txn?: Transaction): Version | undefined {
    return this.records.get(this.idKey(id))?.visible(txn);
  }

  /**
   * All records in order of insertion, in blocks: a generator that stopped at each would cost more than what is done with
   * it. Those that are added while the reader pauses show up behind the block it is at, as in a cursor of MongoDB.
   */
  *blocks(backwards = false): Generator<readonly StoredRecord[]> {
    const records = backwards ? [...this.records.values()].reverse() : this.records.values();
    let block: StoredRecord[] = [];
    for (const record of records) {
      block.push(record);
      if (block.length < BLOCK) continue;
      yield block;
      block = [];
    }
    yield block;
  }

  /**
   * Adds a document, whose bytes start with `_id`.
   * @throws ServerError 11000 when its `_id` or a unique key is taken, 112 on a conflict of transactions, 121, 146, 10334
   */
  insert(bytes: Buffer, id: unknown, txn?: Transaction): Version {
    const key = this.idKey(id);
    const existing = this.records.get(key);
    if (existing) this.checkFree(existing, txn, id);
    const record = existing ?? new StoredRecord(this, key);
    const version = this.write(record, bytes, txn, 'insert');
    if (!existing) this.records.set(key, record);
    if (this.options.capped && !txn) this.trim();
    return version;
  }

  /**
   * Replaces the version a reader sees by a new one with the same `_id`.
   * @param whole paths that the update wrote as a whole
   */
  replace(
    old: Version,
    bytes: Buffer,
    kind: 'update' | 'replace',
    txn?: Transaction,
    whole?: readonly string[],
  ): Version {
    return this.write(old.record, bytes, txn, kind, whole);
  }

  /** Deletes a document. */
  remove(old: Version, txn?: Transaction): void {
    this.write(old.record, undefined, txn, 'delete');
  }

  /** Throws when another transaction's write, or one after the snapshot, stands in the way of a write. */
  checkConflict(record: StoredRecord, txn: Transaction | undefined): void {
    if (record.pending && record.pending.txn !== txn) record.pending.txn.block(txn);
    if (txn && record.head && record.head.seq > txn.snapshot) txn.conflict();
  }

  private checkFree(record: StoredRecord, txn: Transaction | undefined, id: unknown): void {
    this.checkConflict(record, txn);
    if (record.visible(txn)) throw this.duplicate('_id_', { _id: 1 }, { _id: id });
  }

  private duplicate(index: string, keyPattern: Doc, keyValue: Doc): ServerError {
    const shown = Object.entries(keyValue).map(([path, value]) => `${path}: ${showKey(value)}`);
    return new ServerError(
      11000,
      `E11000 duplicate key error collection: ${this.namespace} index: ${index} dup key: { ${shown.join(', ')} }`,
      { extra: { keyPattern, keyValue } },
    );
  }

  private write(
    record: StoredRecord,
    bytes: Buffer | undefined,
    txn: Transaction | undefined,
    kind: 'insert' | 'update' | 'replace' | 'delete',
    whole: readonly string[] = [],
  ): Version {
    this.checkConflict(record, txn);
    const before = record.visible(txn);
    if (bytes) this.checkSize(bytes.length, before?.bytes?.length ?? 0);
    const version = new Version(record, bytes && kept(bytes));
    if (bytes) this.enter(version, this.indexed(bytes), txn);
    const change: Change = {
      kind,
      db: this.db,
      coll: this.name,
      collection: this,
      before: before?.bytes,
      after: version.bytes,
      whole,
    };
    if (txn) {
      txn.hold(record, version, change);
    } else {
      this.store.sequence++;
      this.store.settle(version);
      this.store.publish([change]);
    }
    return version;
  }

  private checkSize(size: number, before: number): void {
    if (size > MAX_DOCUMENT) {
      throw new ServerError(
        10334,
        `BSONObj size: ${size} is invalid. Size must be between 0 and ${MAX_DOCUMENT}`,
      );
    }
    this.store.checkRoom(size - before);
  }

  /** Puts a version into all indexes, or, when a unique one refuses it, into none. */
  private enter(version: Version, doc: Doc, txn: Transaction | undefined): void {
    const entries: [Index, string[]][] = [];
    for (const index of this.indexes.values()) {
      const keys = index.keysOf(doc);
      if (index.spec.unique)
        for (const key of keys) this.checkUnique(index, key, version, doc, txn);
      entries.push([index, keys]);
    }
    for (const [index, keys] of entries) for (const key of keys) index.entries.add(key, version);
  }

  private checkUnique(
    index: Index,
    key: string,
    version: Version,
    doc: Doc,
    txn: Transaction | undefined,
  ): void {
    for (const other of index.entries.slice(key, `${key}\0`)) {
      const { record } = other;
      if (record === version.record) continue;
      const { pending } = record;
      if (pending && pending.txn !== txn && (pending.version === other || record.head === other)) {
        pending.txn.block(txn);
      }
      if (txn && record.head === other && other.seq > txn.snapshot) txn.conflict();
      if (record.visible(txn) !== other) continue;
      throw this.duplicate(index.spec.name, index.spec.key, index.keyValue(doc, key));
    }
  }

  /** Takes a version that nobody can see any more out of the indexes, and its record when nothing is left of it. */
  discard(version: Version): void {
    const { record, bytes } = version;
    if (bytes) {
      const doc = this.indexed(bytes);
      for (const index of this.indexes.values()) {
        for (const key of index.keysOf(doc)) index.entries.remove(key, version);
      }
    }
    if (record.head?.prev === version) record.head.prev = undefined;
    if (!record.head?.bytes && !record.pending && this.records.get(record.key) === record) {
      this.records.delete(record.key);
    }
  }

  /**
   * Adds an index and fills it.
   * @throws ServerError 11000 when documents violate a unique one
   */
  createIndex(spec: IndexSpec, txn?: Transaction): Index {
    const index = new Index(spec);
    const entries: [string, Version][] = [];
    for (const record of this.records.values()) {
      for (const version of [record.head, record.pending?.version]) {
        if (!version?.bytes) continue;
        for (const key of index.keysOfBytes(version.bytes)) entries.push([key, version]);
      }
    }
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    if (spec.unique) this.checkAllUnique(index, entries);
    index.entries.load(entries);
    index.txn = txn;
    index.born = this.store.sequence;
    this.attach(index);
    const detail = { indexes: [spec] };
    const change: Change = {
      kind: 'createIndexes',
      db: this.db,
      coll: this.name,
      collection: this,
      detail,
    };
    if (txn) txn.changes.push(change);
    else this.store.publish([change]);
    return index;
  }

  private checkAllUnique(index: Index, entries: readonly [string, Version][]): void {
    entries.forEach(([key, version], at) => {
      const next = entries[at + 1];
      if (next?.[0] !== key || next[1].record === version.record || !version.bytes) return;
      throw this.duplicate(
        index.spec.name,
        index.spec.key,
        index.keyValue(decode(version.bytes), key),
      );
    });
  }

  /** Drops an index. */
  dropIndex(index: Index): void {
    this.indexes.delete(index.spec.name);
    this.refreshFields();
    const detail = { indexes: [index.spec] };
    this.store.publish([
      { kind: 'dropIndexes', db: this.db, coll: this.name, collection: this, detail },
    ]);
  }

  /** Takes out the index of a transaction that aborted. */
  detach(index: Index): void {
    this.indexes.delete(index.spec.name);
    this.refreshFields();
  }

  private attach(index: Index): void {
    this.indexes.set(index.spec.name, index);
    this.refreshFields();
  }

  private refreshFields(): void {
    const all = [...this.indexes.values()].map((index) => index.fields);
    const known = all.flatMap((set) => [...(set ?? [])]);
    this.indexed = fieldPicker(all.includes(undefined) ? undefined : new Set(known));
  }

  private trim(): void {
    const { max = Infinity, size = Infinity } = this.options;
    for (const record of this.records.values()) {
      if (this.count <= max && this.bytes <= size) return;
      const version = record.visible(undefined);
      if (version) this.remove(version);
    }
  }
}

function showKey(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === undefined) return 'null';
  const name = (value as { _bsontype?: string } | null)?._bsontype;
  if (name === 'Double')
    return /^-?\d+$/.test(String(value)) ? `${String(value)}.0` : String(value);
  if (name === 'ObjectId') return `ObjectId('${String(value)}')`;
  return typeof value === 'object' && !name ? JSON.stringify(value) : String(value);
}
