/** The application under test: in this process with a database of its own, or the deployment that BASE_URL names. */
import { afterAll, beforeAll } from 'vitest';
import { openContext, type AppContext } from '../../app/context.ts';
import { syncDatabase } from '../../app/core/sync.ts';
import { createApp } from '../../app/index.ts';
import { createHealth } from '../../app/ops/health.ts';
import { createLogger } from '../../app/ops/log.ts';
import { createMetrics } from '../../app/ops/metrics.ts';
import { addressOf, serve, type Watch } from '../../app/ops/process.ts';
import { loadConfig } from '../../config.ts';
import { startDatabase } from '../../dev/database.ts';
import { client, type Client } from './client.ts';
import { secrets } from './secrets.ts';

export interface Running {
  readonly api: Client;
  readonly context: AppContext;
  /** What workers are given; a test that needs one starts it. */
  readonly watch: Watch;
  /** The JSON log lines so far, oldest first; `LOG_LEVEL` in `env` decides which there are. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts the application on a free port, on an empty database that is dropped by `stop()`. The server is embedded in
 * this process unless MONGODB_URI names another one.
 *
 * @param env environment variables that differ from those of an ordinary test run
 */
export async function startApp(env: Record<string, string> = {}): Promise<Running> {
  const database = await startDatabase({ uri: process.env['MONGODB_URI'] });
  const running = await serveApp({ MONGODB_URI: database.uri, ...env });
  return {
    ...running,
    async stop() {
      await running.stop();
      await database.stop();
    },
  };
}

/** The application on a database that somebody else looks after; it starts whether or not one answers there. */
export async function serveApp(env: Record<string, string>): Promise<Running> {
  const config = loadConfig({ NODE_ENV: 'test', ...secrets, ...env });
  const log: string[] = [];
  const sink = { write: (line: string) => log.push(line) };
  // Some tests look at the commands that are sent.
  const context = openContext(config, createLogger(config, [], sink), { monitorCommands: true });
  const health = createHealth(context.db);
  const metrics = createMetrics(context.client);
  const server = await serve(createApp(context, health, metrics), '127.0.0.1', 0);
  if (await health.database()) {
    await syncDatabase(context);
    health.started = true;
  }
  return {
    api: client(addressOf(server)),
    context,
    watch: { health, metrics },
    log,
    async stop() {
      health.draining = true;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await context.client.close();
    },
  };
}

/** Call at the top of a test file or inside `describe`: starts the application before its tests, stops it after them. */
export function useApp(env: Record<string, string> = {}): Omit<Running, 'stop'> {
  let running: Running | undefined;
  beforeAll(async () => {
    running = await startApp(env);
  });
  afterAll(() => running?.stop());
  const ready = () => running ?? fail();
  return {
    get api() {
      return ready().api;
    },
    get context() {
      return ready().context;
    },
    get watch() {
      return ready().watch;
    },
    get log() {
      return ready().log;
    },
  };
}

/** Like `useApp`, for tests that only speak HTTP: with BASE_URL they run against that deployment. */
export function useApi(): { readonly api: Client; readonly firstSample: number } {
  const url = process.env['DEPLOYMENT_URL'] ?? '';
  if (url === '') {
    const app = useApp();
    return {
      get api() {
        return app.api;
      },
      firstSample: 0,
    };
  }
  // Documents of others live there: begin with samples that nobody has used yet.
  const api = client(url.replace(/\/+$/, ''));
  return { api, firstSample: Math.floor(Date.now() / 100) % 1e9 };
}

function fail(): never {
  throw new Error('The application runs only while tests do: use it inside it() or a hook.');
}
