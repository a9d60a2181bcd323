/** F8: the longest pause of the event loop while attacks of every kind come in. */
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Started } from '../../test/emitted/support/process.ts';
import { lines } from '../../test/emitted/support/raw.ts';
import { figure, full, syncDatabase, together } from './support.ts';

const rounds = full ? 20 : 2;
const witness = join(import.meta.dirname, 'loop-witness.mjs');

/** Bodies that once blocked servers: deep, long, wide, hostile to a regular expression. */
const bodies = [
  `${'['.repeat(45_000)}${']'.repeat(45_000)}`,
  `{"name":${'{"a":'.repeat(15_000)}1${'}'.repeat(15_000)},"price":1}`,
  JSON.stringify({ name: 'a'.repeat(90_000), price: 1 }),
  JSON.stringify(Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`k${String(i)}`, 1]))),
  JSON.stringify({ name: 'x', price: 1, tags: Array.from({ length: 20_000 }, () => 'a') }),
  JSON.stringify(
    Array.from({ length: 100 }, () => ({ name: 'x', price: -1, colour: 'y'.repeat(5000) })),
  ),
  JSON.stringify(
    Array.from({ length: 100 }, () =>
      Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`k${String(i)}`, 1])),
    ),
  ),
  JSON.stringify([{ name: 'x', price: 1, tags: Array.from({ length: 490_000 }, () => 1) }]),
  `{"name":"${'\\ud83d\\ude00'.repeat(8000)}","price":1}`,
  `{"price":${'9'.repeat(90_000)}}`,
];

const queries = [
  `name[contains]=${encodeURIComponent('(a+)+$')}`,
  `name[in]=${Array.from({ length: 100 }, (_, i) => `v${String(i)}`).join(',')}`,
  Array.from({ length: 900 }, (_, i) => `a${String(i)}=1`).join('&'),
  `q=${encodeURIComponent('.* .* .* .* .*')}`,
  `cursor=${'A'.repeat(7000)}`,
  `sort=${'name,'.repeat(1500)}`,
  `sort=${'naxe,'.repeat(1500)}`,
  `fields=${`${'x'.repeat(60)},`.repeat(130)}`,
  `embed=${Array.from({ length: 1200 }, (_, i) => `a${String(i)}`).join(',')}`,
];

await figure('F8', 'no pause of 100 ms or more', async (bench) => {
  await syncDatabase(bench, 'loop', 'F8');
  const app = await bench.start('loop', { env: { NODE_OPTIONS: `--import=${witness}` } });
  const { url } = app;
  const post = (body: string) =>
    fetch(`${url}/api/products`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
      .then((answer) => answer.text())
      .catch(() => '');
  const get = (query: string) =>
    fetch(`${url}/api/products?${query}`).then((answer) => answer.text());

  await together(20, () => post('{"name":"warm","price":1}'));
  await pause(app);
  let worst = 0;
  let requests = 0;
  for (let round = 0; round < rounds; round += 1) {
    await together(10, (i) => post(bodies[i % bodies.length] ?? ''));
    await Promise.all([...bodies.map(post), ...queries.map(get)]);
    await together(10, () => pour(url));
    requests += 20 + bodies.length + queries.length;
    worst = Math.max(worst, await pause(app));
  }
  return {
    measured: `longest pause ${worst.toFixed(0)} ms over ${String(requests)} hostile requests`,
    pass: worst > 0 && worst < 100,
  };
});

/** The longest pause since it was asked last, in milliseconds. */
async function pause({ child, lines: said }: Started): Promise<number> {
  const known = said.length;
  child.kill('SIGUSR2');
  for (;;) {
    const found = said.slice(known).find((line) => line.startsWith('loop-witness '));
    if (found !== undefined) return Number(found.split(' ')[1]);
    await wait(20);
  }
}

/** 10 MB into one request, until the server closes the connection. */
function pour(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const head = lines(
      'POST /api/products HTTP/1.1',
      'Host: x',
      'Content-Type: application/json',
      'Content-Length: 10000000',
    );
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve();
    });
    socket.resume();
    socket.end(head + ' '.repeat(10_000_000));
    setTimeout(() => socket.destroy(), 3000).unref();
  });
}
