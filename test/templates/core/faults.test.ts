// What clients see when the database is slow, hung, alone, or of another opinion.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blueprint } from '../../../templates/project/app/core/blueprint.ts';
import { crud } from '../../../templates/project/app/core/crud.ts';
import { model, type Model } from '../../../templates/project/app/core/model.ts';
import { asker, openShop, product, routesOf, type Ask, type Shop } from './shop.ts';

const lamp = { name: 'Lamp', price: 19.9 };
const note = model({
  name: 'note',
  plural: 'notes',
  path: '/notes',
  collection: 'notes',
  search: 'text',
  fields: {
    title: { type: 'string', required: true, search: true, maxLength: 20 },
    body: { type: 'text', search: true },
  },
});

let shop: Shop;
let ask: Ask;
beforeAll(async () => {
  shop = await openShop({
    models: [product as Model, note],
    blueprints: [
      blueprint('/products', (context) => routesOf(crud(context, product))),
      blueprint('/notes', (context) =>
        routesOf(
          crud(context, note, {
            beforeWrite: async (next) => {
              if (next.title === 'too long') next.title = 'x'.repeat(30);
              if (next.title === 'slow') await new Promise((resolve) => setTimeout(resolve, 1200));
            },
          }),
        ),
      ),
    ],
    limits: { requestMs: 1000 },
    failPoints: true,
  });
  ask = asker(shop.url);
});
afterAll(() => shop.stop());

const failing = (failCommands: readonly string[], errorCode: number) =>
  shop.context.client.db('admin').command({
    configureFailPoint: 'failCommand',
    mode: { times: 1 },
    data: { failCommands, errorCode },
  });

test('a count that takes too long only leaves the total out', async () => {
  await ask('POST', '/api/products', lamp);
  await failing(['aggregate'], 50);
  const { status, body, headers } = await ask('GET', '/api/products');
  expect([status, headers.get('x-total-count')]).toEqual([200, null]);
  expect(body.data).toHaveLength(1);
  expect(body.meta).toEqual({ limit: 20, page: 1, next: null });
});

test('a query that takes too long is 503', async () => {
  await failing(['find'], 50);
  const { status, body, headers } = await ask('GET', '/api/products');
  expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'query_timeout', '5']);
});

test('what only the validator of the database refuses is 400', async () => {
  const reply = await ask('POST', '/api/notes', { title: 'too long' });
  expect([reply.status, reply.body.code]).toEqual([400, 'validation_error']);
  const several = await ask('POST', '/api/notes', [{ title: 'fine' }, { title: 'too long' }]);
  expect(several.status).toBe(400);
  expect(JSON.stringify(several.body)).not.toContain('xxx');
  expect(await shop.db.collection('notes').countDocuments()).toBe(0);
});

test('a text index answers q by words', async () => {
  await ask('POST', '/api/notes', [
    { title: 'Red lamp', body: 'shines' },
    { title: 'Blue', body: 'a lamp too' },
    { title: 'Chair' },
  ]);
  const titles = async (q: string) => {
    const { status, body } = await ask('GET', `/api/notes?q=${q}&sort=title`);
    expect(status).toBe(200);
    return (body.data as { title: string }[]).map(({ title }) => title);
  };
  expect(await titles('lamp')).toEqual(['Blue', 'Red lamp']);
  expect(await titles('chair')).toEqual(['Chair']);
  expect(await titles('lam')).toEqual([]);
});

test('a write whose time is over is answered 503 and not done', async () => {
  const reply = await ask('POST', '/api/notes', { title: 'slow' }, { 'idempotency-key': 'slow' });
  expect([reply.status, reply.body.code, reply.headers.get('retry-after')]).toEqual([
    503,
    'request_timeout',
    '5',
  ]);
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(await shop.db.collection('notes').countDocuments({ title: 'slow' })).toBe(0);
  // It is free to be tried again.
  expect(await shop.db.collection('idempotency_keys').findOne()).toMatchObject({
    lockedUntil: new Date(0),
  });
});

test('without transactions a failed bulk create takes back what it wrote', async () => {
  const client = await new MongoClient(shop.uri).connect();
  // The same database behind a server that says it is no replica set.
  const db = Object.create(shop.db, {
    command: { value: async () => ({ isWritablePrimary: true, maxWireVersion: 25 }) },
  }) as typeof shop.db;
  const commands: string[] = [];
  const listener = ({ commandName }: { commandName: string }) => void commands.push(commandName);
  shop.context.client.on('commandStarted', listener);
  const service = crud({ ...shop.context, client, db }, product);
  await service.create({ ...lamp, sku: 'taken' });
  const before = await shop.db.collection('products').countDocuments();
  const bulk = [{ ...lamp, sku: 'free' }, { ...lamp, sku: 'taken' }, lamp];
  await expect(service.createMany(bulk)).rejects.toMatchObject({
    status: 409,
    errors: [{ pointer: '#/1/sku', code: 'duplicate' }],
  });
  expect(await shop.db.collection('products').countDocuments()).toBe(before);
  expect(commands).toContain('delete');
  expect(commands).not.toContain('commitTransaction');
  shop.context.client.off('commandStarted', listener);
  await client.close();
});

test.each([
  ['that is nearly done ends, and its connection is kept', 30, 'succeeded', 0],
  ['that goes on is broken off', 5000, 'failed', 1],
])('the query of a client that has gone: one %s', async (_title, blockTimeMS, outcome, closed) => {
  const { client } = shop.context;
  await client.db('admin').command({
    configureFailPoint: 'failCommand',
    mode: { times: 1 },
    data: { failCommands: ['find'], blockConnection: true, blockTimeMS },
  });
  const logged = shop.logged.length;
  let lost = 0;
  client.on('connectionClosed', () => (lost += 1));
  const asked = once(client, 'commandStarted');
  const ended = new Promise((resolve) => {
    client.on('commandSucceeded', ({ commandName }) => {
      if (commandName === 'find') resolve('succeeded');
    });
    client.on('commandFailed', ({ commandName }) => {
      if (commandName === 'find') resolve('failed');
    });
  });
  const socket = connect(Number(new URL(shop.url).port), '127.0.0.1');
  socket.write('GET /api/products?count=none HTTP/1.1\r\nHost: x\r\n\r\n');
  await asked;
  socket.destroy();
  expect(await ended).toBe(outcome);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(lost).toBe(closed);
  expect(shop.logged.slice(logged)).toEqual([]);
});

test('a database that hangs is 503, and 200 again when it goes on', async () => {
  let hung = false;
  const sockets = new Set<Socket>();
  const upstream = new URL(shop.uri.replace('mongodb:', 'http:'));
  const proxy = createServer((client) => {
    const server = connect(Number(upstream.port), upstream.hostname);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => void (hung || to.write(chunk)));
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const socketTimeoutMS = 1000;
  const own = await openShop({
    uri: `mongodb://127.0.0.1:${port}/?directConnection=true`,
    // In the proportions of app/context.ts.
    client: { socketTimeoutMS, connectTimeoutMS: 330, serverSelectionTimeoutMS: 330 },
  });
  const hanging = asker(own.url);
  expect((await hanging('GET', '/api/products')).status).toBe(200);
  hung = true;
  for (const [method, body] of [
    ['GET', undefined],
    ['POST', lamp],
  ] as const) {
    const before = performance.now();
    const reply = await hanging(method, '/api/products', body);
    expect([reply.status, reply.body.code]).toEqual([503, 'database_unavailable']);
    expect(performance.now() - before).toBeLessThan(2 * socketTimeoutMS + 1000);
  }
  hung = false;
  for (const socket of sockets) socket.destroy();
  expect((await hanging('GET', '/api/products')).status).toBe(200);
  await own.stop();
  for (const socket of sockets) socket.destroy();
  proxy.close();
}, 20_000);

test('a list of objects has neither private nor read-only parts', () => {
  const names = { name: 'a', plural: 'as', path: '/as', collection: 'as' };
  const inside = (type: 'string' | 'password', flags: { private?: true; readonly?: true }) => () =>
    model({
      ...names,
      fields: {
        lines: {
          type: 'object',
          array: true,
          fields: { at: { type: 'object', fields: { x: { type, ...flags } } } },
        },
      },
    });
  expect(inside('string', {})).not.toThrow();
  const message = 'a.lines.at.x is inside a list';
  expect(inside('string', { private: true })).toThrow(message);
  expect(inside('string', { readonly: true })).toThrow(message);
  expect(inside('password', {})).toThrow(message);
});
