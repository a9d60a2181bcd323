import cors from 'cors';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Config } from '../../config.ts';

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
