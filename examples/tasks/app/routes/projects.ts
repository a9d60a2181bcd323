import { Router } from 'express';
import { blueprint } from '../core/blueprint.ts';
import { create, list, patch, read, remove, replace } from '../core/handlers.ts';
import { projects } from '../services/projects.ts';

export const projectRoutes = blueprint('/projects', (context) => {
  const service = projects(context);
  return Router()
    .get('/', list(service))
    .post('/', create(service))
    .get('/:id', read(service))
    .put('/:id', replace(service))
    .patch('/:id', patch(service))
    .delete('/:id', remove(service));
});
