import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { routerCalls } from '../../src/project/router-calls.ts';
import { routes } from '../../src/project/routes.ts';
import { tokensOf } from '../../src/project/tokens.ts';
import { emitted, temporaryFolder } from './support.ts';

const seen = (source: string): string[] =>
  routerCalls(source).map(({ method, path: at, line }) => `${line} ${method} ${at}`);

test('the routes of a project, with file and line', async () => {
  const rows = await routes(await emitted());
  expect(rows).toContainEqual({
    method: 'PATCH',
    path: '/api/products/:id',
    access: 'public',
    file: 'app/routes/products.ts',
    line: expect.any(Number),
  });
  const named = rows.map(({ method, path: at }) => `${method} ${at}`);
  for (const row of [
    ...['GET /api/products', 'POST /api/products', 'QUERY /api/products', 'GET /livez'],
    ...['POST /api/products/search', 'GET /api/categories/:id/products', 'GET /openapi.json'],
  ]) {
    expect(named).toContain(row);
  }
  expect(named).toEqual([...new Set(named)]);
  expect(rows.map((row) => row.path)).toEqual(rows.map((row) => row.path).sort());
});

test('what only the operators reach is marked', async () => {
  const ops = (await routes(await emitted())).filter(({ access }) => access === 'ops');
  expect(ops.map((row) => row.path)).toEqual(['/docs', '/docs/*', '/metrics']);
});

test('G20 a route the user wrote is listed, and no code of the project is run', async () => {
  const root = await emitted();
  const pwned = path.join(temporaryFolder(), 'pwned');
  writeFileSync(
    path.join(root, 'app/routes/extra.ts'),
    `import fs from 'node:fs';
fs.writeFileSync(${JSON.stringify(pwned)}, '');
const router = Router();
router.get('/extra', (_req, res) => res.send('x'));
router.get(\`/\${name}\`, show);
`,
  );
  appendFileSync(path.join(root, 'app/index.ts'), "\nthrow new Error('never run');\n");
  const mine = (await routes(root)).filter(({ file }) => file === 'app/routes/extra.ts');
  expect(mine).toEqual([
    expect.objectContaining({ method: 'GET', path: '/extra', line: 4 }),
    expect.objectContaining({ method: 'GET', path: '?', line: 5, unreadable: true }),
  ]);
  expect(existsSync(pwned)).toBe(false);
});

test('a spec that is not valid is refused', async () => {
  const root = temporaryFolder();
  writeFileSync(path.join(root, 'flask-style.json'), '{ "resources": 1 }');
  await expect(routes(root)).rejects.toMatchObject({ code: 1 });
});

test.each([
  ['a chain', "Router()\n.get('/a', x)\n.post('/b', y)", ['2 GET /a', '3 POST /b']],
  ['a variable', "const r = Router();\nr.delete('/a', x)", ['2 DELETE /a']],
  [
    'a blueprint',
    "blueprint('/p', () => Router().get('/', x).get('/:id', y))",
    ['1 GET /api/p', '1 GET /api/p/:id'],
  ],
  ['an application', "const app = express();\napp.all('/a', x)", ['2 ALL /a']],
  ['a setting that is read', "const app = express();\napp.get('env')", []],
  ['a map with get', "const m = new Map();\nm.get('/a', 1)", []],
  ['comments', "// Router().get('/a', x)\n/* Router().get('/b', x) */", []],
  ['text', 'const t = "Router().get(\'/a\', x)"; const u = `Router().get("/b", x)`;', []],
  [
    'a regular expression',
    "Router().get(/^\\/('|\")/, x).get('/b', y)",
    ['1 GET undefined', '1 GET /b'],
  ],
  [
    'handlers with brackets',
    "Router().get('/a', f({ b: [1, 2] }, (c) => c(')'))).put('/d', e)",
    ['1 GET /a', '1 PUT /d'],
  ],
  ['static files', "const app = express();\napp.use('/s', express.static('x'))", ['2 GET /s/*']],
  ['an open bracket', "Router().get('/a', (", ['1 GET /a']],
])('text with %s', (_, source, expected) => {
  expect(seen(source)).toEqual(expected);
});

test('tokens: division is no regular expression, and every character is passed', () => {
  expect(tokensOf('a / b / c').map(({ text }) => text)).toEqual(['a', '/', 'b', '/', 'c']);
  expect(tokensOf("'it\\'s'")).toEqual([{ kind: 'string', text: "it's", line: 1 }]);
  expect(tokensOf('\u0000\u2028"').length).toBeGreaterThan(0);
});
