import { Router } from 'express';
import { errorPages, staticFiles } from '../pages.ts';
import type { Site } from '../site.ts';
import { createViews } from '../views.ts';

/** The pages of this project: a route here and a file in app/templates each. */
export const pages: Site = (context) => {
  const { config, models } = context;
  const renderTemplate = createViews(context);
  const app = Router();

  app.get('/', (_req, res) => {
    res.send(renderTemplate('index.html', { resources: models, debug: config.debug }));
  });

  return { assets: staticFiles(config), routes: app, errors: errorPages(context, renderTemplate) };
};
