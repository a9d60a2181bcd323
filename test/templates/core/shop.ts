// A small shop behind a real HTTP server and a real database: what the core's HTTP tests talk to.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { Router } from 'express';
import { MongoClient, type Db, type MongoClientOptions } from 'mongodb';
import { start } from '../../../src/embedded-mongo/index.ts';
import { api } from '../../../templates/project/app/core/api.ts';
import { blueprint, type Blueprint } from '../../../templates/project/app/core/blueprint.ts';
import {
  defaultLimits,
  locals,
  type Context,
  type Limits,
} from '../../../templates/project/app/core/context.ts';
import { crud } from '../../../templates/project/app/core/crud.ts';
import {
  notFound,
  problemHandler,
  problemPages,
} from '../../../templates/project/app/core/errors.ts';
import {
  create,
  list,
  patch,
  read,
  remove,
  replace,
} from '../../../templates/project/app/core/handlers.ts';
import { model, type Model } from '../../../templates/project/app/core/model.ts';
import type { Service } from '../../../templates/project/app/core/service.ts';
import { syncDatabase } from '../../../templates/project/app/core/sync.ts';

export const category = model({
  name: 'category',
  plural: 'categories',
  path: '/categories',
  collection: 'categories',
  fields: {
    name: { type: 'string', required: true, unique: true },
    secret: { type: 'string', private: true },
  },
});

export const product = model({
  name: 'product',
  plural: 'products',
  path: '/products',
  collection: 'products',
  fields: {
    name: { type: 'string', required: true, maxLength: 200, search: true },
    price: { type: 'number', required: true, min: 0, index: true },
    tags: { type: 'string', array: true, maxLength: 50, maxItems: 50, default: [], search: true },
    category: { type: 'ref', to: 'category' },
    dims: { type: 'object', fields: { w: { type: 'integer' }, h: { type: 'integer', min: 1 } } },
    limit: { type: 'integer' },
    sku: { type: 'slug', unique: true },
    code: { type: 'string', private: true, unique: true },
    views: { type: 'integer', readonly: true, default: 0 },
    active: { type: 'boolean' },
    extra: { type: 'json' },
  },
  rules: (document) =>
    document.name === 'forbidden'
      ? [{ pointer: '#/name', code: 'rule', detail: 'Name is forbidden' }]
      : [],
});

/** The six verbs for a service, as a generated project writes them. */
export const routesOf = (service: Service): Router =>
  Router()
    .get('/', list(service))
    .post('/', create(service))
    .get('/:id', read(service))
    .put('/:id', replace(service))
    .patch('/:id', patch(service))
    .delete('/:id', remove(service));

export interface Shop {
  readonly url: string;
  /** Of the database server. */
  readonly uri: string;
  readonly db: Db;
  readonly context: Context;
  /** Everything the application logged as an error. */
  readonly logged: object[];
  /** Stops the database alone. */
  cut(): Promise<void>;
  stop(): Promise<void>;
}

interface Options {
  readonly models?: readonly Model[];
  readonly blueprints?: readonly Blueprint[];
  readonly limits?: Partial<Limits>;
  readonly publicUrl?: string;
  readonly debug?: boolean;
  readonly failPoints?: boolean;
  /** A server that runs already; otherwise one is started. */
  readonly uri?: string;
  readonly client?: MongoClientOptions;
}

/** Starts database and application, one pair for each test file. */
export const openShop = async ({
  models = [category, product],
  blueprints = models.map((each) =>
    blueprint(each.path, (context) => routesOf(crud(context, each))),
  ),
  limits = {},
  publicUrl,
  debug = false,
  failPoints = false,
  uri: given,
  client: options,
}: Options = {}): Promise<Shop> => {
  const database = given === undefined ? await start({ failPoints }) : undefined;
  const uri = given ?? database?.uri ?? '';
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: 1000,
    monitorCommands: true,
    ...options,
  });
  const db = client.db('shop');
  const logged: object[] = [];
  const log = {
    info: () => {},
    warn: () => {},
    error: (details: object) => void logged.push(details),
  };
  const passwordCost = { ln: 4, r: 8, p: 1 };
  const config = { debug, publicUrl, passwordCost, limits: { ...defaultLimits, ...limits } };
  const context: Context = { db, client, models, config, log };
  await syncDatabase(context);
  const app = express().disable('x-powered-by');
  app.use((_req, res, next) => {
    locals(res).requestId = 'test-request';
    next();
  });
  app.use('/api', api(context, blueprints));
  app.use(problemPages);
  app.use(notFound);
  app.use(problemHandler(context));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await client.close();
    await database?.stop();
  };
  const url = `http://127.0.0.1:${port}`;
  return { url, uri, db, context, logged, cut: async () => database?.stop(), stop };
};

/** An answer with its body parsed, as far as there is one. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly [key: string]: unknown };
}

export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Reply>;

/** Sends one request; a body that is not a text is sent as JSON. */
export const asker =
  (url: string): Ask =>
  async (method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? {} : (JSON.parse(text) as Reply['body']),
    };
  };
