import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { projectAt, type Project } from './project.ts';
import { packageRoot, scratch } from './tool.ts';

const packages = { express: '^5.1.0' };
const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

/** The shape of what express-generator writes: CommonJS, Express 4, bin/www, views; the engine is a few lines of its own. */
const generator = {
  'package.json': json({
    name: 'my-app',
    version: '0.0.0',
    private: true,
    scripts: { start: 'node ./bin/www' },
    dependencies: { 'cookie-parser': '~1.4.4', express: '~4.16.1', jade: '~1.11.0' },
  }),
  'app.js': `var express = require('express');
var path = require('path');

var indexRouter = require('./routes/index');

var app = express();

// view engine setup
app.engine('html', require('./engine'));
app.set('views', path.join(__dirname, 'views'));
app.set('view engine', 'html');

app.use(express.json());
app.use(express.urlencoded({ extended: false }));
app.use(express.static(path.join(__dirname, 'public')));

app.use('/', indexRouter);

// error handler
app.use(function (err, req, res, next) {
  res.status(err.status || 500);
  res.render('error', { title: err.message });
});

module.exports = app;
`,
  'bin/www': `#!/usr/bin/env node
var app = require('../app');
var http = require('http');
var server = http.createServer(app);
server.listen(process.env.PORT || '3000', '127.0.0.1', function () {
  console.log('listening ' + server.address().port);
});
`,
  'routes/index.js': `var express = require('express');
var router = express.Router();

/* GET home page. */
router.get('/', function (req, res, next) {
  res.render('index', { title: 'home of the old application' });
});

router.post('/echo', function (req, res) {
  res.send(req.body);
});

router.get('/broken', function () {
  throw new Error('as before');
});

module.exports = router;
`,
  'engine.js': `var fs = require('fs');

module.exports = function (file, options, callback) {
  fs.readFile(file, 'utf8', function (err, text) {
    callback(err, text && text.trim().replace('TITLE', options.title));
  });
};
`,
  'views/index.html': 'TITLE\n',
  'views/error.html': 'error page: TITLE\n',
};

/** A small project in JavaScript with ES modules. */
const minimal = {
  'package.json': json({
    name: 'minimal',
    type: 'module',
    main: 'index.js',
    dependencies: packages,
  }),
  'index.js': `import express from 'express';

const server = express();

server.get('/', (req, res) => res.send('home of the old application'));

const listener = server.listen(process.env.PORT, '127.0.0.1', () => {
  console.log('listening ' + listener.address().port);
});
`,
};

/** A starter in TypeScript. */
const typed = {
  'package.json': json({
    name: 'starter',
    type: 'module',
    scripts: { dev: 'tsx watch src/server.ts', build: 'tsc' },
    dependencies: { ...packages, mongodb: '^7.0.0', zod: '^4.0.0' },
  }),
  'tsconfig.json': json({
    compilerOptions: {
      target: 'ES2023',
      module: 'NodeNext',
      rootDir: 'src',
      outDir: 'dist',
      strict: true,
      skipLibCheck: true,
      types: ['node'],
    },
    include: ['src'],
  }),
  'src/app.ts': `import express from 'express';

export const app = express();

app.get('/', (_req, res) => {
  res.send('home');
});
`,
  'src/server.ts': `import { app } from './app.js';

app.listen(3000);
`,
};

/** CommonJS below src/ with controllers; the application is made in a function, and app/ is somebody's already. */
const controllers = {
  'package.json': json({
    name: 'Shop Backend',
    main: 'src/index.js',
    dependencies: { ...packages, mongodb: '^7.0.0' },
  }),
  'src/index.js': `const createApp = require('./app');

const listener = createApp().listen(process.env.PORT, '127.0.0.1', () => {
  console.log('listening ' + listener.address().port);
});
`,
  'src/app.js': `const express = require('express');
const { userRoutes } = require('./routes');

module.exports = function createApp() {
  const app = express();
  app.use(express.json());
  app.get('/', (req, res) => res.send('home of the old application'));
  app.use('/api/v1', userRoutes());
  return app;
};
`,
  'src/routes/index.js': `const { Router } = require('express');
const users = require('../controllers/user.controller');

exports.userRoutes = () => {
  const router = Router();
  router.route('/users').get(users.list).post(users.create);
  return router;
};
`,
  'src/controllers/user.controller.js': `const { Users } = require('../app/users');

const users = new Users();

exports.list = (req, res) => res.json(users.all());
exports.create = (req, res) => res.status(201).json(users.add(req.body));
`,
  'src/app/users.js': `exports.Users = class {
  #all = [];
  all() {
    return this.#all;
  }
  add(user) {
    this.#all.push(user);
    return user;
  }
};
`,
};

/** TypeScript with ES modules, a router under /api and an error handler of its own. */
const prefixed = {
  'package.json': json({
    name: 'prefixed',
    type: 'module',
    main: 'dist/server.js',
    scripts: { dev: 'tsx watch src/server.ts', build: 'tsc' },
    dependencies: { ...packages, mongodb: '^7.0.0', zod: '^4.0.0' },
  }),
  'tsconfig.json': typed['tsconfig.json'],
  'src/server.ts': `import express from 'express';
import { errorHandler } from './middleware/errors.js';
import { apiRouter } from './routes/index.js';

class Server {
  readonly app: express.Express;

  constructor() {
    this.app = express();
    this.app.use(express.json());
    this.app.get('/', (_req, res) => {
      res.send('home of the old application');
    });
    this.app.use('/api', apiRouter);
    this.app.use(errorHandler);
  }
}

const listener = new Server().app.listen(Number(process.env['PORT']), '127.0.0.1', () => {
  const address = listener.address();
  if (address !== null && typeof address !== 'string') console.log(\`listening \${address.port}\`);
});
`,
  'src/routes/index.ts': `import { Router } from 'express';
import { userRouter } from './users.js';

export const apiRouter = Router();

apiRouter.use('/users', userRouter);
apiRouter.use((_req, _res, next) => {
  next(new Error('nothing of that name'));
});
`,
  'src/routes/users.ts': `import { Router } from 'express';

export const userRouter = Router();

userRouter.get('/', (_req, res) => {
  res.json([]);
});

userRouter.post('/', (req, res) => {
  res.status(201).json(req.body);
});
`,
  'src/middleware/errors.ts': `import type { ErrorRequestHandler } from 'express';

export const errorHandler: ErrorRequestHandler = (err: Error, _req, res, _next) => {
  res.status(418).json({ said: err.message });
};
`,
};

export const starters = { generator, minimal, typed, controllers, prefixed };

export type StarterName = keyof typeof starters;

/** A starter on disk, without packages. */
export function starter(name: StarterName): Project {
  const project = projectAt(scratch());
  for (const [path, text] of Object.entries(starters[name])) project.write(path, text);
  return project;
}

/** Gives a project the packages of this repository. */
export function linkPackages({ root }: Project): void {
  symlinkSync(join(packageRoot, 'node_modules'), join(root, 'node_modules'));
}

/** Gives a project Express 4 and what the layout imports. */
export function linkExpress4({ root }: Project): void {
  const folder = join(root, 'node_modules');
  mkdirSync(folder);
  const links = { express: 'express4', mongodb: 'mongodb', zod: 'zod' };
  for (const [name, target] of Object.entries(links))
    symlinkSync(join(packageRoot, 'node_modules', target), join(folder, name));
}
