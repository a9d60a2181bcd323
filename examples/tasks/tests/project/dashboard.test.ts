import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import express from 'express';
import { Histogram } from 'prom-client';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openContext } from '../../app/context.ts';
import { judge, type Alert, type Rule } from '../../app/dashboard/alerts.ts';
import { createLive } from '../../app/dashboard/live.ts';
import type { Reading } from '../../app/dashboard/readings.ts';
import { rules } from '../../app/dashboard/rules.ts';
import { quantile } from '../../app/dashboard/series.ts';
import { tuned } from '../../app/dashboard/tuning.ts';
import { alerts, watchRules } from '../../app/dashboard/worker.ts';
import { createApp } from '../../app/index.ts';
import { createHealth } from '../../app/ops/health.ts';
import { createMetrics } from '../../app/ops/metrics.ts';
import { addressOf, serve } from '../../app/ops/process.ts';
import { loadConfig } from '../../config.ts';
import { serveApp, useApp, type Running } from '../support/app.ts';
import { secrets } from '../support/secrets.ts';

const token = '0123456789abcdef0123456789abcdef';
const parts = ['/dashboard/dashboard.js', '/dashboard/chart.js', '/dashboard/events'];

interface Now {
  reading: Reading;
  alerts: { name: string; firing: boolean }[];
  failures: { path: string; code: string }[];
}

/** The events of the page, one after the other, until the test ends. */
async function* listen(
  url: string,
  headers: Record<string, string> = {},
): AsyncGenerator<Now, never> {
  const leave = new AbortController();
  onTestFinished(() => {
    leave.abort();
  });
  const answer = await fetch(`${url}/dashboard/events`, { headers, signal: leave.signal });
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(frame) ?? [];
      if (event === 'now') yield JSON.parse(data ?? '') as Now;
    }
  }
  throw new Error('The stream ended');
}

/** The first event that says so. */
async function until(
  events: AsyncGenerator<Now, never>,
  isIt: (now: Now) => boolean,
): Promise<Now> {
  for (;;) {
    const { value } = await events.next();
    if (isIt(value)) return value;
  }
}

/**
 * The stream of the page alone, with pauses of the test's own.
 *
 * @param left grows by one with each that looks no more
 */
async function streamOf(
  { context, watch }: Pick<Running, 'context' | 'watch'>,
  pause: () => Promise<unknown> = () => wait(10),
  left: unknown[] = [],
): Promise<string> {
  const live = createLive(context, watch, pause);
  const stream = express().get('/dashboard/events', (_req, res) => {
    live(res, false);
    res.once('close', () => left.push(res));
  });
  const server = await serve(stream, '127.0.0.1', 0);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return addressOf(server);
}

/** A receiver of webhooks. */
async function startReceiver() {
  const messages: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((req, res) => {
    void req.toArray().then((chunks: Buffer[]) => {
      messages.push({ headers: req.headers, body: Buffer.concat(chunks).toString() });
      // The first message is only taken when it is sent again.
      res.writeHead(messages.length === 1 ? 500 : 204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  return { messages, url: `http://127.0.0.1:${port}/alerts` };
}

const app = useApp();

describe('the dashboard', () => {
  it('is a page whose parts all come from here', async () => {
    const page = await app.api.get('/dashboard', { accept: 'text/html' });
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bon\w+=|\bstyle=|https?:\/\//);
    for (const [, part = ''] of page.text.matchAll(/(?:src|href)="([^"#]+)"/g)) {
      const answer = await app.api.get(new URL(part, `${app.api.baseUrl}/dashboard`).pathname);
      expect(answer.status, part).toBe(200);
    }
  });

  it('shows requests by route, from the numbers of /metrics', async () => {
    const before = await app.api.get('/openapi.json');
    expect(before.status).toBe(200);
    const { reading } = await until(listen(app.api.baseUrl), ({ reading: now }) =>
      now.routes.some(({ route }) => route === 'GET /openapi.json'),
    );
    expect(reading.requests.rate).toBeGreaterThan(0);
    expect(reading.requests.p95).toBeGreaterThan(0);
    expect(reading.database.down).toBe(false);
    expect(reading.residentBytes).toBeGreaterThan(1e6);
    expect(reading.routes.map(({ route }) => route)).not.toContain('GET /dashboard/events');
  });

  it('has nothing that the registry of /metrics has not', async () => {
    const { registry } = app.watch.metrics;
    const times = registry.getSingleMetric('http_request_duration_seconds');
    if (!(times instanceof Histogram)) throw new Error('there is no such histogram');
    const events = listen(await streamOf(app));
    await events.next();
    times.observe({ method: 'GET', route: '/only/counted', status: '500' }, 3);
    const { reading } = await until(events, ({ reading: now }) =>
      now.routes.some(({ route }) => route === 'GET /only/counted'),
    );
    const shown = reading.routes.find(({ route }) => route === 'GET /only/counted');
    expect(shown).toMatchObject({ failed: 1, mean: 3 });
    expect((await app.api.get('/metrics')).text).toContain('route="/only/counted",status="500"');
  });

  it('reads nothing while nobody looks', async () => {
    const reads = vi.spyOn(app.watch.metrics.registry, 'getSingleMetric');
    onTestFinished(() => reads.mockRestore());
    const pauses: (() => void)[] = [];
    const left: unknown[] = [];
    const url = await streamOf(app, () => new Promise<void>((end) => pauses.push(end)), left);
    const look = async () => {
      const leave = new AbortController();
      await fetch(`${url}/dashboard/events`, { signal: leave.signal });
      return leave;
    };

    const looker = await look();
    await expect.poll(() => pauses.length).toBe(1);
    const once = reads.mock.calls.length;
    expect(once).toBeGreaterThan(0);
    pauses[0]?.();
    await expect.poll(() => pauses.length, { message: 'somebody looks still' }).toBe(2);
    expect(reads.mock.calls.length).toBe(2 * once);

    looker.abort();
    await expect.poll(() => left.length).toBe(1);
    pauses[1]?.();
    await nextTurn();
    expect(reads.mock.calls.length, 'nobody looks').toBe(2 * once);

    const another = await look();
    await expect.poll(() => pauses.length, { message: 'somebody looks again' }).toBe(3);
    another.abort();
  });

  it('says that the database is away, and what failed because of it', async () => {
    const away = await serveApp({
      MONGODB_URI: 'mongodb://127.0.0.1:9/away?serverSelectionTimeoutMS=100',
    });
    onTestFinished(() => away.stop());
    const { path } = away.context.models[0] ?? { path: '/nothing' };
    const { status } = await away.api.get(`/api${path}`);
    expect((await away.api.get('/readyz')).status).toBe(503);
    const { reading, failures } = await until(listen(away.api.baseUrl), () => true);
    expect(reading.database.down).toBe(true);
    expect(reading.requests.failed).toBe(status === 503 ? 1 : 0);
    expect(failures.map(({ code }) => code)).toEqual(
      status === 503 ? ['database_unavailable'] : [],
    );
  });

  it('C94 says what took too long, once, when its caller was told', async () => {
    // A database that accepts and never answers; whoever asks it outlives the deadline of its request.
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const hung = openContext(
      loadConfig({ NODE_ENV: 'test', ...secrets, MONGODB_URI: `mongodb://127.0.0.1:${port}/hung` }),
    );
    onTestFinished(async () => {
      await hung.client.close();
      silent.closeAllConnections();
      silent.close();
    });
    const limits = { ...hung.config.limits, requestMs: 300 };
    const context = { ...hung, config: { ...hung.config, limits } };
    const server = await serve(createApp(context), '127.0.0.1', 0);
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { path } = context.models[0] ?? { path: '/nothing' };
    const url = addressOf(server);
    const { status } = await fetch(`${url}/api${path}/${'0'.repeat(24)}`);
    const events = listen(url);
    const { failures } = await until(events, () => true);
    expect(failures.map(({ code }) => code)).toEqual(status === 503 ? ['request_timeout'] : []);
    // The driver gives up after two seconds: that is no second failure.
    await events.next();
    expect((await until(events, () => true)).failures).toEqual(failures);
  });

  it('counts a page that is open as answered, not as in flight', async () => {
    const { reading } = await until(listen(app.api.baseUrl), () => true);
    expect(reading.inFlight).toBe(0);
    const { text } = await app.api.get('/metrics');
    expect(text).toContain('route="/dashboard/events",status="200"');
  });
});

describe('in production', () => {
  async function production(env: Record<string, string> = {}): Promise<Running> {
    const running = await serveApp({
      NODE_ENV: 'production',
      MONGODB_URI: app.context.config.mongodbUri,
      LOG_LEVEL: 'silent',
      ...env,
    });
    onTestFinished(() => running.stop());
    return running;
  }

  it('is not there without OPS_TOKEN, whatever is sent', async () => {
    const { api } = await production();
    for (const path of ['/dashboard', '/dashboard/dashboard.css', ...parts]) {
      const headers = { accept: 'text/html', authorization: 'Bearer ', cookie: 'dashboard=1.1' };
      const answer = await api.get(path, headers);
      expect(answer.status, path).toBe(404);
      expect(answer.text, path).not.toContain('<form');
    }
    const sent = await api.request('POST', '/dashboard', { headers: form, body: 'token=' });
    expect(sent.status).toBe(404);
    expect(sent.headers.get('set-cookie')).toBeNull();
  });

  it('is a 404 without the token, with a form for people', async () => {
    const { api } = await production({ OPS_TOKEN: token });
    for (const path of ['/dashboard', ...parts]) {
      const answer = await api.get(path, { authorization: 'Bearer wrong' });
      expect(answer.status, path).toBe(404);
      expect(answer.problem.code).toBe('not_found');
    }
    const page = await api.get('/dashboard', { accept: 'text/html' });
    expect(page.status).toBe(404);
    expect(page.text).toContain('<form');
    expect((await api.get('/dashboard', bearer)).status).toBe(200);
    await until(listen(api.baseUrl, bearer), () => true);
  });

  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const bearer = { authorization: `Bearer ${token}` };

  it.each([
    [
      'plain http',
      {},
      /^dashboard=[^;]+; Max-Age=\d+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    ],
    [
      'https',
      { PUBLIC_URL: 'https://api.shop.test' },
      /^__Host-dashboard=[^;]+; Max-Age=\d+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/,
    ],
  ])('C14 is opened by a Strict cookie over %s', async (_, env, expected) => {
    const { api } = await production({ OPS_TOKEN: token, ...env });
    const wrong = await api.request('POST', '/dashboard', { headers: form, body: 'token=wrong' });
    expect(wrong.headers.get('set-cookie')).toBeNull();
    expect(wrong.headers.get('location')).toBe('dashboard#wrong');

    const right = await api.request('POST', '/dashboard', {
      headers: form,
      body: `token=${token}`,
    });
    expect(right.status).toBe(303);
    expect(right.headers.get('location')).toBe('dashboard');
    const cookie = right.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(expected);
    expect(cookie).not.toContain(token);
    const [pair = ''] = cookie.split(';');
    expect((await api.get('/dashboard', { cookie: `a=b; ${pair}` })).status).toBe(200);
    await until(listen(api.baseUrl, { cookie: pair }), () => true);

    const later = pair.replace(/=\d/, '=9');
    expect((await api.get('/dashboard', { cookie: later })).status).toBe(404);
    const left = await api.request('POST', '/dashboard/leave', { headers: { cookie: pair } });
    expect(left.headers.get('set-cookie')).toMatch(/dashboard=; .*Expires=Thu, 01 Jan 1970/);
  });

  it('takes the form from its own site only', async () => {
    const { api } = await production({ OPS_TOKEN: token });
    const headers = { ...form, 'sec-fetch-site': 'cross-site' };
    const answer = await api.request('POST', '/dashboard', { headers, body: `token=${token}` });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });
});

describe('an alert', () => {
  const rule: Rule = {
    key: 'rate',
    name: 'Requests a second',
    value: ({ requests }) => requests.rate,
    above: 10,
    forSeconds: 30,
    severity: 'critical',
  };
  const reading = { requests: { rate: 0, failed: 0 } } as Reading;

  it('fires and is over only after the value has been on the other side for long enough', () => {
    const course: readonly (readonly [second: number, rate: number, firing: boolean])[] = [
      [0, 20, false],
      [20, 20, false],
      [25, 5, false],
      [30, 20, false],
      [55, 20, false],
      [60, 20, true],
      [65, 5, true],
      [70, 20, true],
      [75, 5, true],
      [104, 5, true],
      [105, 5, false],
    ];
    let alert: Alert = { rule, firing: false };
    for (const [second, rate, firing] of course) {
      const at = second * 1_000;
      alert = judge(alert, { ...reading, at, time: at, requests: { rate, failed: 0 } });
      expect(alert.firing, `second ${second}`).toBe(firing);
    }
  });

  it('stays quiet while there is nothing to measure', () => {
    const latency: Rule = { ...rule, value: ({ requests }) => requests.p95, above: 0 };
    expect(judge({ rule: latency, firing: false }, { ...reading, at: 1e9, time: 0 }).firing).toBe(
      false,
    );
  });

  it('has a key and a name of its own', () => {
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
    expect(new Set(rules.map(({ key }) => key)).size).toBe(rules.length);
  });

  const configured = (ALERT_RULES: string) =>
    loadConfig({
      NODE_ENV: 'test',
      MONGODB_URI: app.context.config.mongodbUri,
      ...secrets,
      ALERT_RULES,
    }).variables.ALERT_RULES;

  it('has the threshold, the time and the severity that the configuration wants', () => {
    const [one = rule, two = rule, ...others] = rules;
    const given = tuned(rules, configured(`${one.key} > 1.5 for 7 s warning, ${two.key} off`));
    const wanted = { ...one, above: 1.5, forSeconds: 7, severity: 'warning' };
    expect(given).toEqual([wanted, ...others]);
    const [same] = tuned(rules, configured(`${one.key} > 2 for 3 s`));
    expect(same).toMatchObject({ above: 2, forSeconds: 3, severity: one.severity });
    expect(tuned(rules)).toEqual(rules);
  });

  it.each([
    'nothing > 1 for 5 s',
    'off',
    'memory > x for 5 s',
    'memory off; p95 off',
    'memory > 1',
  ])('is not configured by %s: the process does not start that way', (text) => {
    expect(() => configured(text)).toThrow(/^ALERT_RULES must be like .*; there are \w+, /);
  });

  it('is judged by the rules of the configuration', async () => {
    const [one = rule] = rules;
    const running = await serveApp({
      MONGODB_URI: app.context.config.mongodbUri,
      ALERT_RULES: `${one.key} off`,
    });
    onTestFinished(() => running.stop());
    const stop = alerts(running.context, running.watch);
    const { alerts: shown } = await until(listen(running.api.baseUrl), () => true);
    await stop();
    expect(shown.map(({ name }) => name)).toEqual(rules.slice(1).map(({ name }) => name));
  });

  it('stands on the page, in the log and at the receiver, once each: firing, and over', async () => {
    const { messages, url } = await startReceiver();
    const secret = 'b1946ac92492d2347c6235b4d2611184';
    const running = await serveApp({
      MONGODB_URI: app.context.config.mongodbUri,
      LOG_LEVEL: 'info',
      ALERT_WEBHOOK_URL: url,
      ALERT_WEBHOOK_SECRET: secret,
    });
    onTestFinished(() => running.stop());
    const { context, watch } = running;
    let value = 2;
    const fake: Rule = { ...rule, name: 'Fake', value: () => value, above: 1, forSeconds: 0 };
    const stop = watchRules([fake], 20)(context, watch);

    const events = listen(await streamOf(running));
    await until(events, ({ alerts }) => alerts.some(({ firing }) => firing));
    value = 0;
    await until(events, ({ alerts }) => alerts.every(({ firing }) => !firing));
    await expect.poll(() => messages.length, { timeout: 10_000 }).toBe(3);
    await stop();

    const lines = running.log
      .map(
        (line) =>
          JSON.parse(line) as { level: string; msg: string; name?: string; traceId?: string },
      )
      .filter(({ name }) => name === 'Fake');
    expect(lines.map(({ level, msg }) => `${level} ${msg}`)).toEqual([
      'error alert',
      'info alert is over',
    ]);

    // C91: the receiver's steps are found by what the log says; a message that is sent again is the same step.
    const traces = messages.map(({ headers }) => String(headers.traceparent).split('-')[1]);
    expect(traces).toEqual([lines[0]?.traceId, lines[0]?.traceId, lines[1]?.traceId]);
    expect(new Set(traces).size).toBe(2);

    const ids = messages.map(({ headers }) => headers['webhook-id']);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[1]);
    for (const { headers, body } of messages) {
      const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = headers;
      const expected = createHmac('sha256', secret).update(`${String(id)}.${String(at)}.${body}`);
      expect(signature).toBe(`v1,${expected.digest('base64')}`);
    }
    expect(messages.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
      'alert.firing',
      'alert.firing',
      'alert.resolved',
    ]);
  });

  it.each([
    ['warning', 'warn'],
    ['critical', 'error'],
  ] as const)('that is a %s is an %s in the log', async (severity, level) => {
    const running = await serveApp({
      MONGODB_URI: app.context.config.mongodbUri,
      LOG_LEVEL: 'info',
    });
    onTestFinished(() => running.stop());
    const loud: Rule = { ...rule, severity, value: () => 2, above: 1, forSeconds: 0 };
    const stop = watchRules([loud], 20)(running.context, running.watch);
    const said = () => running.log.find((line) => line.includes('"msg":"alert"')) ?? '{}';
    await expect.poll(() => JSON.parse(said()) as object).toMatchObject({ level, severity });
    await stop();
  });

  it('is not sent anywhere unsigned: the process does not start that way', async () => {
    const running = await serveApp({
      MONGODB_URI: app.context.config.mongodbUri,
      ALERT_WEBHOOK_URL: 'http://127.0.0.1:9/',
    });
    onTestFinished(() => running.stop());
    const { context } = running;
    const watch = { health: createHealth(context.db), metrics: createMetrics(context.client) };
    expect(() => watchRules([rule])(context, watch)).toThrow('ALERT_WEBHOOK_SECRET is missing');
  });
});

it('reckons percentiles as Prometheus does', () => {
  const buckets = new Map([
    [0.1, 50],
    [0.5, 90],
    [1, 100],
  ]);
  const series = { count: 100, seconds: 20, failed: 0, buckets };
  expect(quantile(series, 0.5)).toBeCloseTo(0.1);
  expect(quantile(series, 0.7)).toBeCloseTo(0.3);
  expect(quantile(series, 0.95)).toBeCloseTo(0.75);
  expect(quantile({ ...series, count: 200 }, 0.99)).toBe(1);
});
