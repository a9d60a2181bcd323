/**
 * F4: twice as many requests as can be answered, in an open loop. What each request waits for is a database that takes
 * its time (a proxy that holds each message), so that the capacity is that of the pool, not of the machine. What a
 * refusal costs is told in processor time of the application, which other processes do not add to. The same load on a
 * copy without the limits shows what they are for.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { replaceIn } from '../../test/replace-in.ts';
import { figure, full, percentile, send, syncDatabase } from './support.ts';

const databaseMs = full ? 200 : 500;
const seconds = full ? 15 : 6;
/** Of the capacity. The queue of the short form is filled and emptied in a good part of its time. */
const goodShare = full ? 0.9 : 0.7;

interface Answer {
  readonly status: number;
  readonly ms: number;
  readonly retryAfter: boolean;
}

interface Load {
  readonly answers: readonly Answer[];
  /** Seconds. */
  readonly took: number;
}

type Order = { url: string; seconds: number } & ({ connections: number } | { rate: number });

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

/** Processor time of a process so far, in milliseconds: user and system, in hundredths of a second. */
const spent = (pid: number): number => {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

/** Lets the environment take the limits of overload out, as a user of the project might. */
const removable = (project: string): Promise<void> => {
  const limits = 'overload: { inFlight: 150, delayMs: production ? 500 : Infinity }';
  const none = 'process.env.UNLIMITED ? { inFlight: Infinity, delayMs: Infinity }';
  replaceIn(join(project, 'config.ts'), limits, limits.replace('{', `${none} : {`));
  return Promise.resolve();
};

const times = (answers: readonly Answer[]) => answers.map(({ ms }) => ms);

await figure(
  'F4',
  `at twice the capacity ${String(goodShare * 100)} % of it are answered, their p99 at most 5 times the usual one; refusals with Retry-After, cheaper than answers${full ? ', under 100 ms (p99)' : ''}; the probe answers${full ? '; without the limits answers are slower' : ''}`,
  async (bench) => {
    await syncDatabase(bench, 'overload', 'F4');
    const proxy = await startSlowProxy(bench.database.port);
    const app = await bench.start('overload', { port: proxy.port });
    const { body } = await send(app.url, 'POST', '/api/products', { name: 'Lamp', price: 1 });
    const url = `${app.url}/api/products/${String(body._id)}`;
    const generator = fork(join(import.meta.dirname, 'load.mjs'));
    const run = async (order: Order, of = app): Promise<Load & { cost: number }> => {
      const pid = of.child.pid ?? 0;
      const before = spent(pid);
      generator.send(order);
      const [load] = (await once(generator, 'message')) as [Load];
      return { ...load, cost: spent(pid) - before };
    };
    await run({ url, seconds, connections: 50 }); // fills the pool
    const usual = await run({ url, seconds, connections: 50 });
    const capacity = usual.answers.length / usual.took;

    const probes: number[] = [];
    const watching = new AbortController();
    const watch = (async () => {
      while (!watching.signal.aborted) {
        const probe = await fetch(`${app.url}/livez`).catch(() => undefined);
        await probe?.arrayBuffer();
        probes.push(probe?.status ?? 0);
        await wait(100);
      }
    })();
    const over = await run({ url, seconds, rate: capacity * 2 });
    watching.abort();
    await watch;
    // Many more than there is room for: nearly all of them are refused.
    const flood = await run({ url, seconds: 1, rate: 2000 });
    await app.stop();

    const unlimited = await bench.start('overload', {
      port: proxy.port,
      env: { UNLIMITED: 'yes' },
    });
    const open = unlimited.url + new URL(url).pathname;
    await run({ url: open, seconds: 2, connections: 50 }, unlimited);
    const without = await run({ url: open, seconds, rate: capacity * 2 }, unlimited);
    proxy.stop();
    generator.disconnect();

    const good = over.answers.filter(({ status }) => status === 200);
    const refused = over.answers.filter(({ status }) => status !== 200);
    const goodput = good.length / over.took;
    const told = refused.filter(({ status, retryAfter }) => status === 503 && retryAfter).length;
    const alive = probes.filter((status) => status === 200).length;
    const answerCost = usual.cost / usual.answers.length;
    const floodGood = flood.answers.filter(({ status }) => status === 200).length;
    const refusalCost =
      (flood.cost - floodGood * answerCost) / Math.max(1, flood.answers.length - floodGood);
    const usualP99 = percentile(times(usual.answers), 0.99);
    const goodP99 = percentile(times(good), 0.99);
    const withoutP99 = percentile(times(without.answers), 0.99);
    const refusedP99 = percentile(times(refused), 0.99);
    return {
      measured:
        `capacity ${capacity.toFixed(0)}/s, p99 ${usualP99.toFixed(0)} ms; offered ${(over.answers.length / seconds).toFixed(0)}/s, ` +
        `answered ${goodput.toFixed(0)}/s (${((goodput / capacity) * 100).toFixed(0)} %), p99 ${goodP99.toFixed(0)} ms; ` +
        `${String(refused.length)} refused, ${String(told)} with Retry-After, p50 ${percentile(times(refused), 0.5).toFixed(0)} ms, p99 ${refusedP99.toFixed(0)} ms; ` +
        `processor time of an answer ${answerCost.toFixed(2)} ms, of a refusal ${refusalCost.toFixed(2)} ms; ` +
        `${String(alive)} of ${String(probes.length)} probes 200; ` +
        `without the limits p50 ${percentile(times(without.answers), 0.5).toFixed(0)} ms, p99 ${withoutP99.toFixed(0)} ms`,
      pass:
        refused.length > 0 &&
        goodput >= capacity * goodShare &&
        goodP99 <= usualP99 * 5 &&
        told === refused.length &&
        refusalCost < answerCost &&
        alive === probes.length &&
        (!full || (refusedP99 < 100 && withoutP99 > goodP99)),
    };
  },
  { prepare: removable },
);
