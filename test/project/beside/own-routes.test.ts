import { expect, test } from 'vitest';
import { ownRoutes } from '../../../src/project/beside/own-routes.ts';

/** The routes of these files, as `path file:line`. */
const found = (texts: Readonly<Record<string, string>>) =>
  ownRoutes(new Map(Object.entries(texts))).map(
    ({ path, file, line }) => `${path} ${file}:${line}`,
  );

test('routers are followed through CommonJS, folders and calls', () => {
  const routes = found({
    'src/app.js': `const express = require('express');
const app = express();
app.use('/api', require('./routes'));
app.get('/books', (req, res) => res.render('books'));
`,
    'src/routes/index.js': `const { Router } = require('express');
const makeUsers = require('./users');
const router = Router();
router.use('/users', makeUsers());
module.exports = router;
`,
    'src/routes/users.js': `const express = require('express');
module.exports = () => {
  const users = express.Router();
  users.route('/:id').get(() => {}).delete(() => {});
  return users;
};
`,
  });
  expect(routes).toContain('/api/users src/routes/index.js:4');
  expect(routes).toContain('/api/users/:id src/routes/users.js:4');
  // A page of that name is not below /api, though something else is.
  expect(routes).toContain('/books src/app.js:4');
  expect(routes.filter((route) => route.startsWith('/api/books'))).toEqual([]);
});

test('ES modules in TypeScript import .js, and a class holds its application', () => {
  const routes = found({
    'src/server.ts': `import express, { Router } from 'express';
import { shop } from './shop.js';
export class Server {
  private readonly web = express();
  constructor() {
    this.web.use(express.json(), shop);
    this.web.use(\`/api/v1\`, Router().get('/orders', () => {}));
  }
}
`,
    'src/shop.ts': `import { Router } from 'express';
export const shop = Router();
shop.post('/api/carts', (_req: unknown, res: { end(): void }): void => res.end());
`,
  });
  expect(routes).toContain('/api/carts src/shop.ts:3');
  expect(routes.filter((route) => route.startsWith('/api/v1'))).toEqual([
    '/api/v1 src/server.ts:7',
  ]);
});

test('clients, settings and files of other languages are no routes', () => {
  expect(
    found({
      'tests/books.test.js': `const request = require('supertest');
const axios = require('axios');
await request(app).get('/api/books');
await axios.post('/api/books', {});
`,
      'app.js': `const app = require('express')();
app.get('env');
`,
      'broken.js': 'app.get("/api/books", (',
      'page.vue.js': '<template>app.get("/api/books")</template>',
    }),
  ).toEqual([]);
});

test('routers that mount each other end', () => {
  const routes = found({
    'a.js': `const router = require('express').Router();
router.use('/b', require('./b'));
module.exports = router;
`,
    'b.js': `const router = require('express').Router();
router.use('/a', require('./a'));
module.exports = router;
`,
    'app.js': `const app = require('express')();
app.use('/top', require('./a'));
`,
  });
  expect(routes).toEqual(['/top app.js:2', '/top/b a.js:2', '/top/b/a b.js:2']);
});
