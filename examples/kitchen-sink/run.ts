import express from 'express';
import { openContext } from './app/context.ts';
import { createApp } from './app/index.ts';
import { createHealth } from './app/ops/health.ts';
import { createMetrics, exposition } from './app/ops/metrics.ts';
import { addressOf, drainOnSignal, serve, start, type Stop } from './app/ops/process.ts';
import { reconnectWhenLost } from './app/ops/reconnect.ts';
import { workers } from './app/workers.ts';
import { configOrExit } from './config.ts';

const config = configOrExit();
const context = openContext(config);
const { log } = context;
const health = createHealth(context.db);
const metrics = createMetrics(context.client);
const app = createApp(context, health, metrics);
const running: Stop[] = [];

const onTaken = (port: number) => {
  log.warn({ port }, 'port is taken, trying the next one');
};

try {
  const server = await serve(
    app,
    config.host,
    config.port,
    config.env === 'development' ? onTaken : undefined,
  );
  const servers = [server];
  if (config.metricsPort !== undefined) {
    const own = express().disable('x-powered-by').get('/metrics', exposition(metrics));
    servers.push(await serve(own, config.host, config.metricsPort));
  }
  drainOnSignal(context, health, servers, running, (code) => process.exit(code));
  log.info({ url: addressOf(server), env: config.env }, 'listening');
  if (!config.debug && config.opsToken === undefined) {
    log.info({}, 'OPS_TOKEN is not set: /docs and /metrics are closed');
  }
  await start(context, health);
  if (health.started) {
    reconnectWhenLost(context, health);
    running.push(...workers.map((worker) => worker(context, { health, metrics })));
  }
} catch (err) {
  log.error({ err }, 'cannot start');
  process.exitCode = 1;
  await context.client.close();
}
