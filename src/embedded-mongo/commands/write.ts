import type { Doc } from '../values/bson.ts';
import { badValue, codeName, ServerError } from '../errors.ts';
import { compileProjection } from '../query/project.ts';
import { matcher } from '../query/query.ts';
import { decode } from '../values/bson.ts';
import { encoded } from '../values/raw.ts';
import { RawDocument } from '../server/wire.ts';
import {
  deleteDocuments,
  insertDocument,
  updateDocuments,
  writable,
} from '../update/write-operations.ts';
import {
  arrayFieldOf,
  collationOf,
  collectionName,
  docOf,
  flagOf,
  names,
  unblocked,
  type Command,
  type Context,
} from './command.ts';

/** Largest number of statements in one command. */
const MAX_STATEMENTS = 100_000;

/** A failed statement as `writeErrors` shows it. */
function writeError(error: unknown, index: number): Doc {
  if (!(error instanceof ServerError)) throw error;
  const { code, message, extra } = error;
  return { index, code, errmsg: message, ...extra };
}

function numbersOf(context: Context): (at: number) => number {
  const { stmtIds, stmtId } = context.command as { stmtIds?: unknown[]; stmtId?: unknown };
  return (at) => Number(stmtIds?.[at] ?? Number(stmtId ?? 0) + at);
}

/**
 * Runs the statements of a write command one after the other. A retryable one that was already done is not done again.
 * In a transaction the first error fails the command; outside, an ordered command stops at it.
 */
export async function runStatements<S, R>(
  context: Context,
  statements: readonly S[],
  run: (statement: S, at: number) => R,
): Promise<{ results: { at: number; result: R }[]; writeErrors: Doc[]; retriedStmtIds: number[] }> {
  if (statements.length === 0 || statements.length > MAX_STATEMENTS) {
    throw new ServerError(
      16,
      `Write batch sizes must be between 1 and ${MAX_STATEMENTS}. Got ${statements.length} operations.`,
    );
  }
  const ordered = flagOf(context, 'ordered') ?? true;
  const numberOfStatement = numbersOf(context);
  const done = context.retryable ? context.session?.statements : undefined;
  const results: { at: number; result: R }[] = [];
  const writeErrors: Doc[] = [];
  const retriedStmtIds: number[] = [];
  for (const [at, statement] of statements.entries()) {
    const id = numberOfStatement(at);
    if (done?.has(id)) {
      results.push({ at, result: done.get(id) as R });
      retriedStmtIds.push(id);
      continue;
    }
    try {
      const first = context.name !== 'insert' || results.length === 0;
      const point = done && first ? context.engine.failPoints.statement() : undefined;
      const result = await unblocked(context, () => run(statement, at));
      done?.set(id, result);
      results.push({ at, result });
      point?.after();
    } catch (error) {
      if (context.txn) throw error;
      writeErrors.push(writeError(error, at));
      if (ordered) break;
    }
  }
  return { results, writeErrors, retriedStmtIds };
}

function answer(
  fields: Doc,
  { writeErrors, retriedStmtIds }: { writeErrors: Doc[]; retriedStmtIds: number[] },
): Doc {
  return {
    ...fields,
    ...(writeErrors.length > 0 ? { writeErrors } : {}),
    ...(retriedStmtIds.length > 0 ? { retriedStmtIds } : {}),
  };
}

const COMMON = names(
  'ordered bypassDocumentValidation stmtId stmtIds collectionUUID encryptionInformation isTimeseriesNamespace',
);

const insert: Command = {
  fields: [...COMMON, 'documents'],
  inTransaction: true,
  writes: true,
  async run(context) {
    const name = collectionName(context);
    const documents = context.raw.get('documents') ?? [];
    const bypass = flagOf(context, 'bypassDocumentValidation') ?? false;
    const ran = await runStatements(context, documents, (bytes) => {
      const collection = writable(context, name, true);
      if (collection) insertDocument(context, collection, bytes, bypass);
    });
    context.engine.counters.insert += ran.results.length;
    return answer({ n: ran.results.length }, ran);
  },
};

/** Documents in a list of statements. @throws ServerError 14 */
function statementsOf(context: Context, field: string): Doc[] {
  return (arrayFieldOf(context, field) ?? []) as Doc[];
}

function checkStatement(
  where: string,
  statement: Doc,
  known: readonly string[],
  required: readonly string[],
): void {
  for (const field of required) {
    if (statement[field] !== undefined) continue;
    throw new ServerError(40414, `BSON field '${where}.${field}' is missing but a required field`);
  }
  for (const field of Object.keys(statement)) {
    if (!known.includes(field)) {
      throw new ServerError(40415, `BSON field '${where}.${field}' is an unknown field.`);
    }
  }
}

const UPDATE_FIELDS = names('q u c multi upsert arrayFilters collation hint sort upsertSupplied');

const update: Command = {
  fields: [...COMMON, 'updates', 'let', 'runtimeConstants'],
  inTransaction: true,
  writes: true,
  async run(context) {
    const name = collectionName(context);
    const bypass = flagOf(context, 'bypassDocumentValidation') ?? false;
    const statements = statementsOf(context, 'updates');
    for (const statement of statements) {
      checkStatement('update.updates', statement, UPDATE_FIELDS, ['q', 'u']);
    }
    const ran = await runStatements(context, statements, (statement) => {
      const multi = Boolean(statement['multi']);
      if (multi && context.retryable) {
        throw new ServerError(72, 'Cannot use retryable writes with multi=true');
      }
      return updateDocuments(
        context,
        name,
        {
          filter: (statement['q'] ?? {}) as Doc,
          update: statement['u'] as Doc | Doc[],
          multi,
          upsert: Boolean(statement['upsert']),
          arrayFilters: statement['arrayFilters'] as Doc[] | undefined,
          collation: statement['collation'],
          hint: statement['hint'],
          sort: statement['sort'] as Doc | undefined,
          constants: statement['c'] as Doc | undefined,
          let: docOf(context, 'let'),
        },
        bypass,
      );
    });
    const upserted: Doc[] = [];
    let n = 0;
    let nModified = 0;
    for (const { at, result } of ran.results) {
      n += result.matched;
      nModified += result.modified;
      if (!('upsertedId' in result)) continue;
      n++;
      upserted.push({ index: at, _id: result.upsertedId });
    }
    context.engine.counters.update += ran.results.length;
    return answer({ n, nModified, ...(upserted.length > 0 ? { upserted } : {}) }, ran);
  },
};

const DELETE_FIELDS = names('q limit collation hint');

const remove: Command = {
  fields: [...COMMON, 'deletes', 'let', 'runtimeConstants'],
  inTransaction: true,
  writes: true,
  async run(context) {
    const name = collectionName(context);
    const statements = statementsOf(context, 'deletes');
    for (const statement of statements) {
      checkStatement('delete.deletes', statement, DELETE_FIELDS, ['q', 'limit']);
    }
    const ran = await runStatements(context, statements, (statement) => {
      const limit = Number(statement['limit']);
      if (limit !== 0 && limit !== 1) {
        throw new ServerError(9, `The limit field in delete objects must be 0 or 1. Got ${limit}`);
      }
      return deleteDocuments(context, name, {
        filter: (statement['q'] ?? {}) as Doc,
        multi: limit === 0,
        collation: statement['collation'],
        hint: statement['hint'],
        let: docOf(context, 'let'),
      }).deleted;
    });
    const n = ran.results.reduce((sum, { result }) => sum + result, 0);
    context.engine.counters.delete += n;
    return answer({ n }, ran);
  },
};

/** Shows a stored document through a projection. */
function projected(context: Context, bytes: Buffer | undefined, filter: Doc): unknown {
  if (!bytes) return null;
  const fields = docOf(context, 'fields');
  if (!fields || Object.keys(fields).length === 0) return new RawDocument(bytes);
  const collection = context.engine.store.find(context.db, collectionName(context), context.txn);
  const collation = collationOf(context.command['collation'], collection);
  const doc = decode(bytes);
  const position = collection && matcher(collection, { filter, collation }).position(doc);
  const project = compileProjection(fields, filter, { collation, let: docOf(context, 'let') });
  return new RawDocument(encoded(project(doc, position)));
}

interface Modified {
  lastErrorObject: Doc;
  bytes: Buffer | undefined;
}

function findAndModifyOnce(context: Context, filter: Doc): Modified {
  const name = collectionName(context);
  const common = {
    filter,
    multi: false,
    collation: context.command['collation'],
    hint: context.command['hint'],
    sort: docOf(context, 'sort'),
    let: docOf(context, 'let'),
  };
  if (flagOf(context, 'remove')) {
    if (
      context.command['update'] !== undefined ||
      flagOf(context, 'new') ||
      flagOf(context, 'upsert')
    ) {
      throw new ServerError(
        9,
        "Cannot specify both an 'update', 'new' or 'upsert' and 'remove'=true",
      );
    }
    const { deleted, before } = deleteDocuments(context, name, common);
    return { lastErrorObject: { n: deleted }, bytes: before };
  }
  const shown = Object.keys(docOf(context, 'fields') ?? {});
  if (flagOf(context, 'new') && shown.some((path) => path.endsWith('.$'))) {
    throw badValue('Cannot use a positional projection and return the new document.');
  }
  const change = context.command['update'] as Doc | Doc[] | undefined;
  if (!change) throw new ServerError(9, "Either an update or 'remove'=true must be specified");
  const outcome = updateDocuments(
    context,
    name,
    {
      ...common,
      update: change,
      upsert: flagOf(context, 'upsert') ?? false,
      arrayFilters: arrayFieldOf(context, 'arrayFilters') as Doc[] | undefined,
    },
    flagOf(context, 'bypassDocumentValidation') ?? false,
  );
  const inserted = 'upsertedId' in outcome;
  const lastErrorObject: Doc = {
    n: outcome.matched + (inserted ? 1 : 0),
    updatedExisting: outcome.matched > 0,
    ...(inserted ? { upserted: outcome.upsertedId } : {}),
  };
  return { lastErrorObject, bytes: flagOf(context, 'new') ? outcome.after : outcome.before };
}

const findAndModify: Command = {
  fields: [
    ...COMMON,
    ...names('query sort remove update new fields upsert arrayFilters hint collation let'),
  ],
  inTransaction: true,
  writes: true,
  async run(context) {
    const filter = docOf(context, 'query') ?? {};
    const done = context.retryable ? context.session?.statements : undefined;
    const id = Number(context.command['stmtId'] ?? 0);
    const repeated = done?.get(id) as Modified | undefined;
    const point = done && !repeated ? context.engine.failPoints.statement() : undefined;
    const modified =
      repeated ?? (await unblocked(context, () => findAndModifyOnce(context, filter)));
    done?.set(id, modified);
    point?.after();
    return {
      lastErrorObject: modified.lastErrorObject,
      value: projected(context, modified.bytes, filter),
      ...(repeated ? { retriedStmtId: id } : {}),
    };
  },
};

/** What a failed statement of `bulkWrite` looks like in its cursor. */
export function bulkError(error: Doc): Doc {
  const { index: idx, code, ...rest } = error;
  return { ok: 0, idx, code, codeName: codeName(Number(code)), ...rest, n: 0, nModified: 0 };
}

export const writeCommands: Record<string, Command> = {
  insert,
  update,
  delete: remove,
  findAndModify,
  findandmodify: findAndModify,
};
