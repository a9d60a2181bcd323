import { json, type Starter } from './json.ts';

/** What express-generator 4 writes: CommonJS, `bin/www`, Express 4; with a view engine of its own and an error page. */
export const generator: Starter = {
  'package.json': json({
    name: 'my-app',
    version: '0.0.0',
    private: true,
    scripts: { start: 'node ./bin/www' },
    dependencies: { debug: '~2.6.9', express: '~4.16.1', 'http-errors': '~1.6.3' },
  }),
  'app.js': `var createError = require('http-errors');
var express = require('express');
var fs = require('fs');
var path = require('path');

var indexRouter = require('./routes/index');
var usersRouter = require('./routes/users');

var app = express();

// view engine setup
app.engine('txt', function (file, options, done) {
  fs.readFile(file, 'utf8', function (err, text) {
    done(err, err ? undefined : text.replace('TITLE', options.title || options.message));
  });
});
app.set('views', path.join(__dirname, 'views'));
app.set('view engine', 'txt');

app.use(express.json());
app.use(express.urlencoded({ extended: false }));
app.use(express.static(path.join(__dirname, 'public')));

app.use('/', indexRouter);
app.use('/users', usersRouter);

// catch 404 and forward to error handler
app.use(function (req, res, next) {
  next(createError(404));
});

// error handler
app.use(function (err, req, res, next) {
  res.status(err.status || 500);
  res.render('error', { message: err.message });
});

module.exports = app;
`,
  'bin/www': `#!/usr/bin/env node

var app = require('../app');
var http = require('http');

var server = http.createServer(app);

server.listen(process.env.PORT || '3000', '127.0.0.1');
server.on('listening', function () {
  console.log('listening ' + server.address().port);
});
`,
  'routes/index.js': `var express = require('express');
var router = express.Router();

/* GET home page. */
router.get('/', function (req, res, next) {
  res.render('index', { title: 'Express' });
});

module.exports = router;
`,
  'routes/users.js': `var express = require('express');
var router = express.Router();

/* What is sent comes back. */
router.post('/', function (req, res, next) {
  res.json(req.body);
});

module.exports = router;
`,
  'views/index.txt': 'Welcome to TITLE\n',
  'views/error.txt': 'the error page: TITLE\n',
  'public/stylesheets/style.css': 'body {\n  padding: 50px;\n}\n',
};
