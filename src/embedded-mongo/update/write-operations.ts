import { ObjectId } from 'mongodb';

import { decode, type Doc } from '../values/bson.ts';
import type { Collation } from '../values/collation.ts';
import type { Collection } from '../storage/collection.ts';
import { collationOf, type Context } from '../commands/command.ts';
import { ServerError, failedToParse } from '../errors.ts';
import { find, matcher, type Find } from '../query/query.ts';
import {
  checkDocument,
  element,
  encoded,
  findElement,
  ownedWithIdFirst,
  assemble,
  contents,
} from '../values/raw.ts';
import type { Version } from '../storage/records.ts';
import { compileUpdate, upsertSeed } from './update.ts';
import { equal, isDoc } from '../values/values.ts';

/** An update as `update`, `findAndModify` and `bulkWrite` say it. */
export interface UpdateStatement {
  filter: Doc;
  update: Doc | Doc[];
  multi: boolean;
  upsert: boolean;
  arrayFilters?: Doc[] | undefined;
  collation?: unknown;
  hint?: unknown;
  sort?: Doc | undefined;
  let?: Doc | undefined;
  constants?: Doc | undefined;
}

/** What an update did. */
interface UpdateOutcome {
  matched: number;
  modified: number;
  upsertedId?: unknown;
  /** The first document before and after, for `findAndModify`. */
  before?: Buffer | undefined;
  after?: Buffer | undefined;
}

/** The collection of a write, created when it is missing. @throws ServerError 166 for a view */
export function writable(context: Context, name: string, create: boolean): Collection | undefined {
  const { engine, db, txn } = context;
  const collection = create ? engine.store.ensure(db, name, txn) : engine.store.find(db, name, txn);
  if (collection?.options.viewOn !== undefined) {
    throw new ServerError(166, `Namespace ${db}.${name} is a view, not a collection`);
  }
  return collection;
}

function checkId(type: number, bytes: Buffer): void {
  if (type === 0x04 || type === 0x0b || type === 0x06) {
    const name = type === 0x04 ? 'array' : type === 0x0b ? 'regex' : 'undefined';
    throw new ServerError(53, `The '_id' value cannot be of type ${name}`);
  }
  if (type !== 0x03) return;
  const names = Object.keys(decode(bytes)['_id'] as Doc);
  const bad = names.find((name) => name.startsWith('$'));
  if (bad)
    throw new ServerError(
      52,
      `The dollar ($) prefixed field '${bad}' in '_id.${bad}' is not valid for storage.`,
    );
}

const ONLY_ID = new Set(['_id']);

/** Inserts a document that came as bytes. @returns the version that is now stored */
export function insertDocument(
  context: Context,
  collection: Collection,
  bytes: Buffer,
  bypass: boolean,
): Version {
  const idElement = findElement(bytes, '_id');
  let owned: Buffer;
  let id: unknown;
  if (idElement) {
    checkId(idElement.type, bytes);
    owned = ownedWithIdFirst(bytes, idElement);
    id = decode(owned, ONLY_ID)['_id'];
  } else {
    const made = new ObjectId();
    id = made;
    owned = assemble([element(0x07, '_id', Buffer.from(made.id)), contents(bytes)]);
  }
  const { validator } = collection;
  if (validator && !bypass) {
    const doc = decode(owned);
    if (!validator.valid(doc)) throw validator.error(doc);
  }
  return collection.insert(owned, id, context.txn);
}

function queryOf(collection: Collection | undefined, statement: UpdateStatement): Find {
  const { filter, hint, sort } = statement;
  const collation: Collation | undefined = collationOf(statement.collation, collection);
  return { filter, hint, sort, collation, let: statement.let, limit: statement.multi ? 0 : 1 };
}

function isReplacement(update: Doc | Doc[]): update is Doc {
  return !Array.isArray(update) && !Object.keys(update)[0]?.startsWith('$');
}

function usesPosition(update: Doc | Doc[]): boolean {
  if (Array.isArray(update)) return false;
  return Object.values(update).some(
    (operator) => isDoc(operator) && Object.keys(operator).some((path) => /\.\$(\.|$)/.test(path)),
  );
}

/** Paths that operators write as a whole; `$push` and `$addToSet` write single members. */
function wholePaths(update: Doc | Doc[]): string[] {
  if (Array.isArray(update)) return [];
  return Object.entries(update).flatMap(([operator, paths]) => {
    if (operator === '$push' || operator === '$addToSet' || !isDoc(paths)) return [];
    return operator === '$rename' ? Object.values(paths).map(String) : Object.keys(paths);
  });
}

/** Applies an update to the documents it matches, or inserts one. Each document is changed whole or not at all. */
export function updateDocuments(
  context: Context,
  name: string,
  statement: UpdateStatement,
  bypass: boolean,
): UpdateOutcome {
  if (statement.multi && isReplacement(statement.update)) {
    throw failedToParse('multi update is not supported for replacement-style update');
  }
  const existing = writable(context, name, false);
  const query = queryOf(existing, statement);
  const apply = compileUpdate(statement.update, {
    arrayFilters: statement.arrayFilters,
    let: statement.let,
    constants: statement.constants,
    collation: query.collation,
  });
  // A malformed statement fails here, before a collection is created.
  const matches = [...find(existing, query, context.txn)];
  const collection = existing ?? (statement.upsert ? writable(context, name, true) : undefined);
  if (!collection || (matches.length === 0 && !statement.upsert))
    return { matched: 0, modified: 0 };
  if (matches.length === 0) return upsert(context, collection, statement, apply, bypass);
  for (const { version } of matches) collection.checkConflict(version.record, context.txn);
  const test = usesPosition(statement.update) ? matcher(collection, query) : undefined;
  const kind = isReplacement(statement.update) ? 'replace' : 'update';
  const whole = kind === 'update' ? wholePaths(statement.update) : [];
  const outcome: UpdateOutcome = { matched: 0, modified: 0 };
  for (const { version } of matches) {
    const before = version.bytes as Buffer;
    const doc = decode(before);
    const changed = apply(doc, { position: test?.position(doc), insert: false });
    const after = stored(doc, changed);
    outcome.matched++;
    outcome.before ??= before;
    outcome.after ??= after;
    const isSame = after.equals(before);
    // MongoDB looks at a replacement also when it changes nothing.
    if (!isSame || kind === 'replace') validate(collection, changed, doc, bypass);
    if (isSame) continue;
    collection.replace(version, after, kind, context.txn, whole);
    outcome.modified++;
  }
  return outcome;
}

function validate(collection: Collection, changed: Doc, before: Doc, bypass: boolean): void {
  const { validator } = collection;
  if (!validator || bypass || validator.valid(changed)) return;
  if (validator.moderate && !validator.valid(before)) return;
  throw validator.error(changed);
}

/** The bytes of an updated document, `_id` first and unchanged. */
function stored(before: Doc, after: Doc): Buffer {
  if (!('_id' in after)) return encoded({ _id: before['_id'], ...after });
  if (!equal(before['_id'], after['_id'])) {
    throw new ServerError(
      66,
      "After applying the update, the (immutable) field '_id' was found to have been altered",
    );
  }
  return idFirst(encoded(after));
}

function idFirst(bytes: Buffer): Buffer {
  checkDocument(bytes);
  const id = findElement(bytes, '_id');
  return !id || id.at === 4 ? bytes : ownedWithIdFirst(bytes, id);
}

function upsert(
  context: Context,
  collection: Collection,
  statement: UpdateStatement,
  apply: ReturnType<typeof compileUpdate>,
  bypass: boolean,
): UpdateOutcome {
  const seed = upsertSeed(statement.filter, isReplacement(statement.update));
  const made = apply(seed, { position: undefined, insert: true });
  const doc = '_id' in made ? made : { _id: new ObjectId(), ...made };
  const { bytes } = insertDocument(context, collection, idFirst(encoded(doc)), bypass);
  return { matched: 0, modified: 0, upsertedId: doc['_id'], after: bytes };
}

/** A delete as `delete`, `findAndModify` and `bulkWrite` say it. */
interface DeleteStatement {
  filter: Doc;
  multi: boolean;
  collation?: unknown;
  hint?: unknown;
  sort?: Doc | undefined;
  let?: Doc | undefined;
}

/** Deletes the documents that match. @returns their number and the last of them */
export function deleteDocuments(
  context: Context,
  name: string,
  statement: DeleteStatement,
): { deleted: number; before: Buffer | undefined } {
  const collection = writable(context, name, false);
  const collation = collationOf(statement.collation, collection);
  const query: Find = { ...statement, collation, limit: statement.multi ? 0 : 1 };
  const matches = [...find(collection, query, context.txn)];
  for (const { version } of matches) collection?.checkConflict(version.record, context.txn);
  for (const { version } of matches) collection?.remove(version, context.txn);
  return { deleted: matches.length, before: matches.at(-1)?.version.bytes };
}
