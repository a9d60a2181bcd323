/** `npm run test:contract`: the resource tests of one project against a deployment of another, over HTTP alone. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MongoClient, ObjectId } from 'mongodb';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { uriOf } from './support/database.ts';
import { useDatabase, useProject } from './support/hooks.ts';
import { startProcess, type Started } from './support/process.ts';
import { emit, repository, type Emitted } from './support/project.ts';

const run = promisify(execFile);
const deployed = useProject();
const database = useDatabase();

describe('test:contract', () => {
  let mine: Emitted;
  let app: Started;
  let env: Record<string, string>;

  beforeAll(async () => {
    mine = await emit();
    env = {
      NODE_ENV: 'production',
      MONGODB_URI: uriOf(database.server, 'deployed'),
      RATE_LIMIT_MAX: '0',
    };
    const tsx = join(repository, 'node_modules/tsx/dist/cli.mjs');
    await run(process.execPath, [tsx, 'manage.ts', 'db:sync'], {
      cwd: deployed.path,
      env: { PATH: process.env.PATH ?? '', ...env },
    });
    app = await startProcess(deployed.path, env);
    await app.said('"ready"');
  }, 120_000);
  afterAll(async () => {
    await app.stop();
    await mine.remove();
  });

  /** What it said when it failed; nothing when it passed. */
  const contract = (url: string, ...files: string[]): Promise<string> =>
    run('npm', ['run', 'test:contract', '--', '--reporter=dot', ...files], {
      cwd: mine.path,
      env: { PATH: process.env.PATH ?? '', HOME: mine.path, BASE_URL: url, CI: '1' },
      maxBuffer: 2 ** 26,
    }).then(
      () => '',
      ({ stdout, stderr }: { stdout?: unknown; stderr?: unknown }) =>
        `${String(stdout)}${String(stderr)}`,
    );

  it('passes against a deployment, twice, and removes only its own documents', async () => {
    const client = await new MongoClient(env.MONGODB_URI ?? '').connect();
    const db = client.db();
    try {
      const names = (await db.listCollections().toArray()).map(({ name }) => name);
      const counts = () =>
        Promise.all(names.map(async (name) => [name, await db.collection(name).countDocuments()]));
      const theirs = await fetch(`${app.url}/api/products`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Theirs', price: 1 }),
      });
      expect(theirs.status, await theirs.clone().text()).toBe(201);
      const { _id } = (await theirs.json()) as { _id: string };
      const stored = () => db.collection('products').findOne({ _id: new ObjectId(_id) });
      const untouched = await stored();
      const before = (await counts()).filter(([name]) => name !== 'idempotency_keys');
      for (let round = 0; round < 2; round += 1) {
        expect(await contract(app.url)).toBe('');
        const after = (await counts()).filter(([name]) => name !== 'idempotency_keys');
        expect(after).toEqual(before);
        expect(await stored()).toEqual(untouched);
      }
    } finally {
      await client.close();
    }
  }, 600_000);

  it('fails against what is no such deployment', async () => {
    expect(await contract(`${app.url}/api`, 'tests/things.test.ts')).toContain('failed');
  }, 300_000);
});
