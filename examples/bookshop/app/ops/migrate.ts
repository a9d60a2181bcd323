import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MongoServerError, type Db } from 'mongodb';
import type { AppContext } from '../context.ts';

/** `0001-name.ts`; `.js` once it is built. */
const migrationFile = /^(\d{4}-[a-z0-9-]+)\.[jt]s$/;
const lockMs = 10 * 60_000;

/** What a file in migrations/ exports. */
export interface Migration {
  up(context: AppContext): Promise<void>;
}

interface Row {
  _id: string;
  appliedAt: Date;
}

interface Lock {
  _id: 'lock';
  owner: string;
  expiresAt: Date;
}

const isMigration = (module: unknown): module is Migration =>
  typeof module === 'object' &&
  module !== null &&
  'up' in module &&
  typeof module.up === 'function';

/** The migrations of a folder in the order of their numbers. @throws when two have the same number */
const listMigrations = async (folder: string): Promise<string[]> => {
  const names = (await readdir(folder))
    .flatMap((file) => migrationFile.exec(file)?.[1] ?? [])
    .sort();
  const twice = names.find((name, index) => names[index + 1]?.startsWith(name.slice(0, 5)));
  if (twice !== undefined) throw new Error(`Two migrations have the number ${twice.slice(0, 4)}`);
  return names;
};

/** Takes the lock document, or fails: it is there, unless its owner died more than ten minutes ago. */
const lock = async (db: Db) => {
  const locks = db.collection<Lock>('migrations_lock');
  const owner = randomUUID();
  const now = new Date();
  try {
    await locks.updateOne(
      { _id: 'lock', expiresAt: { $lt: now } },
      { $set: { owner, expiresAt: new Date(now.getTime() + lockMs) } },
      { upsert: true },
    );
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== 11_000) throw error;
    throw new Error('Another process is migrating this database; its lock ends after ten minutes', {
      cause: error,
    });
  }
  return () => locks.deleteOne({ _id: 'lock', owner });
};

/**
 * Runs what is new in migrations/, in order, each once for this database; stops at the first that fails.
 *
 * @returns the names of those that ran
 */
export const migrate = async (
  context: AppContext,
  folder = join(import.meta.dirname, '../../migrations'),
): Promise<string[]> => {
  const { db, log } = context;
  const names = await listMigrations(folder);
  const unlock = await lock(db);
  try {
    const applied = db.collection<Row>('migrations');
    const done = new Set((await applied.find().toArray()).map(({ _id }) => _id));
    const extension = import.meta.filename.slice(-3);
    const ran: string[] = [];
    for (const name of names.filter((candidate) => !done.has(candidate))) {
      const module: unknown = await import(pathToFileURL(join(folder, name + extension)).href);
      if (!isMigration(module))
        throw new Error(`migrations/${name} exports no function up(context)`);
      log.info({ migration: name }, 'migrating');
      await module.up(context);
      await applied.insertOne({ _id: name, appliedAt: new Date() });
      ran.push(name);
    }
    return ran;
  } finally {
    await unlock();
  }
};
