import { createHash, timingSafeEqual } from 'node:crypto';
import cors from 'cors';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Config } from '../../config.ts';
import type { CoreConfig } from '../core/context.ts';
import { problem } from '../core/problems.ts';

/** The security headers of every answer, errors included. */
export const securityHeaders = (config: Config): RequestHandler => {
  const tls = config.publicUrl?.startsWith('https:') === true;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        // Over plain http (a LAN address, a container) this directive would break every page.
        upgradeInsecureRequests: tls ? [] : null,
      },
    },
    strictTransportSecurity: tls,
  });
};

/** A page says what is so now: a copy is asked for again before it is shown, unless the page allows less or more. */
export const revalidated: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-cache');
  next();
};

/** Lets the listed origins, and no other, read the API from a browser. Without CORS_ORIGINS: nobody. */
export const crossOrigin = (config: Config): RequestHandler =>
  config.corsOrigins.length === 0
    ? (_req, _res, next) => {
        next();
      }
    : cors({
        origin: [...config.corsOrigins],
        methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'QUERY'],
        allowedHeaders: [
          'Authorization',
          'Content-Type',
          'Idempotency-Key',
          'If-Match',
          'If-Modified-Since',
          'If-None-Match',
          'Prefer',
          'X-Request-Id',
          'traceparent',
          'tracestate',
        ],
        exposedHeaders: [
          'ETag',
          'Idempotency-Replayed',
          'Link',
          'Location',
          'Preference-Applied',
          'RateLimit',
          'RateLimit-Policy',
          'Retry-After',
          'X-Request-Id',
          'X-Total-Count',
        ],
        maxAge: 600,
        // The API answers OPTIONS itself: its Allow header is for everyone.
        preflightContinue: true,
      });

const digest = (text: string) => createHash('sha256').update(text).digest();

const isLoopback = (address = '') => /^(::ffff:)?127\.|^::1$/.test(address);

/**
 * For what shows the inside of the process (metrics, documentation): in production 404 without
 * `Authorization: Bearer <OPS_TOKEN>`, closed altogether when there is no token; elsewhere open to this machine.
 */
export const opsOnly = ({
  debug,
  opsToken,
}: Pick<CoreConfig, 'debug' | 'opsToken'>): RequestHandler => {
  const expected = opsToken === undefined ? undefined : digest(`Bearer ${opsToken}`);
  return (req, res, next) => {
    res.set('Cache-Control', 'private, no-store');
    const authorized =
      expected !== undefined && timingSafeEqual(digest(req.get('Authorization') ?? ''), expected);
    if (authorized || (debug && isLoopback(req.socket.remoteAddress))) next();
    else next(problem('not_found'));
  };
};
