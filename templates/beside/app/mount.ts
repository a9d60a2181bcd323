// Puts the API of this folder into an Express application that was there before it.
import { Router, type Express, type RequestHandler } from 'express';
import { MongoClient } from 'mongodb';
import { api } from './core/api.ts';
import { defaultLimits, type Context } from './core/context.ts';
import { problemHandler } from './core/errors.ts';
import { syncDatabase } from './core/sync.ts';
import { models } from './models/index.ts';
import { blueprints } from './routes/index.ts';

const log: Context['log'] = {
  info: (details, message) => {
    console.info(message, details);
  },
  warn: (details, message) => {
    console.warn(message, details);
  },
  error: (details, message) => {
    console.error(message, details);
  },
};

/** What another parser has taken off the request cannot be read again: the request would wait until its deadline. */
const unread: RequestHandler = (req, _res, next) => {
  if (!req.readableDidRead) next();
  else next(new Error('a body parser stands above the API: call mountApi before app.use of it'));
};

const paths = [...blueprints.map(({ path }) => path), '/schemas'];

/** Whatever else there is under /api is the application's own. */
const isOurs = (path: string): boolean =>
  paths.some((own) => path === own || path.startsWith(`${own}/`));

/**
 * Mounts every blueprint under /api. Call it right after the application is made: the API reads bodies itself, and what
 * stands above it sees its requests as well. All other paths go on as before, under /api too.
 *
 * @param database a connection string with the name of the database, or the client that the application has already;
 *   a client that was made here for a string is closed with `context.client.close()`
 * @param options `context`: parts to replace, such as another database of the client, the log or limits
 * @returns at once; `ready` is settled when collections and indexes are there. What is missing is logged, and it never rejects.
 */
export const mountApi = (
  app: Pick<Express, 'use'>,
  database: string | MongoClient,
  options: Partial<Context> = {},
): { readonly context: Context; readonly ready: Promise<void> } => {
  const client = typeof database === 'string' ? new MongoClient(database) : database;
  const config = { debug: false, limits: defaultLimits };
  const context: Context = { client, db: client.db(), models, config, log, ...options };
  const mounted = Router().use(unread, api(context, blueprints), problemHandler(context));
  app.use('/api', (req, res, next) => {
    if (isOurs(req.path)) mounted(req, res, next);
    else next();
  });
  return { context, ready: makeCollections(context) };
};

const makeCollections = async (context: Context): Promise<void> => {
  try {
    const differences = await syncDatabase(context);
    for (const difference of differences) context.log.warn(difference, 'not as modelled');
  } catch (err) {
    context.log.error({ err }, 'collections and indexes are not as modelled');
  }
};
