import { json, type Starter } from './json.ts';

/** CommonJS under `src/`, in the manner of starters with controllers and mongoose; the application is made in a function. */
export const controllers: Starter = {
  'package.json': json({
    name: 'shop-backend',
    version: '1.4.0',
    private: true,
    main: 'src/server.js',
    scripts: { start: 'node src/server.js', test: 'jest' },
    dependencies: { express: '^4.19.2', mongoose: '^8.4.0' },
    devDependencies: { jest: '^29.7.0' },
  }),
  'src/server.js': `const http = require('node:http');
const createApp = require('./app');

const server = http.createServer(createApp());
server.listen(process.env.PORT || 4000, '127.0.0.1', () => {
  console.log('listening ' + server.address().port);
});
`,
  'src/app.js': `const express = require('express');
const routes = require('./routes');

function createApp() {
  const app = express();

  app.use(express.json({ limit: '1mb' }));
  app.use('/api', routes);
  app.get('/', (req, res) => res.send('home of the old application'));
  app.use((req, res) => res.status(404).json({ message: 'Not found' }));

  return app;
}

module.exports = createApp;
`,
  'src/routes/index.js': `const { Router } = require('express');
const orderController = require('../controllers/orderController');

const router = Router();

router.get('/orders', orderController.list);
router.post('/orders', orderController.create);

module.exports = router;
`,
  'src/controllers/orderController.js': `const orders = [];

exports.list = (req, res) => res.json(orders);

exports.create = (req, res) => {
  orders.push(req.body);
  res.status(201).json(req.body);
};
`,
  // Loaded by nothing: a test needs no mongoose to be installed.
  'src/models/Order.js': `const { Schema, model } = require('mongoose');

module.exports = model('Order', new Schema({ total: Number }, { timestamps: true }));
`,
};
