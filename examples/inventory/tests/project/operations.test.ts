import { describe, expect, it } from 'vitest';
import { serveApp, useApp } from '../support/app.ts';

const app = useApp({ LOG_LEVEL: 'info', CORS_ORIGINS: 'https://shop.example.com' });
const api = () => app.api;
const log = () => app.log;

describe('probes', () => {
  it.each(['/livez', '/readyz', '/startupz', '/health'])('%s answers 200', async (path) => {
    const answer = await api().get(path);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json()).toMatchObject({ status: 'ok' });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('/readyz?verbose names what was checked', async () => {
    expect((await api().get('/readyz?verbose')).json()).toMatchObject({
      checks: { database: true },
    });
  });

  it('/health is a summary for people', async () => {
    expect((await api().get('/health')).json()).toEqual({
      status: 'ok',
      checks: { startup: true, shutdown: true, database: true },
      uptimeSeconds: expect.any(Number) as number,
    });
  });

  it('say which of their checks failed, and are alive all the same', async () => {
    const away = await serveApp({
      MONGODB_URI: 'mongodb://127.0.0.1:9/away?serverSelectionTimeoutMS=100',
    });
    try {
      away.watch.health.draining = true;
      const checks = { startup: false, shutdown: false, database: false };
      for (const path of ['/readyz?verbose', '/health']) {
        const answer = await away.api.get(path);
        expect(answer.status, path).toBe(503);
        expect(answer.json(), path).toMatchObject({ status: 'unavailable', checks });
      }
      expect((await away.api.get('/readyz')).json()).toEqual({ status: 'unavailable' });
      expect((await away.api.get('/startupz')).status).toBe(503);
      expect((await away.api.get('/livez')).status).toBe(200);
    } finally {
      await away.stop();
    }
  });
});

describe('metrics', () => {
  it('count requests by route template, never by path', async () => {
    await api().get('/api/schemas/nothing-of-that-name');
    await api().get('/no/such/path/of-nothing');
    const { status, text } = await api().get('/metrics', { accept: '*/*' });
    expect(status).toBe(200);
    expect(text).toMatch(/http_request_duration_seconds_count\{.*route="unmatched".*\} \d+/);
    expect(text).not.toContain('of-nothing');
    expect(text).not.toContain('nothing-of-that-name');
  });

  it('name the route whole, also where a method is refused or the answer is OPTIONS', async () => {
    for (const path of [...app.context.models.map((model) => model.path), '/schemas/any']) {
      for (const method of ['OPTIONS', 'DELETE']) await api().request(method, `/api${path}`);
    }
    await api().get('/problems/no-such-code');
    const { text } = await api().get('/metrics');
    const labels = (status: string) => {
      const found = text.matchAll(
        /^http_request_duration_seconds_count\{.*route="(.*?)",status="(\d+)"/gm,
      );
      return [...found].filter(([, , one]) => one === status).map(([, route]) => route);
    };
    const routes = [...app.context.models.map(({ path }) => `/api${path}`), '/api/schemas/:name'];
    expect(labels('204').sort()).toEqual(routes.sort());
    expect(labels('405').sort()).toEqual(routes.sort());
    expect(labels('404')).toContain('/problems/:code');
  });

  it('grow by nothing when many unknown paths are asked for', async () => {
    const series = async () =>
      (await api().get('/metrics')).text.match(/^http_request_duration_seconds_count/gm)?.length;
    await api().get('/unknown/0');
    await series(); // asking is a series of its own
    const before = await series();
    for (let i = 1; i <= 50; i += 1) await api().get(`/unknown/${String(i)}`);
    expect(await series()).toBe(before);
  });
});

describe('log', () => {
  it('has one JSON line a request, with the request id and the route template', async () => {
    const id = 'trace-00000001';
    await api().get('/api/nothing', { 'x-request-id': id, authorization: 'Bearer s3cr3t-token' });
    const lines = log().filter((line) => line.includes(id));
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0] ?? '{}') as Record<string, unknown>;
    expect(line).toMatchObject({ requestId: id, method: 'GET', path: '/api/nothing', status: 404 });
    expect(String(line['time'])).toMatch(/Z$/);
    expect(log().join('')).not.toContain('s3cr3t');
  });

  it('has no query string, and no line that grows with the path', async () => {
    const pathOf = async (asked: string, id: string) => {
      await api().get(asked, { 'x-request-id': id });
      const line = log().find((one) => one.includes(id)) ?? '{}';
      return (JSON.parse(line) as { path?: string }).path;
    };
    expect(await pathOf('/api/nothing?name=s3cr3t', 'trace-00000002')).toBe('/api/nothing');
    const long = await pathOf(`/api/${'x'.repeat(3000)}`, 'trace-00000003');
    expect(long).toBe(`/api/${'x'.repeat(507)}`);
  });

  it('keeps a line break in a path on one line', async () => {
    await api().get('/api/evil%0d%0a%7b%22level%22:%22fatal%22%7d');
    for (const line of log()) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });
});

describe('headers', () => {
  it('are safe on every answer, and do not break plain http', async () => {
    for (const path of ['/', '/api/nothing', '/livez', '/openapi.json']) {
      const { headers } = await api().get(path);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('content-security-policy'), path).toContain("default-src 'none'");
      expect(headers.get('content-security-policy'), path).not.toContain('upgrade-insecure');
      expect(headers.get('strict-transport-security'), path).toBeNull();
      expect(headers.get('x-powered-by'), path).toBeNull();
    }
  });

  it('let a listed origin read, and no other', async () => {
    const listed = await api().get('/api/nothing', { origin: 'https://shop.example.com' });
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://shop.example.com');
    expect(listed.headers.get('vary')).toContain('Origin');
    const exposed = (listed.headers.get('access-control-expose-headers') ?? '').split(',');
    for (const name of ['ETag', 'Link', 'Location', 'RateLimit', 'X-Request-Id', 'X-Total-Count'])
      expect(exposed).toContain(name);
    for (const origin of [
      'https://evil.example.com',
      'https://shop.example.com.evil.org',
      'null',
    ]) {
      const other = await api().get('/api/nothing', { origin });
      expect(other.headers.get('access-control-allow-origin'), origin).toBeNull();
    }
  });
});

describe('a browser that asks before it sends', () => {
  it('may send what the API understands, and is told what a path takes', async () => {
    const { headers, status } = await api().request('OPTIONS', '/api/schemas/any', {
      headers: { origin: 'https://shop.example.com', 'access-control-request-method': 'PATCH' },
    });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-methods')).toContain('PATCH');
    const allowed = (headers.get('access-control-allow-headers') ?? '').split(',');
    for (const name of [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'If-Match',
      'If-None-Match',
      'Prefer',
      'X-Request-Id',
      'traceparent',
      'tracestate',
    ])
      expect(allowed).toContain(name);
    expect(headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });
});

describe('documentation', () => {
  it('is a page whose parts all come from here', async () => {
    const page = await api().get('/docs', { accept: 'text/html' });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bon\w+=|https?:\/\//);
    const parts = [...page.text.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, path = '']) => path);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) {
      const answer = await api().get(new URL(part, `${api().baseUrl}/docs`).pathname);
      expect(answer.status, part).toBe(200);
    }
  });

  it('lists paths that the API has', async () => {
    const { paths } = (await api().get('/openapi.json')).json() as { paths: object };
    const mounted = Object.keys(paths).filter((path) => path.startsWith('/api/'));
    expect(mounted.length).toBeGreaterThan(0);
    for (const path of mounted) {
      const answer = await api().request('OPTIONS', path.replace(/\{\w+\}/g, '0'.repeat(24)));
      expect(answer.status, path).toBe(204);
    }
  });
});

describe('a trace', () => {
  const trace = '0af7651916cd43dd8448eb211c80319c';

  it('is continued: a span of its own, in the answer and in the log', async () => {
    const traceparent = `00-${trace}-b7ad6b7169203331-01`;
    const { headers } = await api().get('/api/nothing', { traceparent });
    const [, span = ''] = /^00-0af7651916cd43dd8448eb211c80319c-(\w{16})-01$/.exec(
      headers.get('traceparent') ?? '',
    ) ?? [''];
    expect(span).not.toBe('');
    expect(span).not.toBe('b7ad6b7169203331');
    const line = log().find((one) => one.includes(span)) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ msg: 'request', traceId: trace, spanId: span });
  });

  it('of a later version, which may say more, is continued as one of this version', async () => {
    const traceparent = `cc-${trace}-b7ad6b7169203331-01-what-comes-later`;
    const { headers } = await api().get('/api/nothing', { traceparent });
    expect(headers.get('traceparent')).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-\w{16}-01$/);
  });

  it.each([
    ['of all zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['without a parent', `00-${trace}-${'0'.repeat(16)}-01`],
    ['too long', `00-${trace}-b7ad6b7169203331-01-more`],
    ['of no version', `ff-${trace}-b7ad6b7169203331-01`],
    ['no trace', 'x'.repeat(9000)],
  ])('that is %s is none', async (_, traceparent) => {
    const { status, headers } = await api().get('/api/nothing', { traceparent });
    expect(status).toBe(404);
    expect(headers.get('traceparent')).toBeNull();
  });
});

describe('anything else', () => {
  it('is a problem for clients that do not ask for a page', async () => {
    const answer = await api().get('/no/such/path');
    expect(answer.status).toBe(404);
    expect(answer.problem.code).toBe('not_found');
    expect(answer.text).not.toContain('<');
  });
});
