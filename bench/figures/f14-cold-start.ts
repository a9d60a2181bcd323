/** F14: time from start to ready, with the database there and with the database coming later. */
import { setTimeout as wait } from 'node:timers/promises';
import { startProxy } from '../../test/emitted/support/proxy.ts';
import { figure, full, syncDatabase, type Bench } from './support.ts';

const runs = full ? 10 : 3;

/** Milliseconds until /readyz answers 200, asked every 20 ms. */
async function untilReady(url: string, from: number): Promise<number> {
  for (;;) {
    const { status } = await fetch(`${url}/readyz`);
    if (status === 200) return performance.now() - from;
    if (performance.now() - from > 30_000) return Infinity;
    await wait(20);
  }
}

async function cold(bench: Bench): Promise<number> {
  const from = performance.now();
  const app = await bench.start('cold');
  const took = await untilReady(app.url, from);
  await app.stop();
  return took;
}

async function late(bench: Bench): Promise<number> {
  const proxy = await startProxy(bench.database.port);
  proxy.mode = 'refuse';
  const app = await bench.start('cold', { port: proxy.port });
  await wait(3000);
  const alive = (await fetch(`${app.url}/livez`)).status === 200;
  const early = (await fetch(`${app.url}/readyz`)).status;
  proxy.mode = 'pass';
  const took = await untilReady(app.url, performance.now());
  await app.stop();
  await proxy.stop();
  return alive && early === 503 ? took : Infinity;
}

await figure(
  'F14',
  'ready within 2 s; without a database up and not ready, ready 3 s after it appears',
  async (bench) => {
    await syncDatabase(bench, 'cold', 'F14');
    const starts: number[] = [];
    for (let i = 0; i < runs; i += 1) starts.push(await cold(bench));
    const worst = Math.max(...starts);
    const after = await late(bench);
    return {
      measured: `worst of ${String(runs)} starts ${worst.toFixed(0)} ms, ready ${after.toFixed(0)} ms after the database appeared`,
      pass: worst < 2000 && after <= 3000,
    };
  },
);
