/** F18: the clock jumps an hour forward and back again: nobody is locked out, and no duration is negative. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { figure, full, send, syncDatabase } from './support.ts';

const limit = 200;
const rounds = full ? 10 : 2;
const each = 5;

await figure(
  'F18',
  'no request refused, no negative duration in log or metrics, retried creations make one document',
  async (bench) => {
    await syncDatabase(bench, 'clock', 'F18');
    const preload = pathToFileURL(join(import.meta.dirname, 'clock.mjs')).href;
    const token = crypto.randomUUID();
    const { url, child, lines } = await bench.start('clock', {
      env: {
        NODE_OPTIONS: `--import=${preload}`,
        RATE_LIMIT_MAX: String(limit),
        OPS_TOKEN: token,
      },
    });
    const statuses: number[] = [];
    const ids = new Set<unknown>();
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const hours = new Set<number>();
    for (let jump = 0; jump < rounds * 2; jump += 1) {
      for (let i = 0; i < each; i += 1) {
        const read = await fetch(`${url}/api/products`);
        await read.arrayBuffer();
        statuses.push(read.status);
        const reset = Number(/t=(-?\d+)/.exec(read.headers.get('ratelimit') ?? '')?.[1]);
        if (!(reset >= 0 && reset <= 60)) statuses.push(-1);
      }
      const body = { name: 'Lamp', price: 1 };
      const made = await send(url, 'POST', '/api/products', body, headers);
      statuses.push(made.status);
      ids.add(made.body._id);
      await wait(1500); // the counts are exchanged once a second
      child.kill('SIGUSR2');
      await wait(200);
    }
    const requests = lines
      .map((line) => JSON.parse(line) as { msg: string; ms: number; time: string })
      .filter(({ msg }) => msg === 'request');
    for (const { time } of requests) hours.add(Math.round(Date.parse(time) / 3_600_000));
    const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    const negative =
      requests.filter(({ ms }) => !(ms >= 0)).length +
      ((await answer.text()).match(/_seconds_sum\S* -/g)?.length ?? 0);
    const refused = statuses.filter((status) => status !== 200 && status !== 201).length;
    return {
      measured: `${String(rounds * 2)} jumps, ${String(refused)} of ${String(statuses.length)} answers other than 200 and 201, ${String(negative)} negative durations, ${String(ids.size)} document of one key`,
      pass: refused === 0 && negative === 0 && ids.size === 1 && hours.size > 1,
    };
  },
);
