import express from 'express';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { problemHandler } from '../../app/core/errors.ts';
import { addressOf, serve } from '../../app/ops/process.ts';
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

beforeAll(async () => {
  const router = express();
  mistakes.forEach(([, mistake], index) => router.get(`/${String(index)}`, mistake));
  router.get('/late', (_req, res) => {
    res.write('half');
    throw new Error('secret detail');
  });
  const production = { ...app.context, config: { ...app.context.config, debug: false } };
  router.use(problemHandler(production));
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

it('the log has what the client is not told', () => {
  expect(app.log.join('')).toContain('secret detail');
});

function thrown(value: unknown): never {
  throw value;
}
