import type { Collection, Db } from 'mongodb';
import { benchDocument, createIndexes, insertRange, type BenchDocument } from './documents.ts';
import { medianTime, ratio, time } from './measure.ts';
import type { Row } from '../table.ts';

const sizes = [1_000, 10_000, 100_000] as const;
const groups = 25;

interface Keyed {
  what: string;
  goal: number;
  run(collection: Collection<BenchDocument>, size: number, i: number): Promise<unknown>;
}

const some = (i: number, size: number): number => Math.imul(i + 1, 7919) % size;

const keyed: Keyed[] = [
  { what: 'findOne by _id', goal: 2, run: (c, size, i) => c.findOne({ _id: some(i, size) }) },
  {
    what: 'findOne by a unique index',
    goal: 2,
    run: (c, size, i) => c.findOne({ code: benchDocument(some(i, size)).code }),
  },
  {
    what: 'updateOne by _id',
    goal: 2,
    run: (c, size, i) => c.updateOne({ _id: some(i, size) }, { $set: { loose: i / 1000 } }),
  },
  { what: 'insertOne', goal: 1.6, run: (c, size, i) => c.insertOne(benchDocument(size + i)) },
  {
    what: 'find 20 sorted on an index',
    goal: 2.5,
    run: (c, _, i) =>
      c
        .find({ rank: { $gt: (i % 90) / 100 } })
        .sort({ rank: 1 })
        .limit(20)
        .toArray(),
  },
];

/** Runs each operation often enough for client and server to be compiled: a fresh process would be measured twice as slow. */
async function warmUp(collection: Collection<BenchDocument>): Promise<void> {
  await createIndexes(collection);
  await insertRange(collection, 0, 1_000);
  for (let i = 0; i < 1_500; i++) {
    for (const { run } of keyed) await run(collection, 1_000, i);
  }
  await collection.drop();
}

/** Keyed operations against ping at three sizes, and their growth from 10,000 to 100,000 documents. */
export async function keyedRows(db: Db): Promise<Row[]> {
  const rows: Row[] = [];
  const ping = () => db.command({ ping: 1 });
  const ratios: Record<string, number> = {};
  await warmUp(db.collection<BenchDocument>('cold'));
  for (const size of sizes) {
    const collection = db.collection<BenchDocument>(`keyed${size}`);
    await createIndexes(collection);
    await insertRange(collection, 0, size);
    for (const { what, goal, run } of keyed) {
      const measured = await ratio(groups, ping, (i) => run(collection, size, i));
      ratios[`${what} ${size}`] = measured;
      rows.push({
        what: `${what}, ${size.toLocaleString('en')} documents`,
        measured,
        goal,
        unit: 'x ping',
      });
    }
    await collection.drop();
  }
  for (const { what } of keyed) {
    const measured = (ratios[`${what} 100000`] ?? NaN) / (ratios[`${what} 10000`] ?? NaN);
    rows.push({ what: `${what}, 100,000 against 10,000`, measured, goal: 1.5, unit: 'x' });
  }
  return rows;
}

/** Loading, scanning, counting and grouping of 100,000 documents. */
export async function scanRows(db: Db): Promise<Row[]> {
  const count = 100_000;
  const warm = db.collection<BenchDocument>('warm');
  await createIndexes(warm);
  await insertRange(warm, 0, 20_000);
  await warm.drop();
  const collection = db.collection<BenchDocument>('scanned');
  await createIndexes(collection);
  const insertMs = await time(() => insertRange(collection, 0, count));
  const quarter = await collection.countDocuments({ group: 1 });
  if (quarter !== count / 4) throw new Error(`count gave ${quarter}, not ${count / 4}`);
  return [
    {
      what: 'insertMany with 3 indexes',
      measured: count / (insertMs / 1000),
      goal: 15_000,
      unit: 'documents/s',
      atLeast: true,
    },
    {
      what: 'find 20 of 100,000, sorted without an index',
      measured: await medianTime(9, () => collection.find().sort({ loose: 1 }).limit(20).toArray()),
      goal: 15,
      unit: 'ms',
    },
    {
      what: 'find 20 of 100,000, filtered without an index',
      measured: await medianTime(9, (i) =>
        collection
          .find({ loose: { $gt: 0.99 + i / 10_000 } })
          .limit(20)
          .toArray(),
      ),
      goal: 15,
      unit: 'ms',
    },
    {
      what: 'count of 25,000 on an index',
      measured: await medianTime(9, () => collection.countDocuments({ group: 1 })),
      goal: 5,
      unit: 'ms',
    },
    {
      what: '$group of 100,000',
      measured: await medianTime(5, () =>
        collection
          .aggregate([{ $group: { _id: '$group', n: { $sum: 1 }, m: { $avg: '$rank' } } }])
          .toArray(),
      ),
      goal: 400,
      unit: 'ms',
    },
  ];
}
