import type { Doc } from '../values/bson.ts';
import { decode } from '../values/bson.ts';
import { ServerError } from '../errors.ts';
import { documentIn, encoded } from '../values/raw.ts';
import {
  deleteDocuments,
  insertDocument,
  updateDocuments,
  writable,
} from '../update/write-operations.ts';
import { arrayFieldOf, docOf, flagOf, names, type Command, type Context } from './command.ts';
import { firstBatch } from './read.ts';
import { bulkError, runStatements } from './write.ts';

/** What one operation did, as the cursor of `bulkWrite` shows it. */
interface Outcome {
  kind: 'insert' | 'update' | 'delete';
  n: number;
  nModified?: number;
  upserted?: { _id: unknown };
}

const FIELDS: Record<Outcome['kind'], readonly string[]> = {
  insert: names('insert document'),
  update: names('update filter updateMods multi upsert arrayFilters collation hint sort constants'),
  delete: names('delete filter multi collation hint sort'),
};

function namespaceAt(context: Context, index: unknown): Context & { coll: string } {
  const info = (arrayFieldOf(context, 'nsInfo') ?? []) as Doc[];
  const ns = info[Number(index)]?.['ns'];
  if (typeof ns !== 'string')
    throw new ServerError(2, `BulkWrite ops entry has an invalid nsInfo index ${String(index)}.`);
  const dot = ns.indexOf('.');
  return { ...context, db: ns.slice(0, dot), coll: ns.slice(dot + 1) };
}

function runOperation(context: Context, bytes: Buffer): Outcome {
  const operation = decode(bytes, OPERATION_FIELDS);
  const kind = (['insert', 'update', 'delete'] as const).find((name) => name in operation);
  if (!kind)
    throw new ServerError(9, 'A bulkWrite operation must be an insert, an update or a delete');
  for (const field of Object.keys(operation)) {
    if (!FIELDS[kind].includes(field)) {
      throw new ServerError(40415, `BSON field 'bulkWrite.${kind}.${field}' is an unknown field.`);
    }
  }
  const at = namespaceAt(context, operation[kind]);
  const bypass = flagOf(context, 'bypassDocumentValidation') ?? false;
  if (kind === 'insert') {
    const collection = writable(at, at.coll, true);
    if (collection) insertDocument(at, collection, documentIn(bytes, 'document'), bypass);
    return { kind, n: 1 };
  }
  const common = {
    filter: (operation['filter'] ?? {}) as Doc,
    multi: Boolean(operation['multi']),
    collation: operation['collation'],
    hint: operation['hint'],
    sort: operation['sort'] as Doc | undefined,
    let: docOf(context, 'let'),
  };
  if (common.multi && context.retryable) {
    throw new ServerError(72, 'Cannot use retryable writes with multi=true');
  }
  if (kind === 'delete') return { kind, n: deleteDocuments(at, at.coll, common).deleted };
  const outcome = updateDocuments(
    at,
    at.coll,
    {
      ...common,
      update: operation['updateMods'] as Doc | Doc[],
      upsert: Boolean(operation['upsert']),
      arrayFilters: operation['arrayFilters'] as Doc[] | undefined,
      constants: operation['constants'] as Doc | undefined,
    },
    bypass,
  );
  const upserted = 'upsertedId' in outcome ? { upserted: { _id: outcome.upsertedId } } : {};
  return {
    kind,
    n: outcome.matched + ('upserted' in upserted ? 1 : 0),
    nModified: outcome.modified,
    ...upserted,
  };
}

const OPERATION_FIELDS = new Set(
  Object.values(FIELDS)
    .flat()
    .filter((field) => field !== 'document'),
);

/** The client-level bulkWrite: operations on several collections in one command. */
const bulkWrite: Command = {
  fields: names('ops nsInfo ordered errorsOnly let bypassDocumentValidation cursor stmtId stmtIds'),
  inTransaction: true,
  admin: true,
  writes: true,
  async run(context) {
    const ops = context.raw.get('ops') ?? [];
    const ran = await runStatements(context, ops, (bytes) => runOperation(context, bytes));
    const rows = new Map<number, Doc>();
    const totals = { nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 };
    for (const { at, result } of ran.results) {
      const { kind, n, nModified, upserted } = result;
      if (kind === 'insert') totals.nInserted += n;
      else if (kind === 'delete') totals.nDeleted += n;
      else if (upserted) totals.nUpserted++;
      else totals.nMatched += n;
      totals.nModified += nModified ?? 0;
      if (flagOf(context, 'errorsOnly')) continue;
      const more = kind === 'update' ? { nModified, ...(upserted ? { upserted } : {}) } : {};
      rows.set(at, { ok: 1, idx: at, n, ...more });
    }
    for (const error of ran.writeErrors) rows.set(Number(error['index']), bulkError(error));
    const sorted = [...rows.entries()].sort(([a], [b]) => a - b).map(([, row]) => encoded(row));
    const size = docOf(context, 'cursor')?.['batchSize'];
    return {
      ...firstBatch(
        context,
        'admin.$cmd.bulkWrite',
        sorted.values(),
        size === undefined ? undefined : Number(size),
      ),
      nErrors: ran.writeErrors.length,
      ...totals,
      ...(ran.retriedStmtIds.length > 0 ? { retriedStmtIds: ran.retriedStmtIds } : {}),
    };
  },
};

export const bulkCommands: Record<string, Command> = { bulkWrite };
