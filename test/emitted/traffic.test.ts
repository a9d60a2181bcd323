import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, it } from 'vitest';
import { useKitchen, serveApp } from './support/in-process.ts';
import { startProcess } from './support/process.ts';
import { lines, raw } from './support/raw.ts';
import { key, make, product, thing } from './support/samples.ts';

const kitchen = useKitchen({ CORS_ORIGINS: 'https://shop.example.com,https://admin.example.com' });

let variants = 0;

/** The same project with another environment and, as copies share their counts, another database, for one test. */
async function variant<T>(
  env: Record<string, string>,
  use: (app: Awaited<ReturnType<typeof serveApp>>) => Promise<T>,
) {
  const uri = new URL(kitchen.uri);
  uri.pathname += `_${String((variants += 1))}`;
  const app = await serveApp(kitchen.project, {
    MONGODB_URI: uri.href,
    LOG_LEVEL: 'info',
    ...env,
  });
  try {
    return await use(app);
  } finally {
    await app.stop();
  }
}

describe('headers', () => {
  it('D1 every answer has the security headers, whatever its status', async () => {
    const answers = [
      await kitchen.api.get('/api/products'),
      await kitchen.api.get('/api/nothing'),
      await kitchen.api.get('/nothing', { accept: 'text/html' }),
      await kitchen.api.get('/', { accept: 'text/html' }),
      await kitchen.api.get('/docs', { accept: 'text/html' }),
      await kitchen.api.get('/livez'),
      await kitchen.api.request('PROPFIND', '/api/products'),
      await kitchen.api.post('/api/products', `{"name":"${'a'.repeat(110_000)}"}`),
      await kitchen.api.get('/api/products/%E0%A4%A'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([
      200, 404, 404, 200, 200, 200, 405, 413, 400,
    ]);
    for (const { headers, path } of answers) {
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('content-security-policy'), path).toMatch(/default-src 'none'/);
      expect(headers.get('referrer-policy'), path).toBeTruthy();
      expect(headers.get('cross-origin-opener-policy'), path).toBeTruthy();
      expect(headers.get('x-powered-by'), path).toBeNull();
      expect(headers.get('server'), path).toBeNull();
    }
  });

  it('D1 strict transport security comes with an https address, and only then', async () => {
    expect((await kitchen.api.get('/livez')).headers.get('strict-transport-security')).toBeNull();
    await variant({ PUBLIC_URL: 'https://shop.example.com' }, async ({ api }) => {
      const { headers } = await api.get('/livez');
      expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/);
    });
  });

  it('D2 only listed origins are let in, exactly, and caches are told', async () => {
    for (const origin of ['https://shop.example.com', 'https://admin.example.com']) {
      const answer = await kitchen.api.get('/api/products', { origin });
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('vary')).toMatch(/Origin/);
    }
    for (const origin of [
      'https://shop.example.com.evil.org',
      'http://shop.example.com',
      'https://SHOP.example.com',
      'https://xshop.example.com',
      'null',
      'https://shop.example.com:8443',
    ]) {
      const answer = await kitchen.api.get('/api/products', { origin });
      expect(answer.headers.get('access-control-allow-origin'), origin).toBeNull();
      expect(answer.headers.get('access-control-allow-credentials'), origin).toBeNull();
    }
    const preflight = await kitchen.api.request('OPTIONS', '/api/products', {
      headers: { origin: 'https://shop.example.com', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
  });

  it('D2 nobody is let in by default', async () => {
    await variant({ CORS_ORIGINS: '' }, async ({ api }) => {
      const { headers } = await api.get('/api/products', { origin: 'https://shop.example.com' });
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    });
  });

  it('D15 what is for one reader is not cached for all', async () => {
    const item = await make(kitchen.api, '/api/products', product());
    for (const path of ['/api/products', `/api/products/${item._id}`]) {
      const open = await kitchen.api.get(path);
      expect(open.headers.get('cache-control')).toBe('no-cache');
      expect(open.headers.get('vary')).toMatch(/Authorization/);
      const own = await kitchen.api.get(path, { authorization: 'Bearer x' });
      expect(own.headers.get('cache-control')).toBe('private, no-store');
    }
    for (const path of ['/livez', '/metrics', '/api/nothing'])
      expect((await kitchen.api.get(path)).headers.get('cache-control'), path).toMatch(/no-store/);
  });
});

describe('rate limit', () => {
  // Counts begin anew with each minute of the clock: no test may have one in its middle.
  beforeEach(async () => {
    const left = 60_000 - (Date.now() % 60_000);
    if (left < 12_000) await wait(left);
  });

  it('D3 above the limit answers are 429 with the time to wait; refused requests count too', async () => {
    await variant({ RATE_LIMIT_MAX: '5' }, async ({ api }) => {
      const answers = [];
      for (let i = 0; i < 8; i += 1)
        answers.push(await hit(api.baseUrl, i % 2 === 0 ? '/api/nothing' : '/api/products'));
      expect(answers.map(({ status }) => status)).toEqual([404, 200, 404, 200, 404, 429, 429, 429]);
      expect(answers[0]?.headers.get('ratelimit')).toMatch(/^"default"; r=4; t=\d+$/);
      expect(answers[0]?.headers.get('ratelimit-policy')).toMatch(/^"default"; q=5; w=60\b/);
      expect(answers[0]?.headers.get('retry-after')).toBeNull();
      const { headers } = answers[7] ?? expect.fail();
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
      expect(headers.get('ratelimit-policy')).toMatch(/"default"; q=5; w=60/);
      expect(headers.get('ratelimit')).toMatch(/"default"; r=0; t=\d+/);
      expect(headers.get('content-type')).toMatch(/problem\+json/);
      for (const path of ['/livez', '/readyz', '/metrics'])
        expect((await hit(api.baseUrl, path)).status, path).toBe(200);
    });
  });

  it('D3 copies of the process on one database have one limit', async () => {
    const limited = { RATE_LIMIT_MAX: '5' };
    await variant(limited, async ({ api: one, context }) => {
      const other = await serveApp(kitchen.project, {
        MONGODB_URI: context.config.mongodbUri,
        ...limited,
      });
      try {
        for (let i = 0; i < 5; i += 1)
          expect((await hit(one.baseUrl, '/api/products')).status).toBe(200);
        // They tell each other in a moment. What is asked here is allowed less than five times more.
        const statuses: number[] = [];
        while (!statuses.includes(429)) {
          statuses.push((await hit(other.api.baseUrl, '/api/products')).status);
          await wait(700);
        }
        expect(statuses.length).toBeLessThan(6);
      } finally {
        await other.stop();
      }
    });
  });

  it('D3 a million addresses do not fill the memory', async () => {
    const { SharedCounts } = (await import(`${kitchen.project}/app/ops/shared-counts.ts`)) as {
      SharedCounts: new (
        db: unknown,
        windowMs: number,
        log: object,
      ) => { increment(key: string): unknown };
    };
    const done = () => Promise.resolve();
    const collection = { createIndex: done, bulkWrite: done, find: () => [] };
    const database = { collection: () => collection };
    const counts = new SharedCounts(database, 60_000, { warn: () => undefined });
    const before = heapInUse();
    for (let i = 0; i < 1_000_000; i += 1)
      counts.increment(`10.${String(i >> 16)}.${String((i >> 8) & 255)}.${String(i & 255)}`);
    expect(heapInUse() - before).toBeLessThan(100_000_000);
    expect(counts.increment('10.15.66.63')).toMatchObject({ totalHits: 2 });
  });

  it('D4 nobody gets a new allowance by writing a header', async () => {
    await variant({ RATE_LIMIT_MAX: '3' }, async ({ api, log }) => {
      const statuses = [];
      for (let i = 0; i < 6; i += 1) {
        const ip = `1.2.3.${String(i)}`;
        statuses.push(
          (
            await hit(api.baseUrl, '/api/products', {
              'x-forwarded-for': ip,
              'x-real-ip': ip,
              forwarded: `for=${ip}`,
            })
          ).status,
        );
      }
      expect(statuses).toEqual([200, 200, 200, 429, 429, 429]);
      // Whoever runs it is told once, not by each request.
      expect(log.filter((line) => line.includes('TRUST_PROXY'))).toHaveLength(1);
    });
  });

  it('D4 with TRUST_PROXY=1 the address that the proxy saw is the key, not what the client wrote before it', async () => {
    await variant({ RATE_LIMIT_MAX: '2', TRUST_PROXY: '1' }, async ({ api }) => {
      const statuses = [];
      for (let i = 0; i < 4; i += 1)
        statuses.push(
          (
            await hit(api.baseUrl, '/api/products', {
              'x-forwarded-for': `6.6.6.${String(i)}, 9.9.9.9`,
            })
          ).status,
        );
      expect(statuses).toEqual([200, 200, 429, 429]);
      expect(
        (await hit(api.baseUrl, '/api/products', { 'x-forwarded-for': '8.8.8.8' })).status,
      ).toBe(200);
    });
  });
});

describe('what is told', () => {
  it('D9 liveness asks nobody, readiness asks the database once a second however many ask', async () => {
    const pings = () => kitchen.commands.filter(({ commandName }) => commandName === 'ping').length;
    const start = pings();
    const from = performance.now();
    for (let i = 0; i < 20; i += 1) expect((await kitchen.api.get('/livez')).status).toBe(200);
    expect(pings()).toBe(start);
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => kitchen.api.get('/readyz')),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const seconds = Math.ceil((performance.now() - from) / 1000);
    expect(pings() - start).toBeLessThanOrEqual(1 + seconds);
    expect(answers[0]?.json()).toEqual({ status: 'ok' });
  });

  it('D10 10,000 random paths add at most one series', async () => {
    await kitchen.api.get('/random/0');
    const series = async () =>
      (await kitchen.api.get('/metrics')).text
        .split('\n')
        .filter((line) => line.startsWith('http_request_duration_seconds_count')).length;
    const before = await series();
    const paths = Array.from({ length: 10_000 }, () => `/api/${crypto.randomUUID()}`);
    // In portions below the limit of requests in flight: above it, some would be refused.
    for (let from = 0; from < paths.length; from += 100) {
      const portion = paths.slice(from, from + 100);
      const request = portion.map((path, i) =>
        lines(
          `GET ${path} HTTP/1.1`,
          'Host: x',
          ...(i === portion.length - 1 ? ['Connection: close'] : []),
        ),
      );
      await pipeline(request.join(''));
    }
    expect(await series()).toBeLessThanOrEqual(before + 1);
    const { text } = await kitchen.api.get('/metrics');
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="unmatched",status="404"\} 1\d{4}/,
    );
    expect(text).not.toMatch(/[0-9a-f]{24}/);
  });

  it('D10 labels are route templates, also for errors', async () => {
    const item = await make(kitchen.api, '/api/products', product());
    await kitchen.api.get(`/api/products/${item._id}`);
    await kitchen.api.patch(`/api/products/${item._id}`, { price: 'x' });
    await kitchen.api.get(`/api/categories/${item._id}/products`);
    const { text } = await kitchen.api.get('/metrics');
    for (const label of [
      'method="GET",route="/api/products/:id",status="200"',
      'method="PATCH",route="/api/products/:id",status="400"',
      'method="GET",route="/api/categories/:id/products",status="404"',
    ])
      expect(text).toContain(label);
  });

  it('D10 METRICS_PORT takes metrics off the public port', async () => {
    await variant({ METRICS_PORT: '0' }, async ({ api }) => {
      expect((await api.get('/metrics')).status).toBe(404);
    });
  });

  it('D10 METRICS_PORT serves them there, without a token', async () => {
    const port = await freePort();
    const process = await startProcess(kitchen.project, {
      NODE_ENV: 'production',
      MONGODB_URI: kitchen.uri,
      METRICS_PORT: String(port),
    });
    try {
      await process.said('"ready"');
      const answer = await fetch(`http://127.0.0.1:${String(port)}/metrics`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
      expect(answer.headers.get('x-powered-by')).toBeNull();
      expect(await answer.text()).toContain('# TYPE http_request_duration_seconds histogram');
    } finally {
      await process.stop();
    }
  });

  it('C92 tells of the pool of database connections', async () => {
    await kitchen.api.get('/api/products');
    const { text } = await kitchen.api.get('/metrics');
    const value = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
    expect(value('mongodb_pool_connections')).toBeGreaterThan(0);
    for (const name of ['connections_in_use', 'waiting', 'checkout_failures_total'])
      expect(value(`mongodb_pool_${name}`), name).toBe(0);
    expect(text).toMatch(/^mongodb_command_duration_seconds_count\{.*\} [1-9]\d*$/m);
  });

  it('D11 the log has one JSON line a request, and no secret', async () => {
    const id = 'log-test-0001';
    await kitchen.api.get('/api/products?name=x%0d%0ainjected', {
      'x-request-id': id,
      authorization: 'Bearer s3cr3t',
      cookie: 'sid=s3cr3t',
    });
    await kitchen.api.post(
      '/api/things',
      thing({ secret: 's3cr3t', password: 's3cr3t-password' }),
      key(),
    );
    await raw(
      kitchen.api.baseUrl,
      lines('GET /api/x%0aevil HTTP/1.1', 'Host: x', 'X-Request-Id: a\tb', 'Connection: close'),
    );
    const records = kitchen.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(kitchen.log.every((line) => line.trimEnd().split('\n').length === 1)).toBe(true);
    const mine = records.filter(({ requestId }) => requestId === id);
    expect(mine).toHaveLength(1);
    expect(mine[0]).toMatchObject({ method: 'GET', route: '/api/products', status: 200 });
    expect(String(mine[0]?.time)).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(kitchen.log.join('')).not.toMatch(/s3cr3t|Bearer/);
  });

  it('D12 a request id is taken over only if it is harmless', async () => {
    for (const id of ['trace-12345678', 'exactly8', '_'.repeat(64)])
      expect(
        (await kitchen.api.get('/livez', { 'x-request-id': id })).headers.get('x-request-id'),
      ).toBe(id);
    for (const bad of [
      'seven77',
      'a'.repeat(65),
      'a b c d e f g',
      '<script>xx</script>',
      'abcdefgh;rm',
      'trace-1234, trace-5678',
    ]) {
      const given = (await kitchen.api.get('/livez', { 'x-request-id': bad })).headers.get(
        'x-request-id',
      );
      expect(given, bad).toMatch(/^[\w-]{36}$/);
    }
  });
});

/** One request without the patience of the test client, which waits when it is told 429. */
const hit = (url: string, path: string, headers: Record<string, string> = {}) =>
  fetch(url + path, { headers });

/** A port that nobody listens at. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Bytes of the heap that garbage collection leaves. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** Writes many requests to one connection and reads until it is closed. */
function pipeline(requests: string): Promise<void> {
  const { hostname, port } = new URL(kitchen.api.baseUrl);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.resume();
    socket.on('error', reject).on('close', () => {
      resolve();
    });
    socket.write(requests);
  });
}
