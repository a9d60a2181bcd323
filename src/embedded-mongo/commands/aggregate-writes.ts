import { randomUUID } from 'node:crypto';
import { ObjectId } from 'mongodb';

import { runPipeline } from '../aggregate/aggregate.ts';
import type { Doc } from '../values/bson.ts';
import { sameCollation, type Collation } from '../values/collation.ts';
import type { Collection } from '../storage/collection.ts';
import { ServerError, badValue, failedToParse } from '../errors.ts';
import { encoded } from '../values/raw.ts';
import { isDoc } from '../values/values.ts';
import { getPath } from '../values/paths.ts';
import {
  insertDocument,
  updateDocuments,
  type UpdateStatement,
} from '../update/write-operations.ts';
import { docOf, flagOf, unblocked, type Context } from './command.ts';

function namespaceOf(context: Context, into: unknown, stage: string): { db: string; coll: string } {
  if (typeof into === 'string') return { db: context.db, coll: into };
  if (isDoc(into) && typeof into['coll'] === 'string') {
    return { db: typeof into['db'] === 'string' ? into['db'] : context.db, coll: into['coll'] };
  }
  throw failedToParse(`${stage} needs the name of a collection`);
}

/** Writes what a pipeline made where `$out` or `$merge` says. */
export async function writeResults(
  context: Context,
  stage: string,
  operand: unknown,
  rows: Iterable<Doc>,
  collation: Collation | undefined,
): Promise<void> {
  if (context.txn) throw new ServerError(263, `${stage} cannot be used in a transaction`);
  const documents = [...rows];
  if (stage === '$merge') await merge(context, mergeOf(context, operand, collation), documents);
  else await unblocked(context, () => replaceCollection(context, operand, documents));
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
  whenMatched: string | Doc[];
  whenNotMatched: string;
  let: Doc | undefined;
  collation: Collation | undefined;
}

const MATCHED = ['replace', 'keepExisting', 'merge', 'fail'];
const NOT_MATCHED = ['insert', 'discard', 'fail'];

/** @throws ServerError 2 for a mode that `$merge` does not have */
function modeOf(field: string, mode: unknown, known: readonly string[]): string {
  if (typeof mode === 'string' && known.includes(mode)) return mode;
  throw badValue(
    `Enumeration value '${String(mode)}' for field '$merge.${field}' is not a valid value.`,
  );
}

function mergeOf(context: Context, operand: unknown, collation: Collation | undefined): Merge {
  const spec = isDoc(operand) ? operand : { into: operand };
  for (const field of Object.keys(spec)) {
    if (!['into', 'on', 'let', 'whenMatched', 'whenNotMatched'].includes(field)) {
      throw new ServerError(40415, `BSON field '$merge.${field}' is an unknown field.`);
    }
  }
  const { db, coll } = namespaceOf(context, spec['into'], '$merge');
  const asked = spec['whenMatched'] ?? 'merge';
  const whenMatched = Array.isArray(asked)
    ? (asked as Doc[])
    : modeOf('whenMatched', asked, MATCHED);
  const whenNotMatched = modeOf('whenNotMatched', spec['whenNotMatched'] ?? 'insert', NOT_MATCHED);
  if (spec['let'] !== undefined && typeof whenMatched === 'string') {
    throw new ServerError(
      51199,
      `Cannot use 'let' variables with 'whenMatched: ${whenMatched}' mode`,
    );
  }
  if ((whenMatched === 'fail' || whenMatched === 'keepExisting') && whenNotMatched !== 'insert') {
    throw new ServerError(
      51181,
      `Combination of $merge modes 'whenMatched: ${whenMatched}' and 'whenNotMatched: ${whenNotMatched}' is not supported`,
    );
  }
  const collection = context.engine.store.ensure(db, coll);
  const on = spec['on'] === undefined ? ['_id'] : ([spec['on']].flat() as string[]);
  const unique = [...collection.indexes.values()].some((index) => {
    const { name, unique, partialFilterExpression } = index.spec;
    return (
      (unique === true || name === '_id_') &&
      !partialFilterExpression &&
      index.paths.length === on.length &&
      on.every((path) => index.paths.includes(path)) &&
      (spec['on'] === undefined || sameCollation(index.collation, collation))
    );
  });
  if (!unique)
    throw new ServerError(51183, 'Cannot find index to verify that join fields will be unique');
  const variables = spec['let'] as Doc | undefined;
  return { collection, on, whenMatched, whenNotMatched, let: variables, collation };
}

/** A document, its bytes, and the filter that finds what it is merged into. */
interface Pair {
  readonly doc: Doc;
  readonly bytes: Buffer;
  readonly filter: Doc;
}

/** MongoDB writes so many bytes of documents at once. */
const BATCH_BYTES = 16 * 1024 * 1024;

/** `$merge`: each document is put into what is there, batch by batch. */
async function merge(context: Context, spec: Merge, rows: readonly Doc[]): Promise<void> {
  let batch: Pair[] = [];
  let size = 0;
  for (const row of rows) {
    const doc = spec.on.includes('_id') && !('_id' in row) ? { _id: new ObjectId(), ...row } : row;
    const keys = spec.on.map((path): [string, Doc] => [path, { $eq: onValue(doc, path) }]);
    const bytes = encoded(doc);
    if (size + bytes.length > BATCH_BYTES) {
      await mergeBatch(context, spec, batch);
      batch = [];
      size = 0;
    }
    batch.push({ doc, bytes, filter: Object.fromEntries(keys) });
    size += bytes.length;
  }
  await mergeBatch(context, spec, batch);
}

/** Merges all documents of a batch that can be. @throws ServerError the first error, after the last document */
async function mergeBatch(context: Context, spec: Merge, batch: readonly Pair[]): Promise<void> {
  const errors: ServerError[] = [];
  for (const pair of batch) {
    try {
      await unblocked(context, () => mergeOne(context, spec, pair));
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      errors.push(error);
    }
  }
  if (errors[0]) throw errors[0];
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

function mergeOne(context: Context, spec: Merge, { doc, bytes, filter }: Pair): void {
  const { collection, whenMatched, whenNotMatched } = spec;
  if (whenMatched !== 'fail') {
    const { matched } = updateDocuments(
      { ...context, db: collection.db },
      collection.name,
      {
        filter,
        multi: false,
        upsert: false,
        collation: spec.collation?.spec,
        ...updateOf(context, spec, doc),
      },
      bypass(context),
    );
    if (matched > 0 || whenNotMatched === 'discard') return;
  }
  if (whenNotMatched === 'fail') {
    throw new ServerError(
      13113,
      '$merge could not find a matching document in the target collection for at least one document in the source collection',
    );
  }
  insertDocument(context, collection, bytes, bypass(context));
}

/** The update that `whenMatched` stands for. */
function updateOf(
  context: Context,
  spec: Merge,
  doc: Doc,
): Pick<UpdateStatement, 'update' | 'let' | 'constants'> {
  const { whenMatched, let: variables = { new: '$$ROOT' } } = spec;
  if (whenMatched === 'replace') return { update: doc };
  if (typeof whenMatched === 'string') {
    return { update: { [whenMatched === 'merge' ? '$set' : '$setOnInsert']: doc } };
  }
  const env = { let: docOf(context, 'let') };
  const [values = {}] = runPipeline([doc], [{ $replaceWith: variables }], env);
  const constants = Object.keys(variables).map((name) => [name, values[name]]);
  return { update: whenMatched, ...env, constants: Object.fromEntries(constants) as Doc };
}
