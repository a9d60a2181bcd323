// What stands around the pages: the files of app/static, and the pages for what went wrong.
import { join } from 'node:path';
import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import type { Config } from '../config.ts';
import type { AppContext } from './context.ts';
import { locals } from './core/context.ts';
import { isFailure, toProblem } from './core/errors.ts';
import type { RenderTemplate } from './views.ts';

const folder = join(import.meta.dirname, 'static');

/** The files of app/static, at /static. */
export const staticFiles = ({ debug }: Config): RequestHandler =>
  Router().use('/static', express.static(folder, { maxAge: debug ? 0 : '1h', redirect: false }));

/** 404.html and 500.html for people; the problem document for programs, and under /api for everyone. */
export const errorPages = (
  { log }: AppContext,
  renderTemplate: RenderTemplate,
): ErrorRequestHandler => {
  return (error: unknown, req, res, next) => {
    const found = toProblem(error);
    const { status, code, headers } = found;
    const page = status === 404 ? '404.html' : status >= 500 ? '500.html' : undefined;
    const forPeople = !/^\/api(\/|$)/.test(req.path) && req.accepts(['json', 'html']) === 'html';
    if (page === undefined || !forPeople || res.headersSent) {
      next(error);
      return;
    }
    const carried = locals(res);
    const { requestId } = carried;
    carried.code = code;
    if (isFailure(found)) log.error({ err: error, requestId }, 'request failed');
    res
      .status(status)
      .set({ ...headers, 'Cache-Control': 'no-store' })
      .vary('Accept');
    res.send(renderTemplate(page, { requestId }));
  };
};
