/** F15: how many pings reach the database while /readyz is asked 1,000 times a second; a proxy counts. */
import { Agent, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { startProxy } from '../../test/emitted/support/proxy.ts';
import { figure, full } from './support.ts';

/** Kept connections and no more than needed: the load, the proxy and the database share this process. */
const agent = new Agent({ keepAlive: true, maxSockets: 50 });
const seconds = full ? 30 : 4;

await figure('F15', 'at most 2 pings a second at 1,000 requests a second', async (bench) => {
  const proxy = await startProxy(bench.database.port);
  const { url } = await bench.start('ready', { port: proxy.port });
  await fetch(`${url}/readyz`);
  const before = proxy.count('ping');
  const from = performance.now();
  const due: Promise<number>[] = [];
  let sent = 0;
  while (performance.now() - from < seconds * 1000) {
    const owed = Math.floor(performance.now() - from) - sent; // one a millisecond, open loop
    for (let i = 0; i < owed; i += 1) {
      sent += 1;
      due.push(ask(url));
    }
    await wait(5);
  }
  const sending = (performance.now() - from) / 1000;
  const statuses = await Promise.all(due);
  const took = (performance.now() - from) / 1000;
  const pings = (proxy.count('ping') - before) / took;
  const ok = statuses.filter((status) => status === 200).length;
  await proxy.stop();
  return {
    measured: `${pings.toFixed(2)} pings a second at ${(sent / sending).toFixed(0)} requests a second, ${String(ok)} of ${String(sent)} answered 200`,
    pass: pings <= 2 && ok === sent,
  };
});

function ask(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(`${url}/readyz`, { agent }, (answer) => {
      answer.resume().on('end', () => {
        resolve(answer.statusCode ?? 0);
      });
    }).on('error', reject);
  });
}
