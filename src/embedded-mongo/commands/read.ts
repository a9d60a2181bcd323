import { Long } from 'mongodb';

import { decode, type Doc } from '../values/bson.ts';
import type { Collection } from '../storage/collection.ts';
import { ServerError } from '../errors.ts';
import { compileProjection } from '../query/project.ts';
import { count, find, matcher, type Find } from '../query/query.ts';
import { encoded } from '../values/raw.ts';
import { keyString } from '../values/key-string.ts';
import { checkTextScore } from '../query/text.ts';
import { splitPath, walk } from '../values/paths.ts';
import { RawBatch } from '../server/wire.ts';
import { keyOf } from '../values/values.ts';
import { encodedRows, viewDocuments } from './aggregate.ts';
import {
  collationOf,
  collectionName,
  countOf,
  docOf,
  flagOf,
  names,
  numberOf,
  target,
  type Command,
  type Context,
} from './command.ts';

/** The query that a `find` command asks. */
export function findQuery(context: Context, collection: Collection | undefined): Find {
  return {
    filter: docOf(context, 'filter') ?? {},
    sort: docOf(context, 'sort'),
    skip: countOf(context, 'skip') ?? 0,
    limit: countOf(context, 'limit') ?? 0,
    hint: context.command['hint'],
    collation: collationOf(context.command['collation'], collection),
    let: docOf(context, 'let'),
  };
}

/** The documents of a `find`, as bytes, projected. */
function* findRows(
  context: Context,
  collection: Collection | undefined,
  query: Find,
): Generator<Buffer> {
  const projection = docOf(context, 'projection');
  if (!projection || Object.keys(projection).length === 0) {
    for (const { version } of find(collection, query, context.txn)) yield version.bytes as Buffer;
    return;
  }
  const env = { collation: query.collation, let: query.let };
  const project = compileProjection(projection, query.filter, env);
  const positional = Object.keys(projection).some((path) => path.endsWith('.$'));
  const test = collection && matcher(collection, query);
  const scored = JSON.stringify(query.filter).includes('"$text"');
  for (const { version } of find(collection, query, context.txn)) {
    const doc = decode(version.bytes as Buffer);
    const position = positional || scored ? test?.position(doc) : undefined;
    yield encoded(project(doc, position));
  }
}

/** The first answer of a cursor. */
export function firstBatch(
  context: Context,
  namespace: string,
  rows: Iterator<Buffer>,
  batchSize: number | undefined,
  single = false,
): Doc {
  const { id, ns, batch } = context.engine.cursors.open(
    namespace,
    rows,
    batchSize,
    context,
    single,
  );
  return { cursor: { firstBatch: new RawBatch(batch), id, ns } };
}

const FIND_FIELDS = names(
  'filter sort projection hint skip limit batchSize singleBatch collation let allowDiskUse noCursorTimeout allowPartialResults oplogReplay readOnce tailable awaitData max min returnKey showRecordId',
);

const findCommand: Command = {
  fields: FIND_FIELDS,
  inTransaction: true,
  run(context) {
    for (const option of ['tailable', 'awaitData', 'returnKey', 'showRecordId']) {
      if (flagOf(context, option)) throw refuse(option);
    }
    for (const option of ['min', 'max']) {
      if (Object.keys(docOf(context, option) ?? {}).length > 0) throw refuse(option);
    }
    const name = collectionName(context);
    const collection = target(context);
    const query = findQuery(context, collection);
    const single = flagOf(context, 'singleBatch') ?? false;
    const batchSize = countOf(context, 'batchSize');
    context.engine.counters.query++;
    const view = collection?.options.viewOn === undefined ? undefined : collection;
    if (!view) checkTextScore(query.filter, [query.sort, docOf(context, 'projection')]);
    const rows = view
      ? encodedRows(viewDocuments(context, view, query))
      : findRows(context, collection, query);
    return firstBatch(context, `${context.db}.${name}`, rows, batchSize, single);
  },
};

function refuse(option: string): ServerError {
  return new ServerError(
    238,
    `Option '${option}' of 'find' is not supported by the embedded development server`,
  );
}

const getMore: Command = {
  fields: names('collection batchSize term lastKnownCommittedOpTime'),
  inTransaction: true,
  async run(context) {
    const id = BigInt(String(context.command['getMore']));
    const cursor = context.engine.cursors.get(id);
    const ns = `${context.db}.${String(context.command['collection'])}`;
    if (cursor.namespace !== ns) {
      throw new ServerError(
        13,
        `Requested getMore on namespace '${ns}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    if (cursor.session && cursor.session !== context.session) {
      throw new ServerError(
        13,
        `Cannot run getMore on cursor ${id}, which was created in another session`,
      );
    }
    context.engine.counters.getmore++;
    context.engine.failPoints.getMore();
    const batchSize = countOf(context, 'batchSize') || undefined;
    if ('next' in cursor) {
      const { batch, fields, closed } = await cursor.next(
        batchSize,
        numberOf(context, 'maxTimeMS') ?? 1000,
      );
      if (closed) context.engine.cursors.kill(id);
      const open = closed ? Long.ZERO : Long.fromBigInt(id);
      return { cursor: { nextBatch: new RawBatch(batch), id: open, ns, ...fields } };
    }
    const batch = cursor.take(batchSize);
    if (cursor.done) context.engine.cursors.kill(id);
    const open = context.engine.cursors.all.has(id) ? Long.fromBigInt(id) : Long.ZERO;
    return { cursor: { nextBatch: new RawBatch(batch), id: open, ns } };
  },
};

const killCursors: Command = {
  fields: names('cursors'),
  inTransaction: true,
  run(context) {
    const cursorsKilled: Long[] = [];
    const cursorsNotFound: Long[] = [];
    for (const id of (context.command['cursors'] ?? []) as unknown[]) {
      const number = BigInt(String(id));
      const list = context.engine.cursors.kill(number) ? cursorsKilled : cursorsNotFound;
      list.push(Long.fromBigInt(number));
    }
    return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] };
  },
};

const countCommand: Command = {
  fields: names('query limit skip hint collation fields'),
  run(context) {
    const collection = target(context);
    const query: Find = {
      filter: docOf(context, 'query') ?? {},
      skip: countOf(context, 'skip') ?? 0,
      limit: Math.abs(numberOf(context, 'limit') ?? 0),
      hint: context.command['hint'],
      collation: collationOf(context.command['collation'], collection),
    };
    if (collection?.options.viewOn !== undefined) {
      return { n: [...viewDocuments(context, collection, query)].length };
    }
    return { n: count(collection, query, context.txn) };
  },
};

const distinct: Command = {
  fields: names('key query hint collation'),
  inTransaction: true,
  run(context) {
    const key = context.command['key'];
    if (typeof key !== 'string')
      throw new ServerError(14, "BSON field 'distinct.key' must be a string");
    const collection = target(context);
    const collation = collationOf(context.command['collation'], collection);
    const query: Find = {
      filter: docOf(context, 'query') ?? {},
      hint: context.command['hint'],
      collation,
    };
    const values = new Map<string, unknown>();
    const path = splitPath(key);
    for (const doc of sources(context, collection, query)) {
      walk(doc, path, false, (found) => {
        for (const value of Array.isArray(found) ? (found as unknown[]) : [found]) {
          if (value === undefined) continue;
          const id = keyOf(value, collation);
          if (!values.has(id)) values.set(id, value);
        }
        return false;
      });
    }
    const found = [...values.values()].map((value) => [keyString(value), value] as const);
    found.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return { values: found.map(([, value]) => value) };
  },
};

function* sources(
  context: Context,
  collection: Collection | undefined,
  query: Find,
): Generator<Doc> {
  if (collection?.options.viewOn !== undefined) {
    return yield* viewDocuments(context, collection, query);
  }
  for (const { version } of find(collection, query, context.txn))
    yield decode(version.bytes as Buffer);
}

export const readCommands: Record<string, Command> = {
  find: findCommand,
  getMore,
  killCursors,
  count: countCommand,
  distinct,
};
