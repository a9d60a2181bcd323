/** Load on a process whose database goes away behind a proxy, and what is looked at meanwhile: for F2 and F3. */
import { setTimeout as wait } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { uriOf } from '../../test/emitted/support/database.ts';
import { startProxy, type Mode } from '../../test/emitted/support/proxy.ts';
import { databaseOf, openLoop, send, syncDatabase, together, type Bench } from './support.ts';

/** One request and its answer; times in milliseconds since the load began. */
export interface Seen {
  readonly sentAt: number;
  readonly answeredAt: number;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly retryAfter: boolean;
}

export interface Outage {
  /** Of the load. */
  readonly requests: readonly Seen[];
  /** Statuses of /readyz and /livez while it was away, each asked four times a second. */
  readonly ready: readonly Seen[];
  readonly live: readonly Seen[];
  /** When the database went away, and when it was back. */
  readonly awayAt: number;
  readonly backAt: number;
  /** Creations that were acknowledged and are not there once, or are there twice. */
  readonly wrongWrites: number;
  readonly running: boolean;
  /** Statuses of more requests at once than the pool has connections, after all of it. */
  readonly afterwards: readonly number[];
}

const afterMs = 4000;

/**
 * @param mode what the proxy does meanwhile
 * @param rate requests a second: one in four creates, the others read and change
 */
export async function causeOutage(
  bench: Bench,
  id: string,
  { mode, seconds, rate }: { mode: Mode; seconds: number; rate: number },
): Promise<Outage> {
  await syncDatabase(bench, 'outage', id);
  const proxy = await startProxy(bench.database.port);
  const app = await bench.start('outage', { port: proxy.port });
  await app.said('"ready"');
  // More than there are changes waiting at once: those of one document would refuse each other.
  const items = await together(100, async () => {
    const { body } = await send(app.url, 'POST', '/api/products', { name: 'Lamp', price: 1 });
    return `/api/products/${String(body._id)}`;
  });
  const [item = ''] = items;
  await Promise.all(Array.from({ length: 60 }, () => send(app.url, 'GET', item)));

  const from = performance.now();
  const ask = async (method: string, path: string, json?: object): Promise<Seen> => {
    const sentAt = performance.now() - from;
    const answer = await fetch(app.url + path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(json && { body: JSON.stringify(json) }),
    }).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => undefined);
    return {
      sentAt,
      answeredAt: performance.now() - from,
      status: answer?.status ?? 0,
      retryAfter: answer?.headers.has('retry-after') ?? false,
    };
  };
  const acknowledged: string[] = [];
  const create = async (n: number) => {
    const name = `Made ${String(n)}`;
    const seen = await ask('POST', '/api/products', { name, price: 1 });
    if (seen.status === 201) acknowledged.push(name);
    return seen;
  };
  const mix: readonly ((n: number) => Promise<Seen>)[] = [
    create,
    () => ask('GET', '/api/products?limit=5'),
    () => ask('GET', item),
    (n) => ask('PATCH', items[Math.floor(n / 4) % items.length] ?? item, { price: n }),
  ];

  let away = true;
  let going = true;
  const load = openLoop(
    rate,
    () => going,
    (n) => (mix[n % mix.length] ?? create)(n),
  );
  await wait(1000);
  const awayAt = performance.now() - from;
  proxy.mode = mode;
  const probing = Promise.all(
    ['/readyz', '/livez'].map((path) =>
      openLoop(
        4,
        () => away,
        () => ask('GET', path),
      ),
    ),
  );
  await wait(seconds * 1000);
  away = false;
  proxy.mode = 'pass';
  const backAt = performance.now() - from;
  await wait(afterMs);
  going = false;
  const requests = await load;
  const [ready = [], live = []] = await probing;
  const afterwards = await Promise.all(Array.from({ length: 60 }, () => ask('GET', item)));
  await proxy.stop();

  const mongo = new MongoClient(uriOf(bench.database, databaseOf(id, 'outage')));
  const found = await mongo.db().collection('products').find().toArray();
  await mongo.close();
  const times = new Map<string, number>();
  for (const { name } of found) times.set(String(name), (times.get(String(name)) ?? 0) + 1);
  const lost = acknowledged.filter((name) => times.get(name) !== 1).length;
  const twice = [...times].filter(([name, count]) => name !== 'Lamp' && count > 1).length;
  return {
    requests,
    ready,
    live,
    awayAt,
    backAt,
    wrongWrites: lost + twice,
    running: app.child.exitCode === null,
    afterwards: afterwards.map(({ status }) => status),
  };
}

/** Those sent and answered while the database was away; of the first `settleMs` none. */
export const during = ({ awayAt, backAt }: Outage, seen: readonly Seen[], settleMs = 0): Seen[] =>
  seen.filter(({ sentAt, answeredAt }) => sentAt > awayAt + settleMs && answeredAt < backAt);

/** Answers that no outage excuses: that somebody had made a mistake. */
export const mistaken = ({ requests }: Outage): number =>
  requests.filter(({ status }) => status !== 503 && status >= 400).length;

/** How long after its return the first request that was sent then was answered well; Infinity when none was. */
export const recoveredAfter = ({ requests, backAt }: Outage): number =>
  Math.min(
    ...requests
      .filter(({ sentAt, status }) => sentAt >= backAt && status >= 200 && status < 300)
      .map(({ answeredAt }) => answeredAt - backAt),
  );
