import type { Doc } from '../values/bson.ts';
import { ServerError } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import { compileFilter, type Matcher } from './match.ts';
import { fieldPicker } from '../values/pick-fields.ts';
import { Best } from './best.ts';
import { plan, type Plan, type Query } from './planner.ts';
import { head, topLevelFields } from './fields.ts';
import type { Version } from '../storage/records.ts';
import type { TextIndex } from './text.ts';
import type { Transaction } from '../storage/transactions.ts';

/** A query with what surrounds it in a command. */
export interface Find extends Query {
  skip?: number;
  limit?: number;
  let?: Doc | undefined;
}

/** What a query did, for `explain`. */
export interface Stats {
  keys: number;
  documents: number;
}

/** A document found, with its decoded form: whole, or only the fields that filter and sort read. */
export interface Found {
  version: Version;
  doc: Doc;
}

/** The text index of a collection in the form that `$text` needs. */
function textIndex(collection: Collection): TextIndex | undefined {
  for (const { spec } of collection.indexes.values()) {
    const { weights, default_language, language_override } = spec;
    if (!weights) continue;
    return { weights, defaultLanguage: default_language, override: language_override };
  }
  return undefined;
}

/** The filter of a query, compiled for its collection. */
export function matcher(collection: Collection, query: Find): Matcher {
  const text = textIndex(collection);
  return compileFilter(query.filter, { collation: query.collation, let: query.let, text });
}

/** The versions that index scans lead to, each once. */
function* indexed(
  { scans, backwards }: Plan,
  txn: Transaction | undefined,
  stats: Stats,
): Generator<Version> {
  const repeated = scans.length > 1 || scans.some(({ index }) => index.isMultikey);
  const seen = repeated ? new Set<Version>() : undefined;
  for (const { index, spans } of scans) {
    index.uses++;
    for (const [from, to] of backwards ? [...spans].reverse() : spans) {
      for (const version of index.entries.walk(from, to, backwards)) {
        stats.keys++;
        if (version.record.visible(txn) !== version || seen?.has(version)) continue;
        seen?.add(version);
        yield version;
      }
    }
  }
}

/** Fields that filter and sort read; undefined: possibly all. */
function fieldsRead(query: Find): ReadonlySet<string> | undefined {
  const fields = topLevelFields(query.filter);
  if (!fields) return undefined;
  for (const [path, way] of Object.entries(query.sort ?? {})) {
    if (typeof way === 'object') return undefined;
    fields.push(head(path));
  }
  return new Set(fields);
}

/**
 * Finds the documents of a query in its order. Without a sort to do, documents are found as they are asked for.
 * A version that was superseded while the caller paused is given as it was.
 * Where there is no collection there are none, but a malformed filter fails all the same.
 */
export function* find(
  collection: Collection | undefined,
  query: Find,
  txn?: Transaction,
  stats: Stats = { keys: 0, documents: 0 },
): Generator<Found> {
  if (!collection) return void compileFilter(query.filter, query);
  const { skip = 0, limit = 0 } = query;
  const { db, name } = collection;
  const chosen = plan(collection, query, txn);
  const end = limit > 0 ? skip + limit : Infinity;
  const needsSort = query.sort && Object.keys(query.sort).length > 0 && !chosen.sorted;
  const best = needsSort ? new Best(query, end) : undefined;
  const matches = matching(collection, query, chosen, txn, stats, best);
  const ordered = best ? best.of(matches) : matches;
  let at = 0;
  for (const found of ordered) {
    if (at++ >= skip) {
      yield found;
      checkStands(collection, db, name, chosen);
    }
    if (at >= end) return;
  }
}

/** A cursor does not outlive its collection, nor an index it walks. @throws ServerError 175 */
function checkStands(collection: Collection, db: string, name: string, { scans }: Plan): void {
  const lost = scans.find(({ index }) => collection.indexes.get(index.spec.name) !== index);
  const renamed = collection.name !== name || collection.db !== db;
  if (!collection.dropped && !renamed && !lost) return;
  const why = collection.dropped
    ? `collection dropped: ${db}.${name}`
    : renamed
      ? `collection renamed from '${db}.${name}' to '${collection.namespace}'`
      : `index '${lost?.index.spec.name}' dropped`;
  throw new ServerError(175, why);
}

function* matching(
  collection: Collection,
  query: Find,
  chosen: Plan,
  txn: Transaction | undefined,
  stats: Stats,
  best?: Best,
): Generator<Found> {
  const test = matcher(collection, query);
  const everything = chosen.exact || Object.keys(query.filter).length === 0;
  const needsDoc = !everything || (!chosen.sorted && query.sort !== undefined);
  const fields = fieldsRead(query);
  const pick = fieldPicker(fields);
  // An expression may fail on a document, and then has to: none is passed over.
  const early = fields && best;
  const look = (version: Version): Found | undefined => {
    stats.documents++;
    if (version.bytes && early?.beyond(version.bytes)) return undefined;
    const doc = needsDoc && version.bytes ? pick(version.bytes) : {};
    return everything || test.test(doc) ? { version, doc } : undefined;
  };
  if (chosen.scans.length > 0) {
    for (const version of indexed(chosen, txn, stats)) {
      const found = look(version);
      if (found) yield found;
    }
    return;
  }
  for (const block of collection.blocks(chosen.backwards)) {
    for (const record of block) {
      const version = record.visible(txn);
      const found = version && look(version);
      if (found) yield found;
    }
  }
}

/** Number of documents of a query. Where the bounds of an index say it all, no document is read. */
export function count(collection: Collection | undefined, query: Find, txn?: Transaction): number {
  if (!collection) return [...find(collection, query)].length;
  const { skip = 0, limit = 0 } = query;
  const total = countAll(collection, query, txn, limit > 0 ? skip + limit : Infinity);
  const rest = Math.max(0, total - skip);
  return limit > 0 ? Math.min(rest, limit) : rest;
}

function countAll(
  collection: Collection,
  query: Find,
  txn: Transaction | undefined,
  end: number,
): number {
  const quiet = !txn && collection.store.open.size === 0;
  if (quiet && Object.keys(query.filter).length === 0 && query.hint === undefined) {
    return collection.count;
  }
  const chosen = plan(collection, { ...query, sort: undefined }, txn);
  const [scan] = chosen.scans;
  if (quiet && chosen.exact && scan && chosen.scans.length === 1 && !scan.index.isMultikey) {
    scan.index.uses++;
    return scan.spans.reduce((sum, [from, to]) => sum + scan.index.entries.count(from, to), 0);
  }
  let total = 0;
  for (const _ of find(collection, { ...query, sort: undefined, skip: 0, limit: 0 }, txn)) {
    if (++total >= end) break;
  }
  return total;
}
