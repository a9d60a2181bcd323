import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { start } from '../../../src/embedded-mongo/index.ts';
import { SharedCounts } from '../../../templates/project/app/ops/shared-counts.ts';

/** Windows begin at multiples of their length, and no test may meet the end of one: this one ends in 2039. */
const era = 2 ** 40;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

let server: Awaited<ReturnType<typeof start>>;
let client: MongoClient;

beforeAll(async () => {
  server = await start({});
  client = new MongoClient(server.uri, { serverSelectionTimeoutMS: 500 });
});

afterAll(async () => {
  await client.close();
  await server.stop();
});

const counts = (name: string) => new SharedCounts(client.db(name), era, silent);

test('each request is counted at once, by its address, until the window ends', () => {
  const store = counts('single');
  expect([1, 2, 3].map(() => store.increment('a').totalHits)).toEqual([1, 2, 3]);
  expect(store.increment('b').totalHits).toBe(1);
  const { resetTime } = store.increment('a');
  expect(resetTime?.getTime()).toBeGreaterThan(Date.now());
  expect(resetTime?.getTime()).toBeLessThanOrEqual(Date.now() + era);
});

test('copies of the process add up their counts', async () => {
  const [one, other] = [counts('shared'), counts('shared')];
  for (let i = 0; i < 10; i += 1) one.increment('a');
  other.increment('a');
  await vi.waitFor(
    () => {
      expect(other.increment('a').totalHits).toBeGreaterThan(11);
    },
    { timeout: 10_000, interval: 500 },
  );
});

test('what is stored goes away by itself', async () => {
  counts('expiring').increment('a');
  const rows = client.db('expiring').collection<{ expiresAt: Date }>('rate_limits');
  await vi.waitFor(async () => expect(await rows.countDocuments()).toBe(1), { timeout: 10_000 });
  const [row] = await rows.find().toArray();
  expect(row?.expiresAt.getTime()).toBeGreaterThan(Date.now());
  expect(await rows.indexes()).toContainEqual(expect.objectContaining({ expireAfterSeconds: 0 }));
});

test('without a database a copy counts alone', async () => {
  const gone = new MongoClient('mongodb://127.0.0.1:9/app', { serverSelectionTimeoutMS: 100 });
  const warnings: string[] = [];
  const log = {
    ...silent,
    warn: (_details: object, message: string) => void warnings.push(message),
  };
  const store = new SharedCounts(gone.db(), era, log);
  store.increment('a');
  await vi.waitFor(() => expect(warnings).toHaveLength(1), { timeout: 10_000 });
  expect(store.increment('a').totalHits).toBe(2);
  await gone.close();
});

test('a flood of addresses makes it forget the oldest, never the newest', () => {
  const store = new SharedCounts(new MongoClient('mongodb://127.0.0.1:9').db(), era, silent);
  for (let i = 0; i < 1_000_000; i += 1) store.increment(`10.${String(i)}`);
  expect(store.increment('10.0').totalHits).toBe(1);
  expect(store.increment('10.999999').totalHits).toBe(2);
});
