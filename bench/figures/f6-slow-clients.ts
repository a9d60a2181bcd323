/** F6: many clients that never finish their request; the others are answered, and the slow ones sent away. */
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { figure, full, patience, percentile, syncDatabase, together } from './support.ts';

const sockets = 500;
const ordinary = full ? 1000 : 100;
const most = { headers: 20_000, body: 40_000 };

const head = 'GET /api/products HTTP/1.1\r\nHost: x\r\nX-Slow: ';
const body =
  'POST /api/products HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{';

/** One byte a second, and no end; how long the server bore it, in milliseconds. */
function slow(url: string, start: string): Promise<number> {
  const { hostname, port } = new URL(url);
  const from = performance.now();
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(start));
    const drip = setInterval(() => socket.write(' '), 1000);
    socket.resume();
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(drip);
      resolve(performance.now() - from);
    });
  });
}

/** So many slow clients, and meanwhile ordinary ones, one after the other. */
async function siege(url: string, start: string) {
  const slowOnes = together(sockets, () => slow(url, start));
  await wait(500);
  const times: number[] = [];
  let failed = 0;
  for (let i = 0; i < ordinary; i += 1) {
    const from = performance.now();
    const answer = await fetch(`${url}/api/products?limit=1`);
    await answer.arrayBuffer();
    if (answer.status !== 200) failed += 1;
    times.push(performance.now() - from);
  }
  return { lasted: Math.max(...(await slowOnes)), p99: percentile(times, 0.99), failed };
}

await figure(
  'F6',
  `${String(sockets)} slow clients: ordinary requests answered, their p99 at most 1 s; the slow ones closed within ${String(most.headers / 1000)} s (headers) and ${String(most.body / 1000)} s (body)`,
  async (bench) => {
    await syncDatabase(bench, 'slow', 'F6');
    const { url } = await bench.start('slow');
    const results = [];
    // A body may take 30 seconds: too long for the short form, and a test of its own (B15).
    for (const [name, start] of Object.entries(full ? { headers: head, body } : { headers: head }))
      results.push({ name, ...(await siege(url, start)) });
    return {
      measured: results
        .map(
          ({ name, lasted, p99, failed }) =>
            `${name}: all gone after ${(lasted / 1000).toFixed(1)} s; ${String(ordinary)} ordinary requests, ${String(failed)} failed, p99 ${p99.toFixed(0)} ms`,
        )
        .join('; '),
      pass: results.every(
        ({ name, lasted, p99, failed }) =>
          failed === 0 &&
          p99 <= 1000 * patience &&
          lasted <= (name === 'body' ? most.body : most.headers * patience),
      ),
    };
  },
);
