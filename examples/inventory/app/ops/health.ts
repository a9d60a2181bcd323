import type { Db } from 'mongodb';
import { Router } from 'express';

/** A ping's result is kept this long, so that probes cannot load the database. */
const cacheMs = 1_000;
const pingMs = 2_000;

const timeLimit = (ms: number) =>
  new Promise<never>((_resolve, reject) => {
    setTimeout(reject, ms, new Error('The database did not answer the ping')).unref();
  });

/** Whether this process can answer requests: it has started, is not shutting down, and its database answers. */
export const createHealth = (db: Db) => {
  let pinged: Promise<boolean> | undefined;
  let pingedAt = -Infinity;

  const ping = () =>
    Promise.race([db.command({ ping: 1 }), timeLimit(pingMs)]).then(
      () => true,
      () => false,
    );

  return {
    started: false,
    draining: false,
    /** Asks the database, at most once a second however many ask. */
    database(): Promise<boolean> {
      if (pinged === undefined || performance.now() - pingedAt > cacheMs) {
        pingedAt = performance.now();
        pinged = ping();
      }
      return pinged;
    },
  };
};

export type Health = ReturnType<typeof createHealth>;

/**
 * The probes. `/livez` does no I/O: a process is not restarted because its database is away. `/readyz` decides
 * whether traffic is sent here, `/startupz` whether the start is over, `/health` is the summary for people.
 */
export const probes = (health: Health): Router => {
  const checks = async () => ({
    startup: health.started,
    shutdown: !health.draining,
    database: await health.database(),
  });

  return Router()
    .use(['/livez', '/readyz', '/startupz', '/health'], (_req, res, next) => {
      res.locals.quiet = true;
      res.set('Cache-Control', 'no-store');
      next();
    })
    .get('/livez', (_req, res) => {
      res.json({ status: 'ok' });
    })
    .get('/startupz', (_req, res) => {
      res.status(health.started ? 200 : 503).json({ status: health.started ? 'ok' : 'starting' });
    })
    .get('/readyz', async (req, res) => {
      const results = await checks();
      const ready = Object.values(results).every(Boolean);
      const status = ready ? 'ok' : 'unavailable';
      res
        .status(ready ? 200 : 503)
        .json(req.query.verbose === undefined ? { status } : { status, checks: results });
    })
    .get('/health', async (_req, res) => {
      const results = await checks();
      const ready = Object.values(results).every(Boolean);
      res.status(ready ? 200 : 503).json({
        status: ready ? 'ok' : 'unavailable',
        checks: results,
        uptimeSeconds: Math.floor(process.uptime()),
      });
    });
};
