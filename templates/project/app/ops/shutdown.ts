import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { AppContext } from '../context.ts';
import type { Health } from './health.ts';

/** Requests that are being answered get this long to end. */
const finishMs = 10_000;

/**
 * Ends the process so that no request is lost. `/readyz` says 503 at once; for `drainSeconds` everything is still
 * answered, until the load balancer has seen it; then no connection is taken any more, requests in flight end,
 * the database is closed. A second signal, or an error nobody handled after the first, ends it there and then.
 *
 * @param exit called with the exit code: 0 after a signal, 1 after an unforeseen error
 */
export const drainOnSignal = (
  { config, client, log }: AppContext,
  health: Health,
  servers: readonly Server[],
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
