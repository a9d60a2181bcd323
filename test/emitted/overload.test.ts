import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
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

it('D5 requests that work before their bodies have come take their places', async () => {
  const proxy = await startProxy(database.server.port);
  onTestFinished(() => proxy.stop());
  const app = await startProcess(project.path, {
    NODE_ENV: 'production',
    MONGODB_URI: uriOf(database.server, 'unread', proxy.port),
    RATE_LIMIT_MAX: '0',
  });
  onTestFinished(() => app.stop());
  await app.said('"ready"');
  const { hostname, port } = new URL(app.url);
  proxy.mode = 'hold';
  const answers: string[] = [];
  const sockets = Array.from({ length: limit + 10 }, () => {
    const socket = connect(Number(port), hostname);
    // The answer to a GET waits for no body, and this one never comes.
    socket.write(lines('GET /api/products HTTP/1.1', 'Host: x', 'Content-Length: 1000'));
    socket.on('data', (chunk: Buffer) => answers.push(chunk.toString()));
    return socket;
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  await expect
    .poll(() => answers.filter((answer) => answer.includes('"code":"unavailable"')), {
      timeout: 20_000,
    })
    .toHaveLength(10);
});

it('D5 refuses while the event loop is late, and no probe; goes on when it is not', async () => {
  const app = await startProcess(project.path, {
    NODE_ENV: 'production',
    MONGODB_URI: uriOf(database.server, 'late'),
    RATE_LIMIT_MAX: '0',
  });
  onTestFinished(() => app.stop());
  await app.said('"ready"');
  const api = client(app.url);
  const list = () => api.get('/api/products');
  expect((await list()).status).toBe(200);

  /** A process that stood still finds its timers late; what it is asked first may come before it looks. */
  const standStill = async () => {
    app.child.kill('SIGSTOP');
    await sleep(6_000);
    app.child.kill('SIGCONT');
    expect((await api.get('/livez')).status).toBe(200);
    return list();
  };
  let late = await standStill();
  for (let tries = 1; tries < 4 && late.status !== 503; tries += 1) late = await standStill();
  expect(late.problem).toMatchObject({ status: 503, code: 'unavailable' });
  expect(late.headers.get('retry-after')).toBe('1');
  await expect.poll(async () => (await list()).status, { timeout: 20_000 }).toBe(200);
});
