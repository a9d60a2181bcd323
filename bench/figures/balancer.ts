/** A load balancer as small as one can be: kept connections, readiness asked every 200 ms, nothing tried twice. */
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const checkMs = 200;

interface Upstream {
  readonly url: string;
  readonly agent: Agent;
  ready: boolean;
}

export interface Balancer {
  readonly url: string;
  /** The instances to choose from; one that is new gets requests once it says that it is ready. */
  serve(urls: readonly string[]): void;
  isReady(url: string): boolean;
  stop(): void;
}

const check = async (upstream: Upstream): Promise<void> => {
  const answer = await fetch(`${upstream.url}/readyz`).catch(() => undefined);
  await answer?.arrayBuffer();
  upstream.ready = answer?.status === 200;
};

const pass = (upstream: Upstream, req: IncomingMessage, res: ServerResponse): void => {
  const { connection: _, ...headers } = req.headers;
  const onward = request(
    upstream.url + (req.url ?? '/'),
    { method: req.method ?? 'GET', headers, agent: upstream.agent },
    (answer) => {
      res.writeHead(answer.statusCode ?? 502);
      answer.pipe(res);
    },
  );
  onward.on('error', () => {
    if (res.headersSent) res.destroy();
    else res.writeHead(502).end();
  });
  req.pipe(onward);
};

export async function startBalancer(): Promise<Balancer> {
  let upstreams: Upstream[] = [];
  let turn = 0;
  const server = createServer((req, res) => {
    const ready = upstreams.filter((upstream) => upstream.ready);
    turn += 1;
    const upstream = ready[turn % ready.length];
    if (upstream === undefined) res.writeHead(502).end();
    else pass(upstream, req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const timer = setInterval(() => {
    for (const upstream of upstreams) void check(upstream);
  }, checkMs);

  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    serve(urls) {
      upstreams = urls.map(
        (url) =>
          upstreams.find((known) => known.url === url) ?? {
            url,
            agent: new Agent({ keepAlive: true }),
            ready: false,
          },
      );
    },
    isReady: (url) => upstreams.some((upstream) => upstream.url === url && upstream.ready),
    stop() {
      clearInterval(timer);
      for (const { agent } of upstreams) agent.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}
