// Whom to blame when the database refuses a list of documents.
import { MongoBulkWriteError, MongoServerError, type Collection } from 'mongodb';
import type { Doc } from './bson.ts';
import { same } from './input.ts';
import { isDoc, valuesAt } from './walk.ts';

/**
 * Which document of a bulk insert was refused. In a transaction the server names only the value: when two documents
 * have it, the first is to blame if the database has it too, else the second.
 */
export const failedIndex = async (
  error: unknown,
  documents: readonly Doc[],
  collection: Collection,
  maxTimeMS: number,
): Promise<number | undefined> => {
  if (error instanceof MongoBulkWriteError) {
    const [first] = [error.writeErrors].flat();
    if (first) return first.index;
  }
  const value: unknown = error instanceof MongoServerError ? error.keyValue : undefined;
  if (!isDoc(value)) return undefined;
  const [path = ''] = Object.keys(value);
  const alike = [...documents.keys()].filter((i) =>
    valuesAt(documents[i] ?? {}, path).some((found) => same(found.value, value[path])),
  );
  const fresh =
    alike.length > 1 && (await collection.findOne({ [path]: value[path] }, { maxTimeMS })) === null;
  return alike[fresh ? 1 : 0];
};
