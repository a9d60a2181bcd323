import { setTimeout as wait } from 'node:timers/promises';
import type { AppContext } from '../context.ts';
import { drift, syncDatabase } from '../core/sync.ts';
import type { Health } from './health.ts';

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
