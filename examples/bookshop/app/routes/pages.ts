import { join } from 'node:path';
import express, { type ErrorRequestHandler, Router } from 'express';
import { locals } from '../core/context.ts';
import { toProblem } from '../core/errors.ts';
import type { Site } from '../site.ts';
import { createViews } from '../views.ts';

const staticFiles = join(import.meta.dirname, '../static');

/** The pages of this project: a route here and a file in app/templates each. */
export const pages: Site = (context) => {
  const { config, log, models } = context;
  const renderTemplate = createViews(context);

  const assets = Router().use(
    '/static',
    express.static(staticFiles, { maxAge: config.debug ? 0 : '1h', redirect: false }),
  );

  const routes = Router().get('/', (_req, res) => {
    res.send(renderTemplate('index.html', { resources: models, debug: config.debug }));
  });

  /** 404.html and 500.html for people; the problem document for programs, and under /api for everyone. */
  const errors: ErrorRequestHandler = (error: unknown, req, res, next) => {
    const { status } = toProblem(error);
    const page = status === 404 ? '404.html' : status >= 500 ? '500.html' : undefined;
    const forPeople = !/^\/api(\/|$)/.test(req.path) && req.accepts(['json', 'html']) === 'html';
    if (page === undefined || !forPeople || res.headersSent) {
      next(error);
      return;
    }
    const { requestId } = locals(res);
    if (status >= 500) log.error({ err: error, requestId }, 'request failed');
    res.status(status).set('Cache-Control', 'no-store').vary('Accept');
    res.send(renderTemplate(page, { requestId }));
  };

  return { assets, routes, errors };
};
