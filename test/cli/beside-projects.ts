import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { projectAt, type Project } from './project.ts';
import { packageRoot, scratch } from './tool.ts';

const packages = { express: '^5.1.0' };
const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

/** What express-generator writes, but for its static files. */
const generator = {
  'package.json': json({
    name: 'my-app',
    version: '0.0.0',
    private: true,
    scripts: { start: 'node ./bin/www' },
    dependencies: { debug: '~2.6.9', express: '~4.16.1', jade: '~1.11.0' },
  }),
  'app.js': `var express = require('express');
var path = require('path');

var indexRouter = require('./routes/index');

var app = express();

// view engine setup
app.set('views', path.join(__dirname, 'views'));
app.set('view engine', 'jade');

app.use(express.json());
app.use(express.urlencoded({ extended: false }));
app.use(express.static(path.join(__dirname, 'public')));

app.use('/', indexRouter);

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
  res.send('home of the old application');
});

module.exports = router;
`,
  'views/index.jade': 'extends layout\n\nblock content\n  h1= title\n',
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

export const starters = { generator, minimal, typed };

/** A starter on disk, without packages. */
export function starter(name: keyof typeof starters): Project {
  const project = projectAt(scratch());
  for (const [path, text] of Object.entries(starters[name])) project.write(path, text);
  return project;
}

/** Gives a project the packages of this repository. */
export function linkPackages({ root }: Project): void {
  symlinkSync(join(packageRoot, 'node_modules'), join(root, 'node_modules'));
}
