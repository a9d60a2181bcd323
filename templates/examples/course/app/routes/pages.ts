import { Router } from 'express';
import { errorPages, staticFiles } from '../pages.ts';
import type { Site } from '../site.ts';
import { createViews } from '../views.ts';

const profile = {
  name: 'Priyanshu',
  role: 'DevOps',
  skills: ['Flask', 'MongoDB', 'Docker', 'Kubernetes', 'CI/CD'],
};

/** The pages of this project: a route here and a file in app/templates each. */
export const pages: Site = (context) => {
  const { config, models } = context;
  const renderTemplate = createViews(context);
  const app = Router();

  app.get('/', (_req, res) => {
    res.send(renderTemplate('index.html', { resources: models, debug: config.debug }));
  });

  app.get('/about', (_req, res) => {
    res.send(renderTemplate('about.html', { title: 'About' }));
  });

  app.get('/contact', (_req, res) => {
    res.send(renderTemplate('contact.html', { title: 'Contact' }));
  });

  app.get('/profile', (_req, res) => {
    res.send(renderTemplate('profile.html', { title: 'Profile', ...profile }));
  });

  return { assets: staticFiles(config), routes: app, errors: errorPages(context, renderTemplate) };
};
