import { BSON, type Collection } from 'mongodb';

export interface BenchDocument {
  _id: number;
  code: string;
  group: number;
  rank: number;
  loose: number;
  text: string;
}

/** A number in [0, 1) that looks random and is the same in every run. */
const scatter = (i: number): number =>
  ((Math.imul(i + 1, 2654435761) >>> 0) % 1_000_003) / 1_000_003;

/** Document `i` of a collection: 225 bytes of BSON. `group` has four values, `loose` no index. */
export function benchDocument(i: number): BenchDocument {
  const document = {
    _id: i,
    code: `code-${String(i).padStart(9, '0')}`,
    group: i % 4,
    rank: scatter(i),
    loose: scatter(i + 7),
    text: '',
  };
  return { ...document, text: 't'.repeat(225 - BSON.calculateObjectSize(document)) };
}

/** The three indexes of the goals: one unique, one for order, one of few values. */
export async function createIndexes(collection: Collection<BenchDocument>): Promise<void> {
  await collection.createIndexes([
    { key: { code: 1 }, unique: true },
    { key: { rank: 1 } },
    { key: { group: 1 } },
  ]);
}

const batch = 1000;

/** Inserts documents `from` to `to` (exclusive) in batches of 1,000. */
export async function insertRange(
  collection: Collection<BenchDocument>,
  from: number,
  to: number,
): Promise<void> {
  for (let start = from; start < to; start += batch) {
    const documents = Array.from({ length: Math.min(batch, to - start) }, (_, i) =>
      benchDocument(start + i),
    );
    await collection.insertMany(documents, { ordered: false });
  }
}
