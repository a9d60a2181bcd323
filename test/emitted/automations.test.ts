/** Automations over several processes of one application, some of which are killed. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient, ObjectId } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase, useProject } from './support/hooks.ts';
import { startProcess, type Started } from './support/process.ts';

const project = useProject(join(import.meta.dirname, 'fixtures/automations.json'));
const database = useDatabase();
const processes: Started[] = [];
let client = new MongoClient('mongodb://127.0.0.1');

/** Notes who runs it; then runs until the document that it waits for is there. */
const held = `
import { automation } from './automation.ts';

export const heldAutomation = automation({
  name: 'held',
  async run({ id, input, attempt, context, signal }) {
    const { db } = context;
    await db.collection('starts').insertOne({ run: id, pid: process.pid, attempt });
    while (input.until !== undefined) {
      signal.throwIfAborted();
      if ((await db.collection('signs').findOne({ name: input.until })) !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return { pid: process.pid };
  },
});
`;

beforeAll(async () => {
  await writeFile(join(project.path, 'app/automations/held.ts'), held);
  client = new MongoClient(database.uri);
});
afterEach(() => Promise.all(processes.splice(0).map((one) => one.stop())));
afterAll(() => client.close());

const start = async (env: Record<string, string> = {}): Promise<Started> => {
  const one = await startProcess(project.path, {
    NODE_ENV: 'test',
    MONGODB_URI: database.uri,
    ...env,
  });
  processes.push(one);
  await one.said('"ready"');
  return one;
};

interface Shown {
  readonly state: string;
  readonly attempts: number;
  readonly result?: { readonly pid: number };
}

const run = async ({ url }: Started, input: object = {}): Promise<string> => {
  const answer = await fetch(`${url}/api/automations/held/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  expect(answer.status).toBe(202);
  return answer.headers.get('location') ?? '';
};

/** Looks until the run is in that state; the time limit of the test is the limit. */
const seen = async ({ url }: Started, path: string, state: string): Promise<Shown> => {
  for (;;) {
    const shown = (await (await fetch(url + path)).json()) as Shown;
    if (shown.state === state) return shown;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
};

const idOf = (path: string): string => path.split('/').at(-1) ?? '';
const starts = (path: string) =>
  client
    .db()
    .collection('starts')
    .find({ run: idOf(path) });

describe('C104 automations', () => {
  it('are run by one of several processes, each once', async () => {
    const [first, second] = [await start(), await start()];
    const runs = await Promise.all(
      Array.from({ length: 40 }, (_, i) => run(i % 2 === 0 ? first : second)),
    );
    for (const path of runs) {
      expect(await seen(first, path, 'done')).toMatchObject({ attempts: 1 });
      expect(await starts(path).toArray()).toHaveLength(1);
    }
  });

  it('survive kill -9 in the middle of a run: another process runs it when the lease is over', async () => {
    const both = [await start(), await start()] as const;
    const path = await run(both[0], { until: 'the kill is over' });
    await seen(both[0], path, 'running');
    while ((await starts(path).toArray()).length === 0)
      await new Promise((go) => setTimeout(go, 20));
    const [{ pid } = { pid: 0 }] = await starts(path).toArray();
    const [dead, alive] = both[0].child.pid === pid ? both : [both[1], both[0]];
    await dead.stop();
    await client.db().collection('signs').insertOne({ name: 'the kill is over' });
    // Half a minute later.
    const _id = new ObjectId(idOf(path));
    await client
      .db()
      .collection('job_queue')
      .updateOne({ _id }, { $set: { due: new Date() } });
    const done = await seen(alive, path, 'done');
    expect(done).toMatchObject({ attempts: 2, result: { pid: alive.child.pid } });
  });

  it('wait for a process that can run them, over a restart', async () => {
    const idle = await start({ JOB_SLOTS: '0' });
    const path = await run(idle);
    await idle.stop();
    const next = await start();
    expect(await seen(next, path, 'done')).toMatchObject({ attempts: 1 });
  });

  it('are cancelled in whichever process they run', async () => {
    const worker = await start();
    const asked = await start({ JOB_SLOTS: '0' });
    const path = await run(asked, { until: 'never' });
    await seen(asked, path, 'running');
    const answer = await fetch(`${asked.url}${path}/cancel`, { method: 'POST' });
    expect(answer.status).toBe(202);
    await seen(worker, path, 'cancelled');
  });
});
