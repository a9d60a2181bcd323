/** What stands before the copies of an application: asks each whether it is ready, sends no request twice. */
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const checkMs = 200;

export interface Balancer {
  readonly url: string;
  /** Another address for the copy at that place; it gets requests when it says that it is ready. */
  replace(at: number, url: string): void;
  /** Resolves when so many copies are ready. */
  ready(count: number): Promise<void>;
  /** Requests that each place was sent. */
  counts(): readonly number[];
  stop(): void;
}

interface Place {
  url: string;
  ready: boolean;
  sent: number;
}

/** Keeps its connections to the copies, as they say; a request that one of them lets fall is a 502. */
export async function startBalancer(urls: readonly string[]): Promise<Balancer> {
  const places = urls.map((url): Place => ({ url, ready: false, sent: 0 }));
  const agent = new Agent({ keepAlive: true });
  let turn = 0;

  const server = createServer((req, res) => {
    const open = places.filter(({ ready }) => ready);
    const place = open[(turn += 1) % open.length];
    if (place === undefined) {
      res.writeHead(502).end();
      return;
    }
    place.sent += 1;
    const { method, headers } = req;
    const onward = request(place.url + (req.url ?? ''), { agent, method, headers }, (answer) => {
      const { connection: _, ...kept } = answer.headers;
      res.writeHead(answer.statusCode ?? 502, kept);
      answer.pipe(res);
      answer.on('error', () => res.destroy());
    });
    onward.on('error', () => {
      if (res.headersSent) res.destroy();
      else res.writeHead(502).end();
    });
    req.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const check = async (place: Place): Promise<void> => {
    const { url } = place;
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (place.url === url) place.ready = answer?.status === 200;
  };
  const checks = setInterval(() => {
    for (const place of places) void check(place);
  }, checkMs);

  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    replace(at, url) {
      places[at] = { url, ready: false, sent: places[at]?.sent ?? 0 };
    },
    async ready(count) {
      while (places.filter(({ ready }) => ready).length < count) await wait(20);
    },
    counts: () => places.map(({ sent }) => sent),
    stop() {
      clearInterval(checks);
      agent.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}
