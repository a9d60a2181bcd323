/** F6: clients that send a byte a second and never come to an end, of headers and of bodies, beside ordinary ones. */
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { figure, full, syncDatabase, together } from './support.ts';

const each = 250;
const ordinary = 10;
/** The worst of them counts. */
const rounds = full ? 3 : 1;
const headers = 'GET /api/products HTTP/1.1\r\nHost: x\r\nX-Slow: ';
const body =
  'POST /api/products HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{';

interface Slow {
  /** Milliseconds until the server closed the connection. */
  readonly ms: number;
  /** What it said before, 0 for nothing. */
  readonly status: number;
}

/** Opens one; resolves when it is sent away. */
function slow(url: string, start: string): Promise<Slow> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const from = performance.now();
    let text = '';
    socket.write(start);
    const drip = setInterval(() => socket.write('a'), 1000);
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(drip);
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
      resolve({ ms: performance.now() - from, status });
    });
  });
}

const counted = (values: readonly number[]): string => {
  const kinds = [...new Set(values)].sort();
  return kinds
    .map((kind) => `${String(values.filter((one) => one === kind).length)} x ${String(kind)}`)
    .join(', ');
};

const longest = (clients: readonly Slow[]): number => Math.max(...clients.map(({ ms }) => ms));

await figure(
  'F6',
  `${String(2 * each)} slow clients: ordinary requests are all answered 200, their p99 within 1 s; the slow ones are gone after 20 s (headers) and 40 s (bodies)`,
  async (bench) => {
    await syncDatabase(bench, 'slow', 'F6');
    const { url } = await bench.start('slow');
    const statuses: number[] = [];
    const times: number[] = [];
    const ask = async (): Promise<void> => {
      const from = performance.now();
      const answer = await fetch(`${url}/api/products?limit=1`);
      await answer.arrayBuffer();
      statuses.push(answer.status);
      times.push(performance.now() - from);
    };
    await ask();

    const gone: Slow[][] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      let going = true;
      const slowOnes = [headers, body].map((start) => together(each, () => slow(url, start)));
      const load = together(ordinary, async () => {
        while (going) {
          await ask();
          await wait(20);
        }
      });
      for (const [kind, clients] of (await Promise.all(slowOnes)).entries())
        gone[kind]?.push(...clients);
      going = false;
      await load;
    }
    const [slowHeaders = [], slowBodies = []] = gone;

    times.sort((a, b) => a - b);
    const p99 = times[Math.ceil(times.length * 0.99) - 1] ?? Infinity;
    return {
      measured:
        `${String(times.length)} ordinary requests: ${counted(statuses)}, p99 ${p99.toFixed(0)} ms; ` +
        `slow headers gone after ${longest(slowHeaders).toFixed(0)} ms (${counted(slowHeaders.map(({ status }) => status))}), ` +
        `slow bodies after ${longest(slowBodies).toFixed(0)} ms (${counted(slowBodies.map(({ status }) => status))})`,
      pass:
        times.length > 100 &&
        statuses.every((status) => status === 200) &&
        p99 <= 1000 &&
        longest(slowHeaders) <= 20_000 &&
        longest(slowBodies) <= 40_000,
    };
  },
);
