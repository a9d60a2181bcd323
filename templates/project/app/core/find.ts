// Reads pages of documents: by page number or behind a cursor, with a bounded count beside the query.
import { MongoServerError, type Collection } from 'mongodb';
import type { Codec, Doc } from './bson.ts';
import type { Limits } from './context.ts';
import { afterCursor, encodeCursor, listHash } from './cursor.ts';
import { and } from './filter.ts';
import type { ListQuery, Vocabulary } from './query.ts';
import type { ListOptions, Page } from './service.ts';

/** How many match. A count that takes too long is left out of the answer instead of failing it. */
const countOf = async (
  collection: Collection,
  filter: Doc,
  mode: ListQuery['count'],
  limits: Limits,
  signal: AbortSignal | undefined,
): Promise<number | undefined> => {
  if (mode === 'none') return undefined;
  try {
    return await collection.countDocuments(filter, {
      ...(mode === 'bounded' && { limit: limits.count + 1 }),
      ...(signal && { signal }),
      maxTimeMS: limits.queryMs,
    });
  } catch (error) {
    if (error instanceof MongoServerError && error.code === 50) return undefined;
    throw error;
  }
};

/** One page of the list that the query asks for. */
export const findPage = async (
  collection: Collection,
  query: ListQuery,
  { scope, signal }: ListOptions,
  { fields }: Vocabulary,
  codec: Codec,
  limits: Limits,
): Promise<Page<Doc>> => {
  const { limit, page, sort, cursor } = query;
  const filter = scope ? and([scope, query.filter]) : query.filter;
  const hash = (): string => listHash(filter, sort);
  const position = cursor === undefined ? undefined : afterCursor(cursor, sort, fields, hash());
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
            maxTimeMS: limits.queryMs,
            ...(signal && { signal }),
          })
          .toArray(),
    countOf(collection, filter, counted, limits, signal),
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
    next: last && more ? encodeCursor(codec.answer(last), sort, hash()) : null,
  };
};
