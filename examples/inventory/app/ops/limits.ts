import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { AppContext } from '../context.ts';
import { problem } from '../core/problems.ts';
import { SharedCounts } from './shared-counts.ts';

const windowMs = 60_000;

/**
 * At most `RATE_LIMIT_MAX` requests a minute an address, over all copies of the process; 429 above it, with
 * `RateLimit`, `RateLimit-Policy` and `Retry-After`. Refused requests count too. Mounted after probes, metrics
 * and static files, which are exempt.
 */
export const limitRate = ({ config, db, log }: AppContext): RequestHandler => {
  const { rateLimitMax, trustProxy } = config;
  if (rateLimitMax === 0) {
    return (_req, _res, next) => {
      next();
    };
  }
  const limit = rateLimit({
    windowMs,
    limit: rateLimitMax,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: 'default',
    store: new SharedCounts(db, windowMs, log),
    // Its checks write to the console with each kind of request; the one that matters is below.
    validate: false,
    handler: (_req, _res, next) => {
      next(problem('too_many_requests'));
    },
  });
  let warned = trustProxy !== false;
  return (req, res, next) => {
    if (!warned && req.headers['x-forwarded-for'] !== undefined) {
      warned = true;
      log.warn(
        {},
        'Requests carry X-Forwarded-For: behind a proxy set TRUST_PROXY, or all clients share one limit',
      );
    }
    void limit(req, res, next);
  };
};
