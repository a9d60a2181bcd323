/** F9: many short connections, each for one request; the process has as many open files afterwards as before. */
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { figure, full } from './support.ts';

const connections = full ? 100_000 : 3_000;
const atOnce = 50;
/** Loopback addresses to come from: one alone has fewer ports than there are connections. */
const addresses = 8;

const openFiles = (pid: number): number => readdirSync(`/proc/${String(pid)}/fd`).length;

const ask = (url: string, n: number): Promise<boolean> =>
  new Promise((resolve) => {
    const localAddress = `127.0.0.${String((n % addresses) + 1)}`;
    request(url, { agent: false, localAddress, headers: { connection: 'close' } }, (res) => {
      res.resume().on('end', () => {
        resolve(res.statusCode === 200);
      });
    })
      .on('error', () => {
        resolve(false);
      })
      .end();
  });

await figure('F9', 'open files back to the start ± 5, no failed connection', async (bench) => {
  const { url, child } = await bench.start('churn');
  const pid = child.pid ?? 0;
  await Promise.all(Array.from({ length: atOnce }, (_, i) => ask(`${url}/livez`, i)));
  await wait(1000);
  const before = openFiles(pid);
  let sent = 0;
  let failed = 0;
  let most = 0;
  const one = async (): Promise<void> => {
    while (sent < connections) {
      sent += 1;
      if (!(await ask(`${url}/livez`, sent))) failed += 1;
      if (sent % 100 === 0) most = Math.max(most, openFiles(pid));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  await wait(1000);
  const after = openFiles(pid);
  return {
    measured: `${String(sent)} connections, ${String(failed)} failed; open files ${String(before)}, at most ${String(most)}, ${String(after)} afterwards`,
    pass: failed === 0 && Math.abs(after - before) <= 5 && most > before,
  };
});
