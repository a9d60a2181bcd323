import { Router } from 'express';
import { jsonBody, requireObject } from '../core/body.ts';
import { users } from '../services/users.ts';
import type { Site } from '../site.ts';
import { createViews } from '../views.ts';

/** A value when it is text: a parameter that is repeated is none, nor what an attacker puts into a body. */
const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** What the course answers outside /api: greetings, a body that comes back, and users by their first addresses. */
export const hello: Site = (context) => {
  const renderTemplate = createViews(context);
  const service = users(context);
  const app = Router();
  const json = jsonBody(context.config.limits);

  app.get('/user', (req, res) => {
    const { name, age } = req.query;
    res.send(renderTemplate('hello.html', { name: text(name) ?? 'Guest', age: text(age) }).trim());
  });

  app.get('/user/:id', async (req, res) => {
    res.json(await service.read(req.params.id));
  });

  app.post('/data', json, (req, res) => {
    const body = requireObject(req);
    const name = text(Reflect.get(body, 'name')) ?? 'Guest';
    const role = text(Reflect.get(body, 'role')) ?? null;
    res.json({ message: `Received data for ${name}`, role, status: 'success' });
  });

  app.post('/add', json, async (req, res) => {
    const { _id } = await service.add(requireObject(req));
    res.status(201).location(`/user/${_id}`);
    res.json({ message: 'Data added successfully', id: _id });
  });

  app.get('/users', async (_req, res) => {
    res.json({ users: await service.list() });
  });

  return { routes: app };
};
