// Puts the API of this folder into an Express application that was there before it.
import { Router, type RequestHandler } from 'express';
import { MongoClient } from 'mongodb';
import { api } from './core/api.ts';
import { defaultLimits, type Context } from './core/context.ts';
import { problemHandler } from './core/errors.ts';
import { drift, syncDatabase } from './core/sync.ts';
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

/** The paths that are answered here; everything else under /api is left to the application. */
const paths = [
  ...blueprints.map(({ path }) => path),
  ...models.flatMap(({ path, plural }) => [`/schemas${path}`, `/schemas/${plural}`]),
];

/** An application, or a router. */
interface Mountable {
  use(path: string, handler: RequestHandler): unknown;
}

/**
 * Mounts every blueprint under /api. Call it right after the application is made: the API reads bodies itself, and what
 * stands above it sees its requests as well, a guard for instance. All other paths go on as before.
 *
 * @param database a connection string with the name of the database, or the client that the application has already;
 *   a client that was made here for a string is closed with `context.client.close()`
 * @param options `context`: parts to replace, such as another database of the client, the log or limits
 * @returns at once; `ready` is settled when collections and indexes are there. What is missing is logged, and it never rejects.
 */
export const mountApi = (
  app: Mountable,
  database: string | MongoClient,
  options: Partial<Context> = {},
): { readonly context: Context; readonly ready: Promise<void> } => {
  const client = typeof database === 'string' ? new MongoClient(database) : database;
  const config = { debug: false, limits: defaultLimits };
  const context: Context = { client, db: client.db(), models, config, log, ...options };
  const layout = Router().use(unread, api(context, blueprints), problemHandler(context));
  app.use('/api', (req, res, next) => {
    const own = paths.some((path) => req.path === path || req.path.startsWith(`${path}/`));
    if (own) layout(req, res, next);
    else next();
  });
  return { context, ready: makeCollections(context) };
};

const makeCollections = async (context: Context): Promise<void> => {
  try {
    const others = await collectionsOfOthers(context);
    const own = context.models.filter(({ collection }) => !others.has(collection));
    for (const difference of await syncDatabase({ ...context, models: own }))
      context.log.warn(difference, 'not as modelled');
  } catch (err) {
    context.log.error({ err }, 'collections and indexes are not as modelled');
  }
};

/** Collections with documents that something else wrote: it goes on writing them, and a validator would refuse that. */
const collectionsOfOthers = async (context: Context): Promise<ReadonlySet<string>> => {
  const others = new Set<string>();
  for (const { collection, kind } of await drift(context)) {
    if (kind !== 'validator differs') continue;
    const found = await context.db.collection(collection).findOne({ _rev: { $exists: false } });
    if (found === null) continue;
    others.add(collection);
    context.log.warn({ collection }, 'holds documents of others: no validator and no indexes');
  }
  return others;
};
