import { createHash } from 'node:crypto';
import type { Collection, MongoClient } from 'mongodb';
import type { Random } from '../random.ts';

/** A document whose parts must agree: a torn one does not. */
export interface Stored {
  _id: string;
  version: number;
  payload: string;
  hash: string;
}

const hashOf = (payload: string, version: number): string =>
  createHash('sha256').update(`${version} ${payload}`).digest('hex');

export function makeStored(_id: string, version: number, random: Random): Stored {
  const payload = 'x'.repeat(random.below(2000)) + String(random.below(1e9));
  return { _id, version, payload, hash: hashOf(payload, version) };
}

export const isWhole = ({ payload, version, hash }: Stored): boolean =>
  hash === hashOf(payload, version);

/** 0 stands for "no such document". */
export interface Expectation {
  /** The version of each document whose last write was acknowledged. */
  acknowledged: Map<string, number>;
  /** Writes sent and not answered when the server died: the versions they would have left. All of one set or none. */
  inFlight: Map<string, number>[];
}

/** One writer: its own documents, one write after the other, until the connection breaks. */
async function writer(
  name: string,
  client: MongoClient,
  collection: Collection<Stored>,
  expectation: Expectation,
  random: Random,
): Promise<void> {
  const { acknowledged, inFlight } = expectation;
  const own = [...acknowledged.keys()].filter((id) => id.startsWith(`${name}-`));
  let next = own.length;
  for (;;) {
    const changes = new Map<string, number>();
    const kind = own.length === 0 ? 0 : random.below(5);
    const id = kind === 0 || kind === 4 ? `${name}-${next++}` : random.pick(own);
    const version = kind === 2 ? 0 : (acknowledged.get(id) ?? 0) + 1;
    changes.set(id, version);
    const other = `${name}-${next}`;
    if (kind === 4) {
      next++;
      changes.set(other, 1);
    }
    inFlight.push(changes);
    try {
      if (kind === 2) await collection.deleteOne({ _id: id });
      else if (kind === 4) {
        const first = makeStored(id, version, random);
        const second = makeStored(other, 1, random);
        await client.withSession((session) =>
          session.withTransaction(async () => {
            await collection.insertOne(first, { session });
            await collection.insertOne(second, { session });
          }),
        );
      } else
        await collection.replaceOne({ _id: id }, makeStored(id, version, random), { upsert: true });
    } catch {
      return;
    }
    inFlight.splice(inFlight.indexOf(changes), 1);
    for (const [key, value] of changes) {
      acknowledged.set(key, value);
      if (!own.includes(key)) own.push(key);
    }
  }
}

/** Writes with several writers until the server dies. Resolves when every writer has seen it. */
export async function writeUntilDead(
  client: MongoClient,
  expectation: Expectation,
  random: Random,
): Promise<void> {
  const collection = client.db('kill').collection<Stored>('documents');
  await Promise.all(
    Array.from({ length: 6 }, (_, i) => writer(`w${i}`, client, collection, expectation, random)),
  );
}

/**
 * Compares what a restarted server holds with what may be there; returns the faults as text, and takes the
 * found outcome of writes in flight as the new truth.
 */
export async function verify(
  client: MongoClient,
  expectation: Expectation,
  mayLose: boolean,
): Promise<string[]> {
  const faults: string[] = [];
  const found = new Map<string, number>();
  for (const one of await client.db('kill').collection<Stored>('documents').find().toArray()) {
    found.set(one._id, one.version);
    if (!isWhole(one)) faults.push(`${one._id} is torn`);
  }
  const { acknowledged, inFlight } = expectation;
  for (const changes of inFlight) {
    const applied = [...changes].map(([id, version]) => (found.get(id) ?? 0) === version);
    const same =
      applied.every(Boolean) ||
      [...changes].every(([id]) => (found.get(id) ?? 0) === (acknowledged.get(id) ?? 0));
    if (!same && !mayLose) faults.push(`half of a write: ${[...changes.keys()].join(', ')}`);
    if (applied.every(Boolean)) for (const [id, version] of changes) acknowledged.set(id, version);
  }
  if (!mayLose) {
    for (const [id, version] of acknowledged) {
      const now = found.get(id) ?? 0;
      if (now !== version)
        faults.push(`${id}: version ${version} was acknowledged, ${now} is there`);
    }
  }
  for (const id of found.keys())
    if (!acknowledged.has(id) && !mayLose) faults.push(`${id} was never written`);
  expectation.inFlight = [];
  expectation.acknowledged = new Map(
    [...acknowledged.keys(), ...found.keys()].map((id) => [id, found.get(id) ?? 0]),
  );
  return faults;
}
