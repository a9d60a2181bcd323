import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { client, type Client } from '../../templates/project/tests/support/client.ts';
import { uriOf } from './support/database.ts';
import { startProcess, type Started } from './support/process.ts';
import { useDatabase, useProject } from './support/hooks.ts';
import { startProxy, type Proxy } from './support/proxy.ts';
import { make, product } from './support/samples.ts';

const project = useProject();
const database = useDatabase();

/** The project as a production process whose database lies behind a proxy. */
describe('a production process', () => {
  let proxy: Proxy;
  let app: Started;
  let api: Client;

  beforeAll(async () => {
    proxy = await startProxy(database.server.port);
    app = await startProcess(project.path, {
      NODE_ENV: 'production',
      MONGODB_URI: uriOf(database.server, 'outage', proxy.port),
      RATE_LIMIT_MAX: '0',
      DRAIN_SECONDS: '1',
    });
    await app.said('"ready"');
    api = client(app.url);
  }, 60_000);
  afterAll(async () => {
    await app.stop();
    await proxy.stop();
  });

  it('D7 answers 503 within three seconds while the database is down, and goes on when it is back', async () => {
    const item = await make(api, '/api/products', product());
    proxy.mode = 'refuse';
    for (const request of [
      () => api.get('/api/products'),
      () => api.get(`/api/products/${item._id}`),
      () => api.post('/api/products', product()),
      () => api.patch(`/api/products/${item._id}`, { price: 2 }),
      () => api.delete(`/api/products/${item._id}`),
    ]) {
      const started = performance.now();
      const answer = await request();
      expect(answer.status, answer.text).toBe(503);
      expect(performance.now() - started).toBeLessThan(3000);
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(answer.problem.code).toBe('database_unavailable');
      expect(answer.text).not.toMatch(/127\.0\.0\.1|ECONN|Mongo/);
    }
    await wait(1100);
    expect((await api.get('/readyz')).status).toBe(503);
    expect((await api.get('/livez')).status).toBe(200);

    proxy.mode = 'pass';
    const back = performance.now();
    while ((await api.get('/readyz')).status !== 200) {
      expect(performance.now() - back).toBeLessThan(5000);
      await wait(50);
    }
    expect((await api.get(`/api/products/${item._id}`)).item).toEqual(item);
  }, 60_000);

  it('D8 answers 503 in time when the database hangs, and D6 no request outlives its deadline', async () => {
    const item = await make(api, '/api/products', product());
    proxy.mode = 'hang';
    const started = performance.now();
    const answers = await Promise.all([
      api.get('/api/products'),
      api.get(`/api/products/${item._id}`),
      api.post('/api/products', product()),
    ]);
    const took = performance.now() - started;
    for (const answer of answers) {
      expect(answer.status, answer.text).toBe(503);
      expect(answer.headers.get('retry-after')).toBeTruthy();
    }
    expect(took).toBeLessThan(10_500); // the deadline; twice the socket timeout and one second would be 13 s
    expect((await api.get('/livez')).status).toBe(200);
    expect((await api.get('/readyz')).status).toBe(503);

    proxy.mode = 'pass';
    const back = performance.now();
    while ((await api.get('/readyz')).status !== 200) {
      expect(performance.now() - back).toBeLessThan(10_000);
      await wait(50);
    }
    // More than the pool has connections: none of them is still waiting for what was swallowed.
    for (let round = 0; round < 6; round += 1) {
      const some = await Promise.all(Array.from({ length: 10 }, () => api.get('/api/products')));
      expect(some.map(({ status }) => status)).toEqual(Array<number>(10).fill(200));
    }
  }, 60_000);

  /** Sends requests whose clients give up after 200 ms, and waits until the application knows. */
  async function leave(count: number, path: string, init: RequestInit = {}): Promise<void> {
    const left = () => app.lines.filter((line) => line.includes('"status":499')).length;
    const before = left();
    const signal = AbortSignal.timeout(200);
    const gone = Array.from({ length: count }, () =>
      fetch(app.url + path, { ...init, signal }).catch(() => undefined),
    );
    await Promise.all(gone);
    await expect.poll(() => left() - before, { timeout: 5000 }).toBe(count);
  }

  it('D6 writes nothing for a client that has gone', async () => {
    const item = await make(api, '/api/products', product());
    const at = `/api/products/${item._id}`;
    const writes = () => proxy.count('findAndModify') + proxy.count('delete');
    const before = writes();
    proxy.mode = 'hold';
    await leave(3, at, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: '{"price":7777}',
    });
    await leave(3, at, { method: 'DELETE' });
    proxy.mode = 'pass';
    await wait(1000);
    expect(writes()).toBe(before);
    expect((await api.get(at)).item).toEqual(item);
  }, 30_000);

  it('D6 a query in flight ends with its client: it is not tried again', async () => {
    proxy.mode = 'hang';
    const finds = proxy.count('find');
    await leave(5, '/api/products');
    proxy.mode = 'pass';
    await wait(7000); // beyond the socket timeout of 6 s, after which the driver tries again
    expect(proxy.count('find') - finds).toBe(0);
  }, 30_000);

  it('D13 drains on SIGTERM: not ready at once, requests in flight are answered, exit 0', async () => {
    const before = await api.get('/readyz');
    expect(before.status).toBe(200);
    let statuses: number[] = [];
    let going = true;
    const traffic = (async () => {
      while (going) {
        const answer = await fetch(`${app.url}/api/products?limit=1`).catch(() => undefined);
        if (answer === undefined) return;
        statuses.push(answer.status);
        await answer.arrayBuffer();
      }
    })();
    await wait(200);
    statuses = [];
    app.child.kill('SIGTERM');
    await app.said('stopping');
    expect((await api.get('/readyz')).status).toBe(503);
    expect((await api.get('/api/products')).status).toBe(200);
    expect(await app.ended).toBe(0);
    going = false;
    await traffic;
    expect(statuses.length).toBeGreaterThan(10);
    expect(new Set(statuses)).toEqual(new Set([200]));
  }, 30_000);
});

describe('signals', () => {
  const start = () =>
    startProcess(project.path, {
      NODE_ENV: 'production',
      MONGODB_URI: uriOf(database.server, 'signals'),
      DRAIN_SECONDS: '20',
    });

  it('D13 a request in flight is answered after the server has stopped listening', async () => {
    const proxy = await startProxy(database.server.port);
    const app = await startProcess(project.path, {
      NODE_ENV: 'production',
      MONGODB_URI: uriOf(database.server, 'signals', proxy.port),
      DRAIN_SECONDS: '0',
    });
    await app.said('"ready"');
    try {
      proxy.mode = 'hold';
      const answer = fetch(`${app.url}/api/products`);
      await wait(500);
      app.child.kill('SIGTERM');
      const refused = () =>
        fetch(`${app.url}/livez`).then(
          () => false,
          () => true,
        );
      await expect.poll(refused, { timeout: 5000 }).toBe(true);
      proxy.mode = 'pass';
      expect((await answer).status).toBe(200);
      expect(await app.ended).toBe(0);
    } finally {
      await app.stop();
      await proxy.stop();
    }
  }, 30_000);

  it('D13 a second signal ends the process there and then', async () => {
    const app = await start();
    app.child.kill('SIGTERM');
    await app.said('stopping');
    app.child.kill('SIGTERM');
    expect(await Promise.race([app.ended, wait(2000, 'still there')])).not.toBe('still there');
  }, 30_000);
});

describe('a first connection that falls silent and breaks under load', () => {
  it('D7 does not end the search for the database', async () => {
    const proxy = await startProxy(database.server.port);
    const app = await startProcess(project.path, {
      NODE_ENV: 'production',
      MONGODB_URI: uriOf(database.server, 'silent', proxy.port),
      RATE_LIMIT_MAX: '0',
      DRAIN_SECONDS: '0',
    });
    await app.said('"ready"');
    const list = async () => (await fetch(`${app.url}/api/products`)).status;
    const statuses = new Set<number>();
    const traffic = setInterval(() => {
      list().then(
        (status) => statuses.add(status),
        () => undefined, // asked when the process had ended
      );
    }, 5);
    try {
      await wait(500);
      proxy.mode = 'mute';
      await wait(200);
      proxy.mode = 'refuse';
      await wait(1000);
      proxy.mode = 'pass';
      await expect.poll(list, { timeout: 20_000 }).toBe(200);
      expect(statuses).toEqual(new Set([200, 503]));
    } finally {
      clearInterval(traffic);
      await app.stop();
      await proxy.stop();
    }
  }, 60_000);
});

describe('without a database', () => {
  it('D14 starts, says that it is not ready, and becomes ready when the database appears', async () => {
    const proxy = await startProxy(database.server.port);
    proxy.mode = 'refuse';
    const app = await startProcess(project.path, {
      NODE_ENV: 'production',
      MONGODB_URI: uriOf(database.server, 'absent', proxy.port),
    });
    try {
      expect((await fetch(`${app.url}/livez`)).status).toBe(200);
      expect((await fetch(`${app.url}/readyz`)).status).toBe(503);
      expect((await fetch(`${app.url}/startupz`)).status).toBe(503);
      proxy.mode = 'pass';
      await app.said('"ready"', 6000);
      await wait(1100);
      expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    } finally {
      await app.stop();
      await proxy.stop();
    }
  }, 30_000);
});
