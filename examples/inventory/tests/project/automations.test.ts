import { describe, expect, it } from 'vitest';
import { automations } from '../../app/automations/index.ts';
import { startApp, useApp } from '../support/app.ts';

const app = useApp();
const [first] = automations;
const runs = `/api/automations/${first?.name ?? ''}/runs`;

describe('automations', () => {
  it('are listed', async () => {
    const answer = await app.api.get('/api/automations');
    const { data } = answer.json() as { data: { name: string }[] };
    expect(data.map(({ name }) => name)).toEqual(automations.map(({ name }) => name));
  });

  it('have names of their own', () => {
    expect(new Set(automations.map(({ name }) => name)).size).toBe(automations.length);
  });

  it('are started by a request: 202, and where to watch the run', async () => {
    const answer = await app.api.post(runs, { since: '2026-01-01' });
    expect(answer.status, answer.text).toBe(202);
    expect(answer.headers.get('retry-after')).toBe('1');
    const run = await app.api.get(answer.headers.get('location') ?? '');
    expect(run.item).toMatchObject({ state: 'waiting', input: { since: '2026-01-01' } });
    const misspelt = await app.api.post(`${runs}?sicne=2026-01-01`, {});
    expect(misspelt.problem.errors).toMatchObject([{ code: 'unknown_parameter' }]);
  });

  it('are watched where PUBLIC_URL says that the API is', async () => {
    const elsewhere = await startApp({ PUBLIC_URL: 'https://shop.example.com/v1' });
    try {
      const { headers } = await elsewhere.api.post(runs, {});
      expect(headers.get('location')).toMatch(
        /^https:\/\/shop\.example\.com\/v1\/api\/runs\/[0-9a-f]{24}$/,
      );
    } finally {
      await elsewhere.stop();
    }
  });

  it('C91 go on with the trace of the request that starts them', async () => {
    const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
    const tracestate = 'rojo=1, t61@congo=2';
    const { headers } = await app.api.post(runs, {}, { traceparent, tracestate });
    const run = await app.api.get(headers.get('location') ?? '');
    expect(headers.get('traceparent')).toMatch(/^00-(ab){16}-/);
    expect(run.item).toMatchObject({ traceparent: headers.get('traceparent'), tracestate });
  });

  it('are started without a body too, but not with one that is no JSON object', async () => {
    expect((await app.api.request('POST', runs)).status).toBe(202);
    const text = { body: 'now', headers: { 'content-type': 'text/plain' } };
    expect((await app.api.request('POST', runs, text)).problem.code).toBe('not_json');
    expect((await app.api.post(runs, [])).problem.code).toBe('invalid_body');
  });

  it('are started once for a key', async () => {
    const key = { 'idempotency-key': 'the-same-key' };
    const one = await app.api.post(runs, {}, key);
    const two = await app.api.post(runs, {}, key);
    expect(two.headers.get('location')).toBe(one.headers.get('location'));
    expect(two.headers.get('idempotency-replayed')).toBe('true');
    expect((await app.api.post(runs, { other: 1 }, key)).status).toBe(422);
  });

  it('that do not exist are not found, and other methods not allowed', async () => {
    expect((await app.api.post('/api/automations/no-such-thing/runs', {})).status).toBe(404);
    expect((await app.api.delete(runs)).status).toBe(405);
  });

  it('are closed in production', async () => {
    const closed = await startApp({ NODE_ENV: 'production', LOG_LEVEL: 'silent' });
    try {
      expect((await closed.api.get('/api/automations')).status).toBe(404);
      expect((await closed.api.post(runs, {})).status).toBe(404);
    } finally {
      await closed.stop();
    }
  });
});
