import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient, type Db } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase, useProject } from './support/hooks.ts';
import { launch, startProcess } from './support/process.ts';

const project = useProject();
const database = useDatabase();
let client: MongoClient;
let db: Db;

beforeAll(async () => {
  client = await new MongoClient(database.uri).connect();
  db = client.db();
});
afterAll(() => client.close());

const environment = (more: Record<string, string> = {}) => ({
  NODE_ENV: 'development',
  MONGODB_URI: database.uri,
  ...more,
});

/** `npm run <command>`, as a process of its own. */
async function manage(command: string, more: Record<string, string> = {}) {
  const script = `${command.replace(':', '-')}.ts`;
  const text = `process.argv[2] = '${command}';\nawait import('./manage.ts');\n`;
  await writeFile(join(project.path, script), text);
  const process = launch(project.path, environment(more), script);
  return { code: await process.ended, said: process.lines.join('\n') };
}

describe('the database of a project', () => {
  it('is compared with the models at each start in production, and changed by db:sync alone', async () => {
    const production = { NODE_ENV: 'production' };
    const before = await startProcess(project.path, environment(production));
    try {
      expect(await before.said('database and models differ')).toContain('collection missing');
      await before.said('"ready"');
    } finally {
      await before.stop();
    }
    expect(await db.listCollections({ name: 'products' }).toArray()).toEqual([]);
    expect((await manage('db:sync', production)).code).toBe(0);
    const after = await startProcess(project.path, environment(production));
    try {
      await after.said('"ready"');
      expect(after.lines.join('\n')).not.toContain('database and models differ');
    } finally {
      await after.stop();
    }
  }, 180_000);

  it('is filled by db:seed where it is empty, and never in production', async () => {
    const refused = await manage('db:seed', { NODE_ENV: 'production' });
    expect(refused.code).toBe(1);
    expect(refused.said).toContain('NODE_ENV=production');
    expect((await manage('db:seed')).code).toBe(0);
    const filled = await db.collection('products').find().toArray();
    expect(filled).toHaveLength(10);
    expect((await manage('db:seed')).code).toBe(0);
    expect(await db.collection('products').find().toArray()).toEqual(filled);
  }, 180_000);

  it('is migrated in the order of numbers, each file once, by one process at a time', async () => {
    const migration = (line: string) =>
      `import type { AppContext } from '../app/context.ts';\nexport const up = async ({ db }: AppContext) => { ${line} };\n`;
    const at = (name: string) => join(project.path, 'migrations', name);
    const note = (n: number) => `await db.collection('ran').insertOne({ n: ${String(n)} });`;
    await writeFile(at('0002-second.ts'), migration(note(2)));
    await writeFile(at('0001-first.ts'), migration(note(1)));
    const locks = db.collection<{ _id: string; expiresAt: Date }>('migrations_lock');
    await locks.insertOne({ _id: 'lock', expiresAt: new Date(Date.now() + 60_000) });
    const waiting = await manage('db:migrate');
    expect(waiting.code).toBe(1);
    expect(waiting.said).toContain('Another process is migrating this database');
    // Its owner died.
    await locks.updateOne({ _id: 'lock' }, { $set: { expiresAt: new Date(0) } });
    for (let i = 0; i < 2; i += 1) expect((await manage('db:migrate')).code).toBe(0);
    const ran = await db.collection('ran').find().sort({ _id: 1 }).toArray();
    expect(ran.map(({ n }) => n as number)).toEqual([1, 2]);
    expect(await locks.countDocuments()).toBe(0);

    await writeFile(at('0003-third.ts'), migration("throw new Error('stuck');"));
    await writeFile(at('0004-fourth.ts'), migration(note(4)));
    expect((await manage('db:migrate')).code).toBe(1);
    expect(await db.collection('ran').countDocuments()).toBe(2);
  }, 180_000);
});
