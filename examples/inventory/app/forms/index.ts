// The pages of the resources under /forms: lists, documents, and forms to make, change and delete them.
import express, { Router } from 'express';
import { locals, type Context } from '../core/context.ts';
import { toProblem } from '../core/errors.ts';
import type { Service } from '../core/service.ts';
import type { Site } from '../site.ts';
import { changePages } from './changes.ts';
import { readPages } from './reads.ts';
import { base, createSite, resourceOf } from './site.ts';

const strict = { strict: true, caseSensitive: true };

/** As many inputs as a form may have. */
const parameterLimit = 2_000;

/** The pages of these services; those of a resource lie at its path. They work without scripts. */
export const formPages =
  (factories: readonly ((context: Context) => Service)[]): Site =>
  (context) => {
    const services = factories.map((make) => make(context));
    const site = createSite(context, services);
    const limit = context.config.limits.body;

    const app = Router(strict);
    app.use(express.urlencoded({ extended: false, limit, parameterLimit }), site.csrf.check);
    app.get('/', (req, res) => {
      site.send(req, res, 'index', undefined, {
        resources: services.map(({ model }) => resourceOf(model)),
      });
    });
    // /new is no document: what changes comes before what reads.
    for (const service of services) {
      app.use(service.model.path, changePages(site, service), readPages(site, service));
    }

    return {
      routes: Router(strict).use(base, app),
      errors: (error: unknown, req, res, next) => {
        const { status, code, title, message } = toProblem(error);
        const isOurs = req.path === base || req.path.startsWith(`${base}/`);
        if (!isOurs || status >= 500 || res.headersSent) next(error);
        else {
          locals(res).code = code;
          res.status(status);
          site.send(req, res, 'error', undefined, { problem: { title, detail: message } });
        }
      },
    };
  };
