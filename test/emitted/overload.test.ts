import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { client } from '../../templates/project/tests/support/client.ts';
import { uriOf } from './support/database.ts';
import { useDatabase, useProject } from './support/hooks.ts';
import { startProcess } from './support/process.ts';
import { startProxy } from './support/proxy.ts';
import { lines } from './support/raw.ts';

const project = useProject();
const database = useDatabase();
const limit = 150;

it('D5 refuses at once what is above the limit of requests in flight, and no probe', async () => {
  const proxy = await startProxy(database.server.port);
  onTestFinished(() => proxy.stop());
  const app = await startProcess(project.path, {
    NODE_ENV: 'production',
    MONGODB_URI: uriOf(database.server, 'overload', proxy.port),
    RATE_LIMIT_MAX: '0',
  });
  onTestFinished(() => app.stop());
  await app.said('"ready"');
  const api = client(app.url);
  expect((await api.get('/api/products')).status).toBe(200);

  proxy.mode = 'hold';
  const refused: string[] = [];
  const all = Array.from({ length: limit + 10 }, async () => {
    const answer = await api.get('/api/products');
    if (answer.status === 503 && answer.problem.code === 'unavailable')
      refused.push(answer.headers.get('retry-after') ?? '');
  });
  await expect.poll(() => refused, { timeout: 20_000 }).toEqual(Array(10).fill('1'));
  for (const path of ['/livez', '/startupz']) expect((await api.get(path)).status).toBe(200);
  expect((await api.get('/docs')).status).toBe(404);
  // A stack for each would cost more than the refusal itself.
  expect(app.lines.filter((line) => line.includes('request failed'))).toEqual([]);
  proxy.mode = 'pass';
  await Promise.all(all);
  expect(refused).toHaveLength(10);
  await expect
    .poll(async () => (await api.get('/api/products')).status, { timeout: 20_000 })
    .toBe(200);
});

it('D5 requests whose bodies have yet to come take no place of others', async () => {
  const app = await startProcess(project.path, {
    NODE_ENV: 'production',
    MONGODB_URI: uriOf(database.server, 'arriving'),
    RATE_LIMIT_MAX: '0',
  });
  onTestFinished(() => app.stop());
  await app.said('"ready"');
  const { hostname, port } = new URL(app.url);
  const post = lines(
    'POST /api/products HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    'Content-Length: 1000',
    // Answered when the headers are there: that is how the test knows that they are.
    'Expect: 100-continue',
  );
  const sockets = await Promise.all(
    Array.from({ length: limit + 10 }, async () => {
      const socket = connect(Number(port), hostname);
      socket.write(post);
      const [said] = (await once(socket, 'data')) as [Buffer];
      expect(said.toString()).toMatch(/^HTTP\/1\.1 100/);
      return socket;
    }),
  );
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  expect((await client(app.url).get('/api/products')).status).toBe(200);
});
