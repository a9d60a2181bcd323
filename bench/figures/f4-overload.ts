/**
 * F4: twice as many requests as can be answered, in an open loop. What each request waits for is a database that takes
 * its time (a proxy that holds each message), so that the capacity is that of the pool, not of the machine.
 */
import { Agent, request } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { figure, full, send, syncDatabase } from './support.ts';

const databaseMs = 200;
const seconds = full ? 15 : 4;
const agent = new Agent({ keepAlive: true });

interface Answer {
  readonly status: number;
  readonly ms: number;
  readonly retryAfter: boolean;
}

/** A proxy to the database through which each message takes `databaseMs`. */
async function startSlowProxy(target: number): Promise<{ port: number; stop(): void }> {
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    client.on('data', (bytes) => setTimeout(() => upstream.write(bytes), databaseMs));
    upstream.pipe(client);
    for (const socket of [client, upstream]) {
      socket.on('error', () => undefined);
      socket.on('close', () => (socket === client ? upstream : client).destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, stop: () => void server.close() };
}

const ask = (url: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const from = performance.now();
    request(url, { agent }, (res) => {
      res.resume().on('end', () => {
        const retryAfter = res.headers['retry-after'] !== undefined;
        resolve({ status: res.statusCode ?? 0, ms: performance.now() - from, retryAfter });
      });
    })
      .on('error', reject)
      .end();
  });

/** Nearest rank. */
const p99 = (answers: readonly Answer[]): number => {
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
};

/** 50 that ask, wait for the answer and ask again; what they get in a second. */
async function capacityOf(url: string): Promise<{ rate: number; answers: Answer[] }> {
  const answers: Answer[] = [];
  const from = performance.now();
  const one = async (): Promise<void> => {
    while (performance.now() - from < seconds * 1000) answers.push(await ask(url));
  };
  await Promise.all(Array.from({ length: 50 }, one));
  return { rate: answers.length / ((performance.now() - from) / 1000), answers };
}

/** `rate` a second, whatever comes back. */
async function offer(url: string, rate: number): Promise<{ answers: Answer[]; took: number }> {
  const due: Promise<Answer>[] = [];
  const from = performance.now();
  while (performance.now() - from < seconds * 1000) {
    const owed = ((performance.now() - from) / 1000) * rate - due.length;
    for (let i = 0; i < owed; i += 1) due.push(ask(url));
    await wait(5);
  }
  const took = (performance.now() - from) / 1000;
  return { answers: await Promise.all(due), took };
}

await figure(
  'F4',
  'at twice the capacity 90 % of it are answered, their p99 at most 5 times the usual one; refusals under 100 ms (p99) with Retry-After; the probe answers',
  async (bench) => {
    await syncDatabase(bench, 'overload', 'F4');
    const proxy = await startSlowProxy(bench.database.port);
    const app = await bench.start('overload', { port: proxy.port });
    const { body } = await send(app.url, 'POST', '/api/products', { name: 'Lamp', price: 1 });
    const url = `${app.url}/api/products/${String(body._id)}`;
    await capacityOf(url); // fills the pool
    const usual = await capacityOf(url);

    const probes: Answer[] = [];
    const watching = new AbortController();
    const watch = (async () => {
      while (!watching.signal.aborted) {
        probes.push(await ask(`${app.url}/livez`));
        await wait(100);
      }
    })();
    const { answers, took } = await offer(url, usual.rate * 2);
    watching.abort();
    await watch;
    proxy.stop();
    agent.destroy();

    const good = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status !== 200);
    const goodput = good.length / took;
    const told = refused.filter(({ status, retryAfter }) => status === 503 && retryAfter).length;
    const alive = probes.filter(({ status }) => status === 200).length;
    return {
      measured:
        `capacity ${usual.rate.toFixed(0)}/s, p99 ${p99(usual.answers).toFixed(0)} ms; offered ${(answers.length / took).toFixed(0)}/s, ` +
        `answered ${goodput.toFixed(0)}/s (${((goodput / usual.rate) * 100).toFixed(0)} %), p99 ${p99(good).toFixed(0)} ms; ` +
        `${String(refused.length)} refused, ${String(told)} with Retry-After, p99 ${p99(refused).toFixed(0)} ms; ` +
        `${String(alive)} of ${String(probes.length)} probes 200`,
      pass:
        refused.length > 0 &&
        goodput >= usual.rate * 0.9 &&
        p99(good) <= p99(usual.answers) * 5 &&
        p99(refused) < 100 &&
        told === refused.length &&
        alive === probes.length,
    };
  },
);
