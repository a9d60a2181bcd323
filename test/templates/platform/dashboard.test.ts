// The numbers of the dashboard come from the right metrics, and each alert looks at the number in its name.
import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import {
  between,
  takeSnapshot,
  type Reading,
} from '../../../templates/dashboard/app/dashboard/readings.ts';
import { rules } from '../../../templates/dashboard/app/dashboard/rules.ts';
import { createMetrics } from '../../../templates/project/app/ops/metrics.ts';
import { eventLoopDelay } from '../../../templates/project/app/ops/overload.ts';

/** Nothing is wrong. */
const well: Reading = {
  time: 0,
  at: 0,
  inFlight: 0,
  poolOpen: 0,
  poolUsed: 0,
  poolWaiting: 0,
  eventLoopDelay: 0,
  residentBytes: 0,
  heapBytes: 0,
  requests: { rate: 0, failed: 0 },
  database: { rate: 0, failed: 0, down: false },
  routes: [],
};

test.each<[string, Partial<Reading>, Partial<Reading>]>([
  [
    'Database does not answer',
    { database: { ...well.database, down: true } },
    { database: { ...well.database, failed: 1 } },
  ],
  [
    'Share of requests that fail',
    { requests: { rate: 1, failed: 0.06 } },
    { requests: { rate: 1e6, failed: 0.05 } },
  ],
  [
    'Seconds until 95 % of requests are answered',
    { requests: { ...well.requests, p95: 1.1 } },
    { requests: { ...well.requests, p95: 1, p99: 9 } },
  ],
  ['Operations that wait for a database connection', { poolWaiting: 21 }, { poolWaiting: 20 }],
  ['Seconds that the event loop is late', { eventLoopDelay: 0.21 }, { eventLoopDelay: 0.2 }],
  ['Bytes of memory in use', { residentBytes: 1.1e9 }, { residentBytes: 1e9, heapBytes: 2e9 }],
])('%s: the alert looks at this and at nothing else', (name, wrong, still) => {
  const alarmed = (reading: Partial<Reading>) =>
    rules
      .filter(({ value, above }) => (value({ ...well, ...reading }) ?? 0) > above)
      .map((rule) => rule.name);
  expect(alarmed(wrong)).toEqual([name]);
  expect(alarmed(still)).toEqual([]);
});

test('no alert fires when all is well, and each may', () => {
  expect(rules).toHaveLength(6);
  expect(rules.filter(({ value, above }) => (value(well) ?? 0) > above)).toEqual([]);
});

test('every number of a reading is that of its metric', async () => {
  const client = new MongoClient('mongodb://127.0.0.1:9');
  const metrics = createMetrics(client);
  const gauges = {
    mongodb_pool_connections: 7,
    mongodb_pool_connections_in_use: 5,
    mongodb_pool_waiting: 3,
  };
  for (const [name, value] of Object.entries(gauges)) {
    const gauge = metrics.registry.getSingleMetric(name);
    if (gauge === undefined || !('set' in gauge)) throw new Error(`There is no gauge ${name}`);
    gauge.set(value);
  }
  eventLoopDelay();
  const until = performance.now() + 500;
  while (performance.now() < until);
  await new Promise((resolve) => setTimeout(resolve, 1));
  const reading = between(undefined, await takeSnapshot(metrics), true);
  expect(reading).toMatchObject({ poolOpen: 7, poolUsed: 5, poolWaiting: 3, inFlight: 0 });
  expect(reading.eventLoopDelay).toBeGreaterThan(0);
  expect(reading.residentBytes).toBeGreaterThan(reading.heapBytes);
  expect(reading.heapBytes).toBeGreaterThan(1e6);
});
