import { join } from 'node:path';
import express, { Router, type Request, type RequestHandler } from 'express';
import { locals } from '../core/context.ts';
import { problem } from '../core/problems.ts';
import { createLive } from '../dashboard/live.ts';
import { createSessions } from '../dashboard/session.ts';
import { opsOnly } from '../ops/headers.ts';
import type { Site } from '../site.ts';

const root = join(import.meta.dirname, '../dashboard/page');

/** The form may be sent from this site alone; old browsers, which do not say where from, may too. */
const sameOriginOnly: RequestHandler = (req, _res, next) => {
  const from = req.get('Sec-Fetch-Site') ?? 'same-origin';
  next(from === 'same-origin' || from === 'none' ? undefined : problem('forbidden'));
};

/**
 * The page with live numbers: see rules.ts for what it warns of. In production it is closed, 404, but for
 * `Authorization: Bearer <OPS_TOKEN>` and for a browser in whose form the token was typed.
 */
export const dashboard: Site = (context, watch) => {
  const { config } = context;
  const sessions = createSessions(config);
  const live = createLive(context, watch);
  const opsAlone = opsOnly(config);

  const page = Router({ strict: true })
    .get('/dashboard', (_req, res) => {
      res.sendFile('index.html', { root, cacheControl: false });
    })
    .get('/dashboard/events', (req, res) => {
      res.locals.quiet = true;
      locals(res).streams?.();
      live(res, sessions.isOpen(req));
    })
    .use(
      '/dashboard',
      express.static(root, { cacheControl: false, index: false, redirect: false }),
    );

  /** For those who may look: before the rate limit, so that a page that is watched stays. */
  const assets: RequestHandler = (req, res, next) => {
    if (!/^\/dashboard(?:\/|$)/.test(req.path)) {
      next();
      return;
    }
    res.set('Cache-Control', 'private, no-store');
    // Without leave it goes on to the form below.
    const enter = (refused?: unknown) => (refused === undefined ? page(req, res, next) : next());
    if (sessions.isOpen(req)) enter();
    else void opsAlone(req, res, enter);
  };

  const wantsForm = (req: Request) =>
    config.opsToken !== undefined && req.accepts(['json', 'html']) === 'html';

  const routes = Router({ strict: true })
    .get('/dashboard', (req, res, next) => {
      if (!wantsForm(req)) {
        next();
        return;
      }
      res.status(404).sendFile('sign-in.html', { root, cacheControl: false });
    })
    .get('/dashboard/dashboard.css', (_req, res, next) => {
      if (config.opsToken === undefined) next();
      else res.sendFile('dashboard.css', { root, cacheControl: false });
    })
    .post(
      '/dashboard',
      sameOriginOnly,
      express.urlencoded({ extended: false, limit: '2kb' }),
      (req, res, next) => {
        const { token } = (req.body ?? {}) as { token?: unknown };
        if (config.opsToken === undefined) {
          next();
          return;
        }
        const right = sessions.isToken(token);
        if (right) sessions.open(req, res);
        res.redirect(303, right ? 'dashboard' : 'dashboard#wrong');
      },
    )
    .post('/dashboard/leave', sameOriginOnly, (req, res) => {
      sessions.close(req, res);
      res.redirect(303, '../dashboard');
    });

  return { assets, routes };
};
