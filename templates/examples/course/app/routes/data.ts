import { Router } from 'express';
import { blueprint } from '../core/blueprint.ts';

/** The first endpoint of the course. */
export const dataRoutes = blueprint('/data', () =>
  Router().get('/', (_req, res) => {
    res.json({ message: 'API Endpoint' });
  }),
);
