import { MongoClient, type MongoClientOptions } from 'mongodb';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Context } from './core/context.ts';
import { fieldPaths, isPrivate } from './core/model.ts';
import { models } from './models/index.ts';
import { createLogger } from './ops/log.ts';
import { collections, witnesses } from './storage.ts';

/** What every part of the application is handed: database, models, configuration, log. */
export type AppContext = Context & { readonly config: Config; readonly log: Logger };

/** Names of private fields, on whatever level; the log hides their values. */
const privateNames = models
  .flatMap(({ fields }) => fieldPaths(fields, { privates: true }))
  .filter(({ field }) => isPrivate(field))
  .map(({ path }) => path.slice(path.lastIndexOf('.') + 1));

/**
 * Opens the application's database. Returns at once: the driver connects with the first operation, so a process
 * whose database is away starts, says so at /readyz, and needs no restart when the database is back.
 * Close it with `context.client.close()`.
 *
 * @param options of the driver, besides those here
 */
export const openContext = (
  config: Config,
  log = createLogger(config, privateNames),
  options: MongoClientOptions = {},
): AppContext => {
  const client = new MongoClient(config.mongodbUri, {
    connectTimeoutMS: 2_000,
    // The driver's own defaults keep a request waiting 30 s for a dead server, and for ever for a hung one.
    serverSelectionTimeoutMS: 2_000,
    waitQueueTimeoutMS: 2_000,
    // Above the longest query; reads are tried twice, and the request deadline answers before the second try ends.
    socketTimeoutMS: config.limits.queryMs + 1_000,
    maxPoolSize: 50,
    // For the timings and plans of diagnostics.ts; in production it costs a second decoding of each answer.
    ...(config.debug && { monitorCommands: true }),
    ...options,
  });
  return { client, db: client.db(), models, collections, witnesses, config, log };
};
