/** A trace that comes in with a request goes out with what is sent because of it (W3C Trace Context). */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { client } from '../../templates/project/tests/support/client.ts';
import { formSupport } from './support/forms.ts';
import { useDatabase, useProject } from './support/hooks.ts';
import { startProcess } from './support/process.ts';

const project = useProject(join(import.meta.dirname, 'fixtures/traced.json'));
const database = useDatabase();

const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
const members = (count: number) =>
  Array.from({ length: count }, (_, n) => `v${String(n)}=${'x'.repeat(10)}`).join(',');

const kept = [
  ['one member', 'rojo=00f067aa0ba902b7'],
  ['several, with spaces', 'rojo=1 2, t61@congo=ucfJifl5GOE,\tkey_-*/0=!~'],
  ['32 members', members(32)],
  ['512 characters', `k=v,${'a='.padEnd(250, 'x')},${'b='.padEnd(257, 'y')}`],
] as const;

const dropped = [
  ['33 members', members(33)],
  ['513 characters', `k=v,${'a='.padEnd(250, 'x')},${'b='.padEnd(258, 'y')}`],
  ['a member without a value', 'rojo'],
  ['a key in capitals', 'Rojo=1'],
  ['a value with an equals sign', 'rojo=1=2'],
  ['nothing but a comma', ','],
] as const;

interface Event {
  readonly type: string;
  readonly data: { readonly name: string };
}

/** The application, and a receiver that is told of what happens there: the headers of each event. */
async function told(keyOf: (event: Event) => string) {
  const received = new Map<string, IncomingHttpHeaders>();
  const receiver = createServer((req, res) => {
    void req.toArray().then((chunks: Buffer[]) => {
      const event = JSON.parse(Buffer.concat(chunks).toString()) as Event;
      received.set(keyOf(event), req.headers);
      res.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  onTestFinished(() => void receiver.close());
  const app = await startProcess(project.path, {
    NODE_ENV: 'development',
    MONGODB_URI: database.uri,
  });
  onTestFinished(() => app.stop());
  const api = client(app.url);
  const url = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}/`;
  const subscribed = await api.post('/api/webhooks', { url, secret: 'x'.repeat(32) });
  expect(subscribed.status, subscribed.text).toBe(201);
  return { api, received };
}

it('C91 passes tracestate on unchanged when it is valid, and drops it with an invalid traceparent', async () => {
  const { api, received } = await told(({ data }) => data.name);
  const post = async (name: string, headers: Record<string, string>) => {
    const { status, text } = await api.post('/api/products', { name }, headers);
    expect(status, text).toBe(201);
  };
  for (const [name, tracestate] of [...kept, ...dropped])
    await post(name, { traceparent, tracestate });
  await post('alone', { tracestate: 'rojo=1' });
  await post('malformed', {
    traceparent: `00-${'0'.repeat(32)}-${'cd'.repeat(8)}-01`,
    tracestate: 'rojo=1',
  });
  const count = kept.length + dropped.length + 2;
  await expect.poll(() => received.size, { timeout: 40_000 }).toBe(count);

  for (const [name, tracestate] of kept)
    expect(received.get(name), name).toMatchObject({ tracestate });
  for (const [name] of [...kept, ...dropped])
    expect(received.get(name)?.traceparent, name).toMatch(/^00-(ab){16}-(?!(cd){8})\w{16}-01$/);
  for (const [name] of dropped) expect(received.get(name), name).not.toHaveProperty('tracestate');
  for (const name of ['alone', 'malformed']) {
    expect(received.get(name), name).not.toHaveProperty('traceparent');
    expect(received.get(name), name).not.toHaveProperty('tracestate');
  }
});

it('C91 passes the trace of a form that was sent on, as that of a request to the API', async () => {
  const { api, received } = await told(({ type }) => type);
  const tracestate = 'rojo=1';
  const { valuesOf, visitor } = await formSupport(project.path);
  const who = visitor(api, { traceparent, tracestate });
  const sent = async (at: string, name: string): Promise<string> => {
    const values = new Map([...valuesOf((await who.get(at)).text), ['name', [name]]]);
    const { status, headers, text } = await who.post(at, values);
    expect(status, text).toBe(303);
    return headers.get('location') ?? '';
  };
  const document = await sent('/forms/products/new', 'made');
  await sent(`${document}/edit`, 'changed');
  await sent(`${document}/delete`, '');
  const events = ['product.created', 'product.updated', 'product.deleted'];
  await expect.poll(() => [...received.keys()].sort(), { timeout: 40_000 }).toEqual(events.sort());
  for (const event of events) {
    const headers = received.get(event);
    expect(headers, event).toMatchObject({ tracestate });
    expect(headers?.traceparent, event).toMatch(/^00-(ab){16}-(?!(cd){8})\w{16}-01$/);
  }
});
