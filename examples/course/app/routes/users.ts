import { Router } from 'express';
import { blueprint } from '../core/blueprint.ts';
import { requireObject } from '../core/body.ts';
import { users } from '../services/users.ts';

/** The users of the course, in the shapes that it prints. */
export const userRoutes = blueprint('/users', (context) => {
  const service = users(context);
  const app = Router();

  app.get('/', async (_req, res) => {
    res.json({ users: await service.list() });
  });

  app.post('/', async (req, res) => {
    const { _id, name } = await service.add(requireObject(req));
    res.status(201).location(`/api/users/${_id}`);
    res.json({ message: 'User created successfully', user_id: _id, name });
  });

  app.put('/:id', async (req, res) => {
    const user = await service.replace(req.params.id, requireObject(req));
    res.json({ message: 'User updated successfully', ...user });
  });

  app.delete('/:id', async (req, res) => {
    const { _id } = await service.remove(req.params.id);
    res.json({ message: 'User deleted successfully', user_id: _id });
  });

  return app;
});
