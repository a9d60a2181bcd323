// The life of the process: listening, becoming ready, draining.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { AppContext } from '../context.ts';
import { drift, syncDatabase } from '../core/sync.ts';
import type { Health } from './health.ts';
import type { Metrics } from './metrics.ts';

/** How the process is doing: for what shows it, and for what acts on it. */
export interface Watch {
  readonly health: Health;
  readonly metrics: Metrics;
}

/** Stops a worker: resolves when it has let go of the database. */
export type Stop = () => Promise<void>;

/** Work beside the requests; listed in workers.ts, started when the process is ready. */
export type Worker = (context: AppContext, watch: Watch) => Stop;

/**
 * Limits of the socket side. A client gets 10 s for its headers and 30 s for all of its request, looked after every
 * 2 s (408); 16 kB of headers (431). Idle connections are kept longer than a load balancer keeps them (60 s), so
 * that it is never us who closes one that is about to be used.
 */
const options = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16_384,
};

const isTaken = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/**
 * Listens on `port` (0 = any).
 *
 * @param onTaken in development: told that a port is taken, before the next one is tried
 * @throws the error of `listen`, for a taken port too when `onTaken` is not given
 */
export const serve = async (
  listener: RequestListener,
  host: string,
  port: number,
  onTaken?: (port: number) => void,
): Promise<Server> => {
  const server = createServer(options, listener);
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (onTaken === undefined || !isTaken(error) || port === 65_535) throw error;
    onTaken(port);
    return serve(listener, host, port + 1, onTaken);
  }
};

/** Where a server listens, as people type it. */
export const addressOf = (server: Server): string => {
  const { address, port, family } = server.address() as AddressInfo;
  const anyAddress = address === '0.0.0.0' || address === '::';
  const host = anyAddress ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${String(port)}`;
};

const retryMs = 1_000;

/**
 * What has to be done before the process is ready, tried again each second until the database is there. In
 * development and tests the database is brought in line with the models; in production, where that is
 * `db:sync`'s business, differences are only logged.
 */
export const start = async (context: AppContext, health: Health): Promise<void> => {
  const { client, config, log } = context;
  let reported = '';
  while (!health.draining && !health.started) {
    try {
      // A first connection that failed is not tried again by the driver itself; later ones are.
      await client.connect();
      const differences = config.debug ? await syncDatabase(context) : await drift(context);
      for (const difference of differences) log.warn(difference, 'database and models differ');
      health.started = true;
      log.info({}, 'ready');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== reported) log.warn({ reason }, 'not ready, trying again: no usable database');
      reported = reason;
      await wait(retryMs);
    }
  }
};

/** Requests that are being answered get this long to end. */
const finishMs = 10_000;

/**
 * Ends the process so that no request is lost. `/readyz` says 503 at once; for `drainSeconds` everything is still
 * answered, until the load balancer has seen it; then no connection is taken any more, requests in flight end,
 * workers stop, the database is closed. A second signal, or an error nobody handled after the first, ends it there and then.
 *
 * @param running how to stop what was started beside the requests by then
 * @param exit called with the exit code: 0 after a signal, 1 after an unforeseen error
 */
export const drainOnSignal = (
  { config, client, log }: AppContext,
  health: Health,
  servers: readonly Server[],
  running: readonly Stop[],
  exit: (code: number) => void,
): void => {
  const drain = async (code: number) => {
    await wait(config.drainSeconds * 1_000);
    const deadline = setTimeout(() => {
      for (const server of servers) server.closeAllConnections();
    }, finishMs);
    // A connection whose last answer went out after close() was called would be kept open for a next request.
    const sweep = setInterval(() => {
      for (const server of servers) server.closeIdleConnections();
    }, 100);
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    clearTimeout(deadline);
    clearInterval(sweep);
    await Promise.all(running.map((stopWorker) => stopWorker()));
    await client.close();
    log.info({}, 'stopped');
    exit(code);
  };

  const stop = (reason: string, code: number) => {
    if (health.draining) {
      log.warn({ reason }, 'stopping at once');
      exit(1);
      return;
    }
    health.draining = true;
    log.info({ reason, drainSeconds: config.drainSeconds }, 'stopping');
    drain(code).catch((err: unknown) => {
      log.error({ err }, 'stopping failed');
      exit(1);
    });
  };

  const crash = (err: unknown) => {
    // The state of the process is unknown: answer what is in flight, then end; never go on.
    log.error({ err }, 'unforeseen error');
    stop('unforeseen error', 1);
  };

  process.on('SIGTERM', () => {
    stop('SIGTERM', 0);
  });
  process.on('SIGINT', () => {
    stop('SIGINT', 0);
  });
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
};
