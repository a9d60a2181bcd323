import { json, type Starter } from './json.ts';

/** A starter in TypeScript that has the packages of the layout already. */
export const typed: Starter = {
  'package.json': json({
    name: 'starter',
    type: 'module',
    scripts: { dev: 'tsx watch src/server.ts', build: 'tsc' },
    dependencies: { express: '^5.1.0', mongodb: '^7.0.0', zod: '^4.0.0' },
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
  res.send('home of the old application');
});
`,
  'src/server.ts': `import type { AddressInfo } from 'node:net';
import { app } from './app.js';

const server = app.listen(Number(process.env.PORT), '127.0.0.1', () => {
  console.log(\`listening \${(server.address() as AddressInfo).port}\`);
});
`,
};
