/** F5: memory over very many requests of several kinds, those that are refused among them. */
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Started } from '../../test/emitted/support/process.ts';
import { figure, full, send, syncDatabase, together } from './support.ts';

/** The first sample is what the others are compared with: by then all code has been compiled. */
const every = full ? 100_000 : 3_000;
const samples = full ? 10 : 3;
const connections = 50;
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const witness = pathToFileURL(join(import.meta.dirname, 'heap-witness.mjs')).href;
/** How much more there may be in the end. Few requests leave more noise. */
const mostHeap = full ? 1.05 : 1.15;
const mostResident = full ? 1.2 : 1.6;

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly key?: string;
  readonly status: number;
}

const call = (url: string, { method, path, body, key }: Call): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = {
      ...(body !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      }),
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    request(url + path, { agent, method, headers }, (res) => {
      res.resume().on('end', () => {
        resolve(res.statusCode ?? 0);
      });
    })
      .on('error', reject)
      .end(body);
  });

/** Heap after a collection and resident memory, in MB. */
async function memoryOf({ child, lines }: Started): Promise<{ heap: number; resident: number }> {
  const known = lines.length;
  child.kill('SIGUSR2');
  for (;;) {
    const found = lines.slice(known).find((line) => line.startsWith('heap-witness '));
    const [heap = NaN, resident = NaN] = found?.split(' ').slice(1).map(Number) ?? [];
    if (found !== undefined) return { heap: heap / 1e6, resident: resident / 1e6 };
    await wait(20);
  }
}

await figure(
  'F5',
  `after all of them a heap of at most ${mostHeap.toFixed(2)} times, and resident memory of at most ${mostResident.toFixed(2)} times, what the first part left; every answer as it should be`,
  async (bench) => {
    await syncDatabase(bench, 'memory', 'F5');
    const app = await bench.start('memory', { env: { NODE_OPTIONS: `--import=${witness}` } });
    // One for each connection: changes of one document at once would refuse each other.
    const items = await together(connections, async () => {
      const { body } = await send(app.url, 'POST', '/api/products', { name: 'Lamp', price: 1 });
      return `/api/products/${String(body._id)}`;
    });
    const key = crypto.randomUUID();
    const lamp = JSON.stringify({ name: 'Lamp', price: 2 });
    await send(
      app.url,
      'POST',
      '/api/products',
      { name: 'Lamp', price: 1 },
      { 'idempotency-key': key },
    );

    const mix: readonly Call[] = [
      { method: 'GET', path: 'ITEM', status: 200 },
      { method: 'GET', path: '/api/products?price[gte]=0&sort=-price&limit=5', status: 200 },
      { method: 'PATCH', path: 'ITEM', body: '{"price":NEW}', status: 200 },
      { method: 'POST', path: '/api/products', body: '{"name":" ","price":-1}', status: 400 },
      { method: 'GET', path: '/api/products?NEW=1', status: 400 },
      { method: 'GET', path: '/api/NEW', status: 404 },
      { method: 'POST', path: '/api/products', body: lamp, key, status: 422 },
    ];
    const filled = (text: string, n: number, item = '') =>
      text.replace('NEW', String(n)).replace('ITEM', item);
    let sent = 0;
    let wrong = 0;
    let refused = 0;
    const part = (until: number) =>
      together(connections, async (connection) => {
        while (sent < until) {
          const n = (sent += 1);
          const chosen = mix[n % mix.length];
          if (chosen === undefined) continue;
          const path = filled(chosen.path, n, items[connection]);
          const content = chosen.body && { body: filled(chosen.body, n) };
          const status = await call(app.url, { ...chosen, path, ...content });
          if (status === 503) refused += 1;
          else if (status !== chosen.status) wrong += 1;
        }
      });

    const seen: { heap: number; resident: number }[] = [];
    for (let i = 1; i <= samples; i += 1) {
      await part(i * every);
      seen.push(await memoryOf(app));
    }
    agent.destroy();
    const heaps = seen.map(({ heap }) => heap);
    const residents = seen.map(({ resident }) => resident);
    const list = (values: readonly number[]) => values.map((value) => value.toFixed(1)).join(' ');
    const within = (values: readonly number[], most: number) =>
      (values.at(-1) ?? Infinity) <= (values[0] ?? 0) * most;
    return {
      measured: `${String(sent)} requests over ${String(connections)} connections, ${String(wrong)} with another status than expected, ${String(refused)} refused; heap ${list(heaps)} MB, resident ${list(residents)} MB`,
      pass:
        wrong === 0 &&
        refused < sent / 10 &&
        within(heaps, mostHeap) &&
        within(residents, mostResident),
    };
  },
);
