// A disk that takes no more: a write that is not on it is not acknowledged, and spoils nothing that comes after it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, type Document } from 'mongodb';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

import { failure } from './client.ts';
import { bundleServer, ServerProcess } from './kill/server-process.ts';

const prlimit = spawnSync('prlimit', ['--version']).status === 0;
let dir: string;

beforeAll(() => bundleServer());
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'embedded-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Lets files of a process grow to so many bytes: a longer write is cut there and then fails, as on a full disk. */
function limit(pid: number, bytes: number | 'unlimited'): void {
  const set = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
  expect(set.stderr.toString()).toBe('');
}

const things = (client: MongoClient) =>
  client.db('test').collection<Document & { _id: number }>('things');

it.runIf(prlimit)('answers with an error, goes on, and loses nothing it acknowledged', async () => {
  const server = await ServerProcess.start(dir, 'interval');
  const client = await new MongoClient(server.uri).connect();
  await things(client).insertOne({ _id: 1 });
  limit(server.pid, statSync(join(dir, 'data.journal')).size + 500);
  const text = 'x'.repeat(2000);
  expect(await failure(things(client).insertOne({ _id: 2, text }))).toMatchObject({ code: 14031 });
  expect(await failure(things(client).insertOne({ _id: 3 }))).toMatchObject({ code: 14031 });
  expect(await things(client).findOne({ _id: 1 })).toEqual({ _id: 1 });
  limit(server.pid, 'unlimited');
  await things(client).insertOne({ _id: 4 });
  await client.close();
  await server.kill();
  const again = await ServerProcess.start(dir, 'interval');
  const reader = await new MongoClient(again.uri).connect();
  const kept = await things(reader).find().toArray();
  await reader.close();
  await again.kill();
  expect(again.output).toBe('');
  expect(kept).toEqual([{ _id: 1 }, { _id: 2, text }, { _id: 3 }, { _id: 4 }]);
});
