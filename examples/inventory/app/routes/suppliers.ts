import { Router } from 'express';
import { blueprint } from '../core/blueprint.ts';
import { create, list, patch, read, remove, replace } from '../core/handlers.ts';
import { suppliers } from '../services/suppliers.ts';

export const supplierRoutes = blueprint('/suppliers', (context) => {
  const service = suppliers(context);
  return Router()
    .get('/', list(service))
    .post('/', create(service))
    .get('/:id', read(service))
    .put('/:id', replace(service))
    .patch('/:id', patch(service))
    .delete('/:id', remove(service));
});
