import { crc32 } from 'node:zlib';
import { Timestamp, type Binary } from 'mongodb';

import { decode, type Doc } from '../values/bson.ts';
import type { Collection, CollectionOptions } from './collection.ts';
import { applyIndexChange, namedSpec, type IndexSpec } from './indexes.ts';
import {
  arrayOf,
  assemble,
  contents,
  documentIn,
  documentsIn,
  element,
  encoded,
  findElement,
} from '../values/raw.ts';
import type { Change, Commit, Store } from './store.ts';

/** Bytes before the payload of a record: its length and its CRC-32, both unsigned little-endian. */
const HEADER = 8;

/** The format of records; one that says another is of a later version. */
const FORMAT = 1;

/** Frames a payload. */
function record(payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(payload.length, 0);
  header.writeUInt32LE(crc32(payload), 4);
  return Buffer.concat([header, payload]);
}

function changeBytes(change: Change): Buffer {
  const { kind, db, coll, before, after, detail } = change;
  const parts = [contents(encoded({ kind, db, coll, ...(detail ? { detail } : {}) }))];
  if (after) parts.push(element(0x03, 'doc', after));
  else if (before) {
    const id = findElement(before, '_id');
    if (id) parts.push(element(0x03, 'doc', assemble([before.subarray(id.at, id.end)])));
  }
  return assemble(parts);
}

/** The record of a commit. It is whole in the journal or not at all. */
export function commitRecord({ time, changes }: Pick<Commit, 'time' | 'changes'>): Buffer {
  const ops = element(0x04, 'ops', arrayOf(changes.map(changeBytes)));
  return record(assemble([contents(encoded({ time })), ops]));
}

/** The records that make the store as it is now. */
export function* snapshotRecords(store: Store): Generator<Buffer> {
  const { time } = store;
  for (const [db, collections] of store.databases) {
    for (const [coll, collection] of collections) {
      if (collection.txn) continue;
      const at = { db, coll };
      const detail = { ...collection.options, uuid: collection.uuid };
      const changes: Change[] = [{ kind: 'create', ...at, detail }];
      const indexes = [...collection.indexes.values()].filter(
        ({ spec, txn }) => spec.name !== '_id_' && !txn,
      );
      if (indexes.length > 0) {
        changes.push({
          kind: 'createIndexes',
          ...at,
          detail: { indexes: indexes.map(({ spec }) => spec) },
        });
      }
      yield commitRecord({ time, changes });
      for (const record of collection.records.values()) {
        const version = record.visible(undefined);
        if (!version) continue;
        yield commitRecord({ time, changes: [{ kind: 'insert', ...at, after: version.bytes }] });
      }
    }
  }
}

/**
 * Applies the records of a journal to an empty store, up to the first that is not whole.
 * @returns the number of bytes that were good, and what is wrong with the next one
 * @throws Error for a record that is whole and cannot be applied: another version wrote it, so nothing of it is thrown away
 */
export function replay(store: Store, bytes: Buffer): { good: number; problem: string | undefined } {
  const run = new Replay(store);
  let good = 0;
  let problem: string | undefined;
  while (good < bytes.length && problem === undefined) {
    const length = good + HEADER <= bytes.length ? bytes.readUInt32LE(good) : Infinity;
    const payload = bytes.subarray(good + HEADER, good + HEADER + length);
    // Zeros, which a file system may leave at the end of a file, have the checksum of an empty record.
    if (payload.length < length || length === 0) problem = 'torn record';
    else if (crc32(payload) !== bytes.readUInt32LE(good + 4)) problem = 'bad checksum';
    else {
      run.commit(payload);
      good += HEADER + length;
    }
  }
  run.finish();
  return { good, problem };
}

const HEAD = new Set(['kind', 'db', 'coll', 'detail']);

/** A journal being applied. Indexes are built at the end, all entries of each at once. */
class Replay {
  private readonly store: Store;
  private readonly indexes = new Map<Collection, Map<string, IndexSpec>>();

  constructor(store: Store) {
    this.store = store;
  }

  commit(payload: Buffer): void {
    try {
      this.apply(payload);
    } catch (error) {
      throw new Error(
        `The embedded database's journal holds a record that this version cannot apply (${error instanceof Error ? error.message : String(error)}). Start it with the version that wrote it, or move the folder away.`,
        { cause: error },
      );
    }
  }

  private apply(payload: Buffer): void {
    const { time, format = FORMAT } = decode(payload, new Set(['time', 'format']));
    if (format !== FORMAT) throw new Error(`format ${String(format)}, known is ${FORMAT}`);
    const ops = findElement(payload, 'ops');
    if (!ops || !(time instanceof Timestamp)) throw new Error('not a commit');
    for (const op of documentsIn(payload, ops)) {
      const { kind, db, coll, detail = {} } = decode(op, HEAD) as unknown as Change;
      if (kind === 'create') {
        const { uuid, ...options } = detail;
        this.store.create(db, coll, options as CollectionOptions, undefined, uuid as Binary);
      } else if (kind !== 'dropDatabase') {
        const collection = this.store.find(db, coll);
        if (!collection) throw new Error(`${kind} in ${db}.${coll}, which does not exist`);
        if (!this.define(collection, kind, detail)) write(collection, kind, op);
      }
    }
    this.store.advance(time);
  }

  finish(): void {
    for (const [collection, specs] of this.indexes) {
      if (!collection.dropped) for (const spec of specs.values()) collection.createIndex(spec);
    }
  }

  /** Applies a change of definition; false when it is none. */
  private define(collection: Collection, kind: Change['kind'], detail: Doc): boolean {
    const specs = this.indexes.get(collection) ?? new Map<string, IndexSpec>();
    this.indexes.set(collection, specs);
    switch (kind) {
      case 'drop':
        return this.store.drop(collection.db, collection.name);
      case 'rename': {
        const to = detail['to'] as { db: string; coll: string };
        this.store.rename(collection, to.db, to.coll, true);
        return true;
      }
      case 'createIndexes':
        for (const spec of detail['indexes'] as IndexSpec[]) specs.set(spec.name, spec);
        return true;
      case 'dropIndexes':
        for (const { name } of detail['indexes'] as IndexSpec[]) specs.delete(name);
        return true;
      case 'modify': {
        const change = detail['index'] as Doc | undefined;
        const spec = change && namedSpec(specs.values(), change['name'] ?? change['keyPattern']);
        if (spec) applyIndexChange(spec, change);
        collection.configure(detail['options'] as CollectionOptions);
        return true;
      }
      default:
        return false;
    }
  }
}

function write(collection: Collection, kind: Change['kind'], op: Buffer): void {
  const doc = documentIn(op, 'doc');
  const id = decode(doc, ONLY_ID)['_id'];
  const stored = kind === 'insert' ? undefined : collection.get(id);
  if (kind === 'insert') collection.insert(doc, id);
  else if (!stored) throw new Error(`${kind} of a document that does not exist`);
  else if (kind === 'delete') collection.remove(stored);
  else if (kind === 'update' || kind === 'replace') collection.replace(stored, doc, kind);
  else throw new Error(`unknown change '${String(kind)}'`);
}

const ONLY_ID = new Set(['_id']);
