// Reads pages of documents: by page number or behind a cursor, with a bounded count beside the query.
import { hash } from 'node:crypto';
import {
  MongoServerError,
  type Abortable,
  type Collection,
  type CountDocumentsOptions,
} from 'mongodb';
import type { Codec, Doc } from './bson.ts';
import type { Limits } from './context.ts';
import { and, or, type Queryable } from './filter.ts';
import { problem } from './problems.ts';
import type { ListQuery, Vocabulary } from './query.ts';
import type { ListOptions, Page } from './service.ts';
import { isDoc, valueAt } from './walk.ts';

export type SortKey = readonly [path: string, direction: 1 | -1];

const sortText = ([path, direction]: SortKey): string => (direction === 1 ? path : `-${path}`);

/** What a cursor belongs to: the same filter in the same order. */
const listHash = (filter: Doc, sort: readonly SortKey[]): string =>
  hash('sha1', JSON.stringify([filter, sort.map(sortText)]), 'base64url');

/** The position behind a document, given in wire form. */
const encodeCursor = (wire: Doc, sort: readonly SortKey[], identity: string): string => {
  const v = sort.map(([path]) => valueAt(wire, path.split('.')) ?? null);
  return Buffer.from(JSON.stringify({ k: sort.map(sortText), v, h: identity })).toString(
    'base64url',
  );
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
};

/** The values of a cursor, read again through the types of their fields: a forged one can ask for nothing new. */
const decode = (
  text: string,
  sort: readonly SortKey[],
  fields: ReadonlyMap<string, Queryable>,
  identity: string,
): unknown[] => {
  const content = parse(text);
  if (!isDoc(content) || typeof content.h !== 'string' || !Array.isArray(content.v)) {
    throw problem('invalid_cursor', undefined, { errors: invalid });
  }
  if (content.h !== identity) throw problem('cursor_mismatch', undefined, { errors: mismatch });
  const values: unknown[] = content.v;
  if (values.length !== sort.length)
    throw problem('invalid_cursor', undefined, { errors: invalid });
  return sort.map(([path], i) => {
    const value = values[i];
    if (value === null && path !== '_id') return null;
    const result = fields.get(path)?.read(String(value));
    if (result === undefined || 'wrong' in result) {
      throw problem('invalid_cursor', undefined, { errors: invalid });
    }
    return result.value;
  });
};

const invalid = [
  { parameter: 'cursor', code: 'invalid_cursor', detail: 'cursor was not made by this API' },
];
const mismatch = [
  {
    parameter: 'cursor',
    code: 'cursor_mismatch',
    detail: 'cursor belongs to another filter or sort order',
  },
];

/** Missing counts as null, and null sorts before everything; MongoDB's $gt and $lt see only values of one type. */
const beyond = (path: string, direction: 1 | -1, value: unknown): Doc | undefined => {
  if (direction === 1) return { [path]: value === null ? { $ne: null } : { $gt: value } };
  if (value === null) return undefined;
  return path === '_id'
    ? { _id: { $lt: value } }
    : or([{ [path]: { $lt: value } }, { [path]: null }]);
};

/** The filter for everything behind the cursor. Throws invalid_cursor or cursor_mismatch. */
const afterCursor = (
  text: string,
  sort: readonly SortKey[],
  fields: ReadonlyMap<string, Queryable>,
  identity: string,
): Doc => {
  const values = decode(text, sort, fields, identity);
  const branches = sort.flatMap(([path, direction], i) => {
    const further = beyond(path, direction, values[i]);
    if (further === undefined) return [];
    const same = sort.slice(0, i).map(([earlier], j) => ({ [earlier]: values[j] }));
    return [and([...same, further])];
  });
  return or(branches);
};

/** How many match. A count that takes too long is left out of the answer instead of failing it. */
const countOf = async (
  collection: Collection,
  filter: Doc,
  mode: ListQuery['count'],
  most: number,
  bounds: CountDocumentsOptions & Abortable,
): Promise<number | undefined> => {
  if (mode === 'none') return undefined;
  try {
    return await collection.countDocuments(filter, {
      ...(mode === 'bounded' && { limit: most + 1 }),
      ...bounds,
    });
  } catch (error) {
    if (error instanceof MongoServerError && error.code === 50) return undefined;
    throw error;
  }
};

/** To break a query off costs its connection, and many clients leave early: one that is nearly done may end. */
const patience = 250;

/** Aborted when `signal` has been for a while. */
const patient = (signal: AbortSignal): AbortSignal => {
  const late = new AbortController();
  const end = (): void => {
    setTimeout(() => {
      late.abort(signal.reason);
    }, patience).unref();
  };
  signal.addEventListener('abort', end, { once: true });
  return late.signal;
};

/** One page of the list that the query asks for. */
export const findPage = async (
  collection: Collection,
  query: ListQuery,
  { scope, signal, comment }: ListOptions,
  { fields }: Vocabulary,
  codec: Codec,
  limits: Limits,
): Promise<Page<Doc>> => {
  signal?.throwIfAborted();
  const bounds = { maxTimeMS: limits.queryMs, comment, ...(signal && { signal: patient(signal) }) };
  const { limit, page, sort, cursor } = query;
  const filter = scope ? and([scope, query.filter]) : query.filter;
  const identity = (): string => listHash(filter, sort);
  const position = cursor === undefined ? undefined : afterCursor(cursor, sort, fields, identity());
  const counted = cursor !== undefined && query.count === 'bounded' ? 'none' : query.count;
  // Where no count tells whether there is a next page, one document more does.
  const probe = counted === 'none' || position ? 1 : 0;
  const [documents, total] = await Promise.all([
    limit === 0
      ? []
      : collection
          .find(position ? and([filter, position]) : filter, {
            sort: sort.map(([path, direction]): [string, 1 | -1] => [path, direction]),
            skip: position ? 0 : (page - 1) * limit,
            limit: limit + probe,
            ...bounds,
          })
          .toArray(),
    countOf(collection, filter, counted, limits.count, bounds),
  ]);
  const shown = documents.slice(0, limit);
  const last = shown.at(-1);
  const capped = counted === 'bounded' && total !== undefined && total > limits.count;
  const more =
    probe === 1 || capped || total === undefined
      ? documents.length === limit + probe
      : (page - 1) * limit + shown.length < total;
  return {
    documents: shown,
    limit,
    ...(!position && { page }),
    ...(total !== undefined && { total: capped ? limits.count : total }),
    capped,
    next: last && more ? encodeCursor(codec.answer(last), sort, identity()) : null,
  };
};
