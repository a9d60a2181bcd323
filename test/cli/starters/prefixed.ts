import { json, type Starter } from './json.ts';

/** TypeScript and ES modules with a class, a prefix /api and an error handler of its own; strict settings. */
export const prefixed: Starter = {
  'package.json': json({
    name: '@acme/accounts',
    private: true,
    type: 'module',
    scripts: { dev: 'tsx src/index.ts', build: 'tsc -p .' },
    dependencies: { express: '^5.1.0' },
    devDependencies: { tsx: '^4.19.0', typescript: '^6.0.0' },
  }),
  'tsconfig.json': `{
  // Comments are allowed here.
  "compilerOptions": {
    "target": "ES2022",
    "module": "NodeNext",
    "outDir": "dist",
    "rootDir": "src",
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "exactOptionalPropertyTypes": true,
    "skipLibCheck": true,
    "types": ["node"],
  },
  "include": ["src"],
}
`,
  'src/server.ts': `import express, { type Application, type ErrorRequestHandler } from 'express';
import { accounts } from './modules/accounts.js';

const onError: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  const message = error instanceof Error ? error.message : 'unknown';
  res.status(500).json({ success: false, message });
};

export class Server {
  readonly app: Application;

  constructor() {
    this.app = express();
    this.app.use(express.json());
    this.app.use('/api/accounts', accounts);
    this.app.get('/', (_req, res) => {
      res.send('home of the old application');
    });
    this.app.use((_req, res) => {
      res.status(404).json({ success: false, message: 'no such route' });
    });
    this.app.use(onError);
  }
}
`,
  'src/modules/accounts.ts': `import { Router } from 'express';

export const accounts = Router()
  .get('/', (_req, res) => {
    res.json({ success: true, data: [] });
  })
  .get('/broken', () => {
    throw new Error('out of order');
  });
`,
  'src/index.ts': `import type { AddressInfo } from 'node:net';
import { Server } from './server.js';

const listener = new Server().app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  console.log(\`listening \${(listener.address() as AddressInfo).port}\`);
});
`,
};
