import { json, type Starter } from './json.ts';

/** A small project in JavaScript with ES modules. */
export const minimal: Starter = {
  'package.json': json({
    name: 'minimal',
    type: 'module',
    main: 'index.js',
    dependencies: { express: '^5.1.0' },
  }),
  'index.js': `import express from 'express';

const server = express();

server.get('/', (req, res) => res.send('home of the old application'));
server.get('/api/health', (req, res) => res.json({ status: 'up' }));

const listener = server.listen(process.env.PORT, '127.0.0.1', () => {
  console.log('listening ' + listener.address().port);
});
`,
};
