import { randomUUID } from 'node:crypto';
import { ObjectId } from 'mongodb';

import { runPipeline } from '../aggregate/aggregate.ts';
import { decode, type Doc } from '../values/bson.ts';
import type { Collection } from '../storage/collection.ts';
import { ServerError, badValue, failedToParse } from '../errors.ts';
import { find } from '../query/query.ts';
import { encoded } from '../values/raw.ts';
import { isDoc } from '../values/values.ts';
import { getPath } from '../values/paths.ts';
import { insertDocument, updateDocuments } from '../update/write-operations.ts';
import { docOf, flagOf, type Context } from './command.ts';

function namespaceOf(context: Context, into: unknown, stage: string): { db: string; coll: string } {
  if (typeof into === 'string') return { db: context.db, coll: into };
  if (isDoc(into) && typeof into['coll'] === 'string') {
    return { db: typeof into['db'] === 'string' ? into['db'] : context.db, coll: into['coll'] };
  }
  throw failedToParse(`${stage} needs the name of a collection`);
}

/** Writes what a pipeline made where `$out` or `$merge` says. */
export function writeResults(
  context: Context,
  stage: string,
  operand: unknown,
  rows: Iterable<Doc>,
): void {
  if (context.txn) throw new ServerError(263, `${stage} cannot be used in a transaction`);
  if (stage === '$out') replaceCollection(context, operand, [...rows]);
  else merge(context, operand, [...rows]);
}

/** `$out`: the documents take the place of the collection, or nothing happens. */
function replaceCollection(context: Context, operand: unknown, rows: readonly Doc[]): void {
  const { db, coll } = namespaceOf(context, operand, '$out');
  const { store } = context.engine;
  const old = store.find(db, coll);
  if (old?.options.viewOn !== undefined) throw new ServerError(166, `${db}.${coll} is a view`);
  const made = store.create(db, `tmp.agg_out.${randomUUID()}`, old?.options ?? {});
  try {
    for (const index of old?.indexes.values() ?? []) {
      if (index.spec.name !== '_id_') made.createIndex(index.spec);
    }
    for (const row of rows) insertDocument(context, made, encoded(row), bypass(context));
    store.rename(made, db, coll, true);
  } catch (error) {
    store.drop(db, made.name);
    throw error;
  }
}

function bypass(context: Context): boolean {
  return flagOf(context, 'bypassDocumentValidation') ?? false;
}

interface Merge {
  collection: Collection;
  on: string[];
  whenMatched: unknown;
  whenNotMatched: unknown;
  let: Doc | undefined;
}

const MATCHED = ['replace', 'keepExisting', 'merge', 'fail'];
const NOT_MATCHED = ['insert', 'discard', 'fail'];

/** @throws ServerError 2 for a mode that `$merge` does not have */
function checkMode(field: string, mode: unknown, known: readonly string[]): void {
  if (typeof mode === 'string' && known.includes(mode)) return;
  throw badValue(
    `Enumeration value '${String(mode)}' for field '$merge.${field}' is not a valid value.`,
  );
}

function mergeOf(context: Context, operand: unknown): Merge {
  const spec = isDoc(operand) ? operand : { into: operand };
  for (const field of Object.keys(spec)) {
    if (!['into', 'on', 'let', 'whenMatched', 'whenNotMatched'].includes(field)) {
      throw new ServerError(40415, `BSON field '$merge.${field}' is an unknown field.`);
    }
  }
  const { db, coll } = namespaceOf(context, spec['into'], '$merge');
  const whenMatched = spec['whenMatched'] ?? 'merge';
  const whenNotMatched = spec['whenNotMatched'] ?? 'insert';
  if (!Array.isArray(whenMatched)) {
    checkMode('whenMatched', whenMatched, MATCHED);
    if (spec['let'] !== undefined) {
      throw new ServerError(
        51199,
        `Cannot use 'let' variables with 'whenMatched: ${String(whenMatched)}' mode`,
      );
    }
  }
  checkMode('whenNotMatched', whenNotMatched, NOT_MATCHED);
  const collection = context.engine.store.ensure(db, coll);
  const on = spec['on'] === undefined ? ['_id'] : ([spec['on']].flat() as string[]);
  const unique = [...collection.indexes.values()].some(
    ({ spec: { key, name, unique, partialFilterExpression } }) => {
      const paths = Object.keys(key);
      return (
        (unique === true || name === '_id_') &&
        !partialFilterExpression &&
        paths.length === on.length &&
        on.every((path) => paths.includes(path))
      );
    },
  );
  if (!unique)
    throw new ServerError(51183, 'Cannot find index to verify that join fields will be unique');
  return {
    collection,
    on,
    whenMatched,
    whenNotMatched,
    let: spec['let'] as Doc | undefined,
  };
}

/** `$merge`: each document is put into what is there. */
function merge(context: Context, operand: unknown, rows: readonly Doc[]): void {
  const spec = mergeOf(context, operand);
  for (const row of rows) {
    const doc = '_id' in row ? row : { _id: new ObjectId(), ...row };
    const filter = Object.fromEntries(spec.on.map((path) => [path, { $eq: onValue(doc, path) }]));
    const [found] = find(spec.collection, { filter, limit: 1 });
    if (!found) mergeNew(context, spec, doc);
    else mergeMatched(context, spec, doc, decode(found.version.bytes as Buffer));
  }
}

/** @throws ServerError 51132 when the value cannot identify a document */
function onValue(doc: Doc, path: string): unknown {
  const value = getPath(doc, path);
  if (value !== undefined && value !== null && !Array.isArray(value)) return value;
  throw new ServerError(
    51132,
    "$merge write error: 'on' field cannot be missing, null, undefined or an array",
  );
}

function mergeNew(context: Context, spec: Merge, doc: Doc): void {
  if (spec.whenNotMatched === 'discard') return;
  if (spec.whenNotMatched === 'fail') {
    throw new ServerError(
      13113,
      '$merge could not find a matching document in the target collection for at least one document in the source collection',
    );
  }
  insertDocument(context, spec.collection, encoded(doc), bypass(context));
}

function mergeMatched(context: Context, spec: Merge, doc: Doc, old: Doc): void {
  const { whenMatched, collection } = spec;
  if (whenMatched === 'keepExisting') return;
  if (whenMatched === 'fail') {
    throw new ServerError(
      11000,
      `E11000 duplicate key error collection: ${collection.namespace} index: _id_ dup key: { _id: ${String(doc['_id'])} }`,
      { extra: { keyPattern: { _id: 1 }, keyValue: { _id: doc['_id'] } } },
    );
  }
  let merged: Doc | undefined;
  if (whenMatched === 'replace')
    merged = { ...doc, _id: spec.on.includes('_id') ? doc['_id'] : old['_id'] };
  else if (whenMatched === 'merge') merged = { ...old, ...doc, _id: old['_id'] };
  else {
    const bound = spec.let ? evaluated(spec.let, doc) : { new: { $literal: doc } };
    const env = {
      collection: () => [],
      find: () => [],
      now: new Date(),
      let: { ...docOf(context, 'let'), ...bound },
    };
    [merged] = runPipeline([old], whenMatched as Doc[], env);
  }
  if (!merged) return;
  updateDocuments(
    { ...context, db: collection.db },
    collection.name,
    { filter: { _id: old['_id'] }, update: merged, multi: false, upsert: false },
    bypass(context),
  );
}

/** Values of `let` expressions over a document, as literals. */
function evaluated(variables: Doc, doc: Doc): Doc {
  const env = { collection: () => [], find: () => [], now: new Date() };
  const [values = {}] = runPipeline([doc], [{ $replaceWith: variables }], env);
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { $literal: value }]),
  );
}
