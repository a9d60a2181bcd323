/** F16: what the rate limiter keeps of very many addresses, and that it forgets them. */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { figure, full } from './support.ts';

const keys = full ? 1_000_000 : 20_000;
const warmUp = 5_000;
const atOnce = 100;
const agent = new Agent({ keepAlive: true, maxSockets: atOnce });

/** In MB. */
const resident = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]) / 1024;

const address = (n: number): string =>
  `10.${String((n >> 16) & 255)}.${String((n >> 8) & 255)}.${String(n & 255)}`;

/** The limit that is left for that address, or nothing where the process is overloaded. */
const askOnce = (url: string, from: string): Promise<string> =>
  new Promise((resolve, reject) => {
    request(url, { agent, headers: { 'x-forwarded-for': from } }, (res) => {
      res.resume().on('end', () => {
        resolve(/r=(\d+)/.exec(String(res.headers.ratelimit))?.[1] ?? '');
      });
    })
      .on('error', reject)
      .end();
  });

/** The same, asked again until the process finds the time. */
async function ask(url: string, from: string): Promise<string> {
  for (;;) {
    const left = await askOnce(url, from);
    if (left !== '') return left;
    await wait(100);
  }
}

/** `count` requests, many at a time. */
async function flood(count: number, one: (n: number) => Promise<void>): Promise<void> {
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (sent < count) {
      sent += 1;
      await one(sent);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

await figure(
  'F16',
  'less than 100 MB more while it counts, and nothing kept of addresses a minute later',
  async (bench) => {
    const { url, child } = await bench.start('limiter', {
      env: { RATE_LIMIT_MAX: '10000', TRUST_PROXY: '1' },
    });
    const pid = child.pid ?? 0;
    const path = `${url}/api/nothing`;
    const ordinary = '10.255.255.255';
    // The same requests, of one address: what they cost without what is counted.
    await flood(warmUp, async () => void (await ask(path, ordinary)));
    const before = resident(pid);
    let most = before;
    let known = 0;
    await flood(keys, async (n) => {
      if ((await ask(path, address(n))) === '9999') known += 1;
      if (n % 1000 === 0) most = Math.max(most, resident(pid));
    });
    // Into the next minute, whose first request forgets the one before.
    await wait(60_000 - (Date.now() % 60_000) + 1000);
    const left = await ask(path, address(1));
    agent.destroy();
    const growth = most - before;
    return {
      measured: `${String(keys)} addresses, ${String(known)} of them counted from the start; memory ${before.toFixed(0)} MB, at most ${growth.toFixed(0)} MB more, ${(resident(pid) - before).toFixed(0)} MB more a minute later; then ${left} of 10000 requests left for the first address`,
      pass: growth < 100 && known === keys && left === '9999',
    };
  },
);
