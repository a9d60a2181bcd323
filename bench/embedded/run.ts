/**
 * The speed and memory goals of the embedded server: `tsx bench/embedded/run.ts [--check]`. Prints each figure, its goal
 * and whether it is met. With --check exits 1 when a relative goal, or one of memory, is missed by more than twice.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { start } from '../../src/embedded-mongo/index.ts';
import { keyedRows, scanRows } from './collections.ts';
import { createIndexes, insertRange, type BenchDocument } from './documents.ts';
import { median } from './measure.ts';
import { bundleServer, startServer } from './server-process.ts';
import { meets, table, type Row } from '../table.ts';

const { values: options } = parseArgs({ options: { check: { type: 'boolean' } } });
const slack = 2;
const documentCount = 100_000;

async function startRows(): Promise<Row[]> {
  const processMs: number[] = [];
  for (let i = 0; i < 5; i++) {
    const server = await startServer();
    processMs.push(server.startMs);
    await server.stop();
  }
  const listenMs: number[] = [];
  for (let i = 0; i < 9; i++) {
    const began = performance.now();
    const server = await start();
    listenMs.push(performance.now() - began);
    await server.stop();
  }
  return [
    { what: 'process start to listening', measured: median(processMs), goal: 300, unit: 'ms' },
    { what: 'start() in process', measured: median(listenMs), goal: 20, unit: 'ms' },
  ];
}

async function withServer<T>(
  use: (client: MongoClient, server: Awaited<ReturnType<typeof startServer>>) => Promise<T>,
  dir?: string,
): Promise<T> {
  const server = await startServer(dir);
  const client = await MongoClient.connect(server.uri);
  try {
    return await use(client, server);
  } finally {
    await client.close();
    await server.stop();
  }
}

const memoryRows = (): Promise<Row[]> =>
  withServer(async (client, server) => {
    const empty = await server.ask<{ rss: number; used: number }>('memory');
    const collection = client.db('bench').collection<BenchDocument>('memory');
    await createIndexes(collection);
    await insertRange(collection, 0, documentCount);
    const full = await server.ask<{ used: number }>('memory');
    await server.ask('reset');
    const resets: number[] = [];
    for (let i = 0; i < 9; i++) {
      await insertRange(collection, 0, 1_000);
      resets.push((await server.ask<{ ms: number }>('reset')).ms);
    }
    return [
      {
        what: 'memory of a 225-byte document with 3 indexes',
        measured: (full.used - empty.used) / documentCount / 1024,
        goal: 1.2,
        unit: 'KB',
      },
      {
        what: 'memory of the empty process (RSS)',
        measured: empty.rss / 2 ** 20,
        goal: 75,
        unit: 'MB',
      },
      {
        what: 'reset between tests (1,000 documents)',
        measured: median(resets),
        goal: 20,
        unit: 'ms',
      },
    ];
  });

/** Start on a folder of 100,000 documents, less the start on an empty one. */
async function replayRows(): Promise<Row[]> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    await withServer(async (client) => {
      const collection = client.db('bench').collection<BenchDocument>('replayed');
      await createIndexes(collection);
      await insertRange(collection, 0, documentCount);
    }, dir);
    const plain = await startServer();
    await plain.stop();
    const measured = await withServer(async (client, server) => {
      const found = await client.db('bench').collection('replayed').countDocuments();
      if (found !== documentCount)
        throw new Error(`${found} documents came back, not ${documentCount}`);
      return server.startMs - plain.startMs;
    }, dir);
    return [
      { what: 'replay of 100,000 documents with 3 indexes', measured, goal: 1500, unit: 'ms' },
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

await bundleServer();
const rows = [
  ...(await startRows()),
  ...(await withServer((client) => keyedRows(client.db('bench')))),
  ...(await withServer((client) => scanRows(client.db('bench')))),
  ...(await memoryRows()),
  ...(await replayRows()),
];
console.log(table(rows));
// Times in ms say as much about the machine as about the server: what CI compares is relative, or memory.
const comparable = rows.filter(({ unit }) => ['x ping', 'x', 'KB', 'MB'].includes(unit));
const far = comparable.filter((row) => !meets(row, slack));
if (options.check && far.length > 0) {
  console.error(`more than ${slack} times off the goal: ${far.map(({ what }) => what).join('; ')}`);
  process.exitCode = 1;
}
