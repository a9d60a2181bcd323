import { BSON, MongoNetworkError, MongoServerError, type Collection, type Document } from 'mongodb';
import { document, filter, projection, sort, update } from './generate.ts';
import type { Random } from '../random.ts';

/** One answer that differs, reduced to one document. Values as extended JSON. */
export interface Difference {
  kind: 'filter' | 'sort' | 'projection' | 'update';
  request: string;
  document: string;
  embedded: string;
  ferret: string;
}

export interface Outcome {
  compared: number;
  notSupported: number;
  differences: Difference[];
}

const text = (value: unknown): string => BSON.EJSON.stringify(value, { relaxed: false });
const documentsInRound = 24;
const requestsInRound = 60;

/** An answer as text: the value as extended JSON with its types and key order, or the error's code. */
async function answer(operation: () => Promise<unknown>): Promise<string> {
  try {
    return text(await operation());
  } catch (error) {
    if (error instanceof MongoServerError) return `error ${error.code}`;
    if (error instanceof MongoNetworkError) return 'connection closed';
    throw error;
  }
}

/** FerretDB's answers for what it has not implemented, and for its own failures. */
const isNotSupported = (given: string): boolean =>
  ['error 238', 'error 1', 'connection closed'].includes(given);

const byType = { promoteValues: false } as const;

export async function trials(
  random: Random,
  embedded: Collection,
  ferret: Collection,
): Promise<Outcome> {
  const documents = Array.from({ length: documentsInRound }, (_, i) => document(random, i));
  const outcome: Outcome = { compared: 0, notSupported: 0, differences: [] };
  for (const collection of [embedded, ferret])
    await collection.insertMany(documents.map((one) => ({ ...one })) as never);

  async function compare(
    kind: Difference['kind'],
    request: Document,
    given: Document,
    ask: (collection: Collection) => Promise<unknown>,
  ): Promise<boolean> {
    const [ours, theirs] = [await answer(() => ask(embedded)), await answer(() => ask(ferret))];
    if (isNotSupported(theirs)) {
      outcome.notSupported++;
      return true;
    }
    outcome.compared++;
    if (ours === theirs) return true;
    outcome.differences.push({
      kind,
      request: text(request),
      document: text(given),
      embedded: ours,
      ferret: theirs,
    });
    return false;
  }

  for (let i = 0; i < requestsInRound; i++) {
    const condition = filter(random);
    const ids = (collection: Collection) =>
      collection.find(condition, byType).sort({ _id: 1 }).project({ _id: 1 }).toArray();
    const [ours, theirs] = [await answer(() => ids(embedded)), await answer(() => ids(ferret))];
    if (isNotSupported(theirs)) outcome.notSupported++;
    else outcome.compared++;
    if (ours === theirs || isNotSupported(theirs)) continue;
    for (const one of documents) {
      const alone = (collection: Collection) =>
        collection.countDocuments({ $and: [{ _id: one['_id'] as never }, condition] });
      if (
        !(await compare('filter', condition, one, alone)) &&
        (ours.startsWith('error') || theirs.startsWith('error'))
      )
        break;
    }
  }
  for (let i = 0; i < requestsInRound / 4; i++) {
    const order = sort(random);
    await compare('sort', order, documents, (collection) =>
      collection
        .find({}, byType)
        .sort(order as never)
        .project({ _id: 1 })
        .toArray(),
    );
    const fields = projection(random);
    const one = random.pick(documents);
    await compare('projection', fields, one, (collection) =>
      collection.findOne({ _id: one['_id'] as never }, { projection: fields, ...byType }),
    );
  }
  for (let i = 0; i < requestsInRound; i++) {
    const change = update(random);
    const one = random.pick(documents);
    await compare('update', change, one, async (collection) => {
      const _id = `u${i}` as never;
      await collection.insertOne({ ...one, _id });
      try {
        const { modifiedCount } = await collection.updateOne({ _id }, change);
        return [modifiedCount, await collection.findOne({ _id }, byType)];
      } finally {
        await collection.deleteOne({ _id });
      }
    });
  }
  return outcome;
}
