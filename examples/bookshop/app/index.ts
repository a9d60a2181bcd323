import express, { type Express } from 'express';
import type { AppContext } from './context.ts';
import { api } from './core/api.ts';
import { notFound, problemHandler, problemPages } from './core/errors.ts';
import { diagnoseQueries } from './ops/diagnostics.ts';
import { docs } from './ops/docs.ts';
import { crossOrigin, opsOnly, revalidated, securityHeaders } from './ops/headers.ts';
import { createHealth, probes } from './ops/health.ts';
import { limitRate } from './ops/limits.ts';
import { createMetrics, exposition } from './ops/metrics.ts';
import { refuseOverload } from './ops/overload.ts';
import { observeRequests } from './ops/requests.ts';
import { blueprints, sites } from './routes/index.ts';

/**
 * The application factory. What stands first sees a request first: watching over all requests, the API, what is
 * exempt from the rate limit, the pages, and at last what is left over.
 */
export const createApp = (
  context: AppContext,
  health = createHealth(context.db),
  metrics = createMetrics(context.client),
): Express => {
  const { config } = context;
  const refuse = refuseOverload(context, metrics);
  const limit = limitRate(context);
  const mounted = sites.map((site) => site(context, { health, metrics }));
  const app = express();
  app.disable('x-powered-by').enable('case sensitive routing').enable('strict routing');
  app.set('trust proxy', config.trustProxy);

  app.use(observeRequests(context, metrics, health));
  if (config.debug) app.use(diagnoseQueries(context));
  app.use(securityHeaders(config));
  app.use('/api', crossOrigin(config), refuse, limit, api(context, blueprints));

  app.use(probes(health));
  if (config.metricsPort === undefined) app.get('/metrics', opsOnly(config), exposition(metrics));
  app.use(docs(context));
  for (const { assets } of mounted) if (assets) app.use(assets);

  app.use(refuse, limit, revalidated);
  app.use(problemPages);
  for (const { routes } of mounted) app.use(routes);

  app.use(notFound);
  for (const { errors } of mounted) if (errors) app.use(errors);
  app.use(problemHandler(context));
  return app;
};
