import express from 'express';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { problemHandler } from '../../app/core/errors.ts';
import type { Failure } from '../../app/ops/metrics.ts';
import { addressOf, serve } from '../../app/ops/process.ts';
import { observeRequests } from '../../app/ops/requests.ts';
import { useApp } from '../support/app.ts';
import { client } from '../support/client.ts';

const app = useApp({ LOG_LEVEL: 'error' });

/** Everything that a handler may do wrong. */
const mistakes: [string, () => unknown][] = [
  ['throws an error', () => thrown(new Error('secret detail'))],
  ['throws a string', () => thrown('secret detail')],
  ['rejects', () => Promise.reject(new Error('secret detail'))],
];

let server: Awaited<ReturnType<typeof serve>> | undefined;
let url = '';
const failures: Failure[] = [];

beforeAll(async () => {
  const { context, watch } = app;
  const router = express().use(observeRequests(context, watch.metrics, watch.health));
  mistakes.forEach(([, mistake], index) => router.get(`/${String(index)}`, mistake));
  router.get('/late', (_req, res) => {
    res.write('half');
    throw new Error('secret detail');
  });
  const production = { ...context, config: { ...context.config, debug: false } };
  router.use(problemHandler(production));
  watch.metrics.failures.on('failure', (failure) => failures.push(failure));
  server = await serve(router, '127.0.0.1', 0);
  url = addressOf(server);
});
afterAll(() => {
  server?.closeAllConnections();
  server?.close();
});

it.each(mistakes.map(([what], index) => [what, index] as const))(
  'a handler that %s is a 500 that tells nothing',
  async (_, index) => {
    const answer = await client(url).get(`/${String(index)}`);
    expect(answer.status).toBe(500);
    expect(answer.problem.code).toBe('internal_error');
    expect(answer.text).not.toMatch(/secret detail|at .*\.ts/);
  },
);

it('an error in the middle of an answer breaks the connection off', async () => {
  await expect(client(url).get('/late')).rejects.toThrow();
});

it('what is our fault is counted and told as that, also when the answer had begun', async () => {
  const ours = (path: string) => ({ path, status: 500, code: 'internal_error' });
  const expected = [...mistakes.keys(), 'late'].map((name) => ours(`/${String(name)}`));
  await expect.poll(() => failures).toMatchObject(expected);
  const { text } = await app.api.get('/metrics');
  expect(text).toMatch(/_count\{method="GET",route="\/late",status="500"\} 1/);
});

it('the log has what the client is not told', () => {
  expect(app.log.join('')).toContain('secret detail');
});

function thrown(value: unknown): never {
  throw value;
}
