/** The table of the course's layout: what it has in Flask, examples/course has in Express. A row each. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../examples/course');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const list = (folder: string, end = '.ts'): string[] =>
  readdirSync(path.join(root, folder)).filter((file) => file.endsWith(end));
const load = (file: string): Promise<unknown> => import(path.join(root, file));
/** Every source file that runs in production. */
const sources = (): string[] => [
  'run.ts',
  'manage.ts',
  'config.ts',
  ...readdirSync(path.join(root, 'app'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join('app', file)),
];

interface Config {
  readonly debug: boolean;
  readonly env: string;
}

const configOf = async (env: string): Promise<Config> => {
  const { loadConfig } = (await load('config.ts')) as {
    loadConfig: (env: Record<string, string>) => Config;
  };
  const MONGODB_URI = 'mongodb://127.0.0.1:9/course';
  return loadConfig({ NODE_ENV: env, MONGODB_URI, LOG_LEVEL: 'silent' });
};

test('app/__init__.py is app/index.ts: a factory that makes an application of a context', async () => {
  const { createApp } = (await load('app/index.ts')) as {
    createApp: (context: object) => RequestListener;
  };
  const { openContext } = (await load('app/context.ts')) as {
    openContext: (config: Config) => { client: { close(): Promise<void> } };
  };
  const context = openContext(await configOf('test'));
  onTestFinished(() => context.client.close());
  const server = createServer(createApp(context)).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${String(port)}/api/data`);
  expect(await answer.json()).toEqual({ message: 'API Endpoint' });
  const page = await fetch(`http://127.0.0.1:${String(port)}/profile`);
  expect(await page.text()).toContain('<li>');
});

test('blueprints are files of app/routes, all of them listed in its index', () => {
  const index = read('app/routes/index.ts');
  const files = list('app/routes').filter((file) => file !== 'index.ts');
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) {
    const [, name] = new RegExp(`import \\{ (\\w+) \\} from '\\./${file}'`).exec(index) ?? [];
    expect(index, file).toMatch(new RegExp(`^ {2}${name ?? 'nothing'},$`, 'm'));
    expect(read(`app/routes/${file}`)).toMatch(/= blueprint\(|: Site = /);
  }
});

test('models are files of app/models, one schema each', async () => {
  const { models } = (await load('app/models/index.ts')) as { models: unknown[] };
  const files = list('app/models').filter((file) => file !== 'index.ts');
  expect(models).toHaveLength(files.length);
  for (const file of files)
    expect(read(`app/models/${file}`).match(/= model\(/g), file).toHaveLength(1);
});

test('services are files of app/services, and know nothing of HTTP', () => {
  const files = list('app/services');
  expect(files).toEqual(expect.arrayContaining(['lessons.ts', 'users.ts']));
  for (const file of files)
    expect(read(`app/services/${file}`), file).not.toMatch(
      /from '(?:express|node:http)'|\b(?:req|res)\b/,
    );
});

test('templates have what those of Jinja2 have', () => {
  const all = list('app/templates', '.html').map((file) => read(`app/templates/${file}`));
  expect(list('app/templates', '.html')).toEqual(
    expect.arrayContaining(['index.html', 'profile.html']),
  );
  for (const part of ['{{ ', '{% if ', '{% for ', '{% extends ', '{% block '])
    expect(
      all.some((text) => text.includes(part)),
      part,
    ).toBe(true);
});

test('style and script are in app/static', () => {
  expect(statSync(path.join(root, 'app/static/css/style.css')).size).toBeGreaterThan(0);
  expect(statSync(path.join(root, 'app/static/js/main.js')).size).toBeGreaterThan(0);
  expect(read('app/templates/layout.html')).toMatch(/static\/css\/style\.css/);
  expect(read('app/templates/layout.html')).toMatch(/static\/js\/main\.js/);
});

test('config.py is config.ts: the only reader of the environment, and frozen', async () => {
  const readers = sources().filter((file) => /process\.env\b/.test(read(file)));
  // Comments of others may name it.
  expect(readers).toEqual(['config.ts']);
  expect(Object.isFrozen(await configOf('production'))).toBe(true);
});

test('run.py is run.ts: debug mode with npm run dev, production with npm start', async () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  expect(read('run.ts')).toContain('createApp(');
  expect(scripts['dev']).toMatch(/start\.ts|run\.ts/);
  expect(scripts['start']).toMatch(/node .*run\.js/);
  expect((await configOf('development')).debug).toBe(true);
  expect((await configOf('production')).debug).toBe(false);
});

test('requirements.txt is package.json with exact versions', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  const versions = Object.entries({ ...dependencies, ...devDependencies });
  expect(versions.length).toBeGreaterThan(5);
  for (const [name, version] of versions) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
});

test('README.md is written for the resources of this project', () => {
  const readme = read('README.md');
  expect(readme).toMatch(/^# course$/m);
  for (const file of list('app/models').filter((name) => name !== 'index.ts'))
    expect(readme).toContain(`app/models/${file}`);
});
