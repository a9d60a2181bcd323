import { join } from 'node:path';
import express, { Router } from 'express';
import type { AppContext } from '../context.ts';
import { openapi } from '../core/openapi.ts';
import { described } from '../described.ts';
import { info } from '../info.ts';
import { opsOnly } from './headers.ts';

const files = join(import.meta.dirname, 'docs');

/** `/openapi.json`, made from the models, and `/docs`, the page that renders it. Nothing comes from another host. */
export const docs = ({ config, models }: AppContext): Router => {
  const document = JSON.stringify(openapi(models, info, described));
  return Router()
    .get('/openapi.json', (_req, res) => {
      res.set('Cache-Control', 'no-cache').type('application/json').send(document);
    })
    .use('/docs', opsOnly(config), express.static(files, { cacheControl: false, redirect: false }))
    .get('/docs', (_req, res) => {
      res.sendFile('index.html', { root: files, cacheControl: false });
    });
};
