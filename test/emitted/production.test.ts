import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { launch, startProcess } from './support/process.ts';
import { useDatabase, useProject } from './support/hooks.ts';

const project = useProject();
const database = useDatabase();
const production = () => ({ NODE_ENV: 'production', MONGODB_URI: database.uri });

describe('start matrix', () => {
  it.each([
    ['nothing', {}, ['MONGODB_URI']],
    ['a broken port', { MONGODB_URI: 'mongodb://127.0.0.1/x', PORT: 'http' }, ['PORT']],
    ['another protocol', { MONGODB_URI: 'postgres://127.0.0.1/x' }, ['MONGODB_URI']],
    ['a short secret', { MONGODB_URI: 'mongodb://127.0.0.1/x', OPS_TOKEN: 'short' }, ['OPS_TOKEN']],
    [
      'the sample secret',
      { MONGODB_URI: 'mongodb://127.0.0.1/x', OPS_TOKEN: 'replace-by-32-random-bytes-or-more' },
      ['OPS_TOKEN'],
    ],
    [
      'a proxy that is everybody',
      { MONGODB_URI: 'mongodb://127.0.0.1/x', TRUST_PROXY: 'true' },
      ['TRUST_PROXY'],
    ],
    [
      'many mistakes',
      { PORT: '-1', LOG_LEVEL: 'loud', CORS_ORIGINS: '*', PUBLIC_URL: 'x' },
      ['CORS_ORIGINS', 'LOG_LEVEL', 'MONGODB_URI', 'PORT', 'PUBLIC_URL'],
    ],
  ])(
    'C12 D14 refuses %s with exit code 78, naming every variable',
    async (_, env, names) => {
      const app = launch(project.path, { PORT: '', NODE_ENV: 'production', ...env });
      expect(await app.ended).toBe(78);
      const said = app.lines.join('\n');
      for (const name of names) expect(said).toContain(name);
      expect(app.lines.filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(
        names.length + 2,
      );
      expect(said).not.toMatch(/^\s+at /m);
      expect(said).not.toContain('short');
    },
    20_000,
  );

  it('D14 listens with a secret of 32 random bytes', async () => {
    const app = await startProcess(project.path, {
      ...production(),
      OPS_TOKEN: crypto.randomUUID() + crypto.randomUUID(),
    });
    await app.said('"ready"');
    await app.stop();
  }, 20_000);
});

describe('in production', () => {
  it('E17 has no development surface: docs and metrics closed, no stack, no source, no seed', async () => {
    const token = crypto.randomUUID() + crypto.randomUUID();
    const app = await startProcess(project.path, { ...production(), OPS_TOKEN: token });
    try {
      await app.said('"ready"');
      for (const path of ['/docs', '/docs/', '/metrics']) {
        expect((await fetch(app.url + path)).status, path).toBe(404);
        const wrong = await fetch(app.url + path, { headers: { authorization: 'Bearer wrong' } });
        expect(wrong.status, path).toBe(404);
      }
      const open = await fetch(`${app.url}/metrics`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(open.status).toBe(200);
      for (const path of [
        '/seed',
        '/api/seed',
        '/debug',
        '/.env',
        '/config.ts',
        '/run.ts',
        '/package.json',
        '/flask-style.json',
        '/app/index.ts',
        '/dist/run.js',
        '/dist/run.js.map',
        '/static/css/style.css.map',
      ])
        expect((await fetch(app.url + path)).status, path).toBe(404);
      const broken = await fetch(`${app.url}/api/products/%E0%A4%A`);
      expect(await broken.text()).not.toMatch(/stack|\.ts:\d/);
    } finally {
      await app.stop();
    }
  }, 30_000);

  it.each([
    ['without their names, which would cost a second decoding', '', 'any'],
    ['by name when the connection string asks for it', 'monitorCommands=true', 'listCollections'],
  ])(
    'D10 counts and times database commands %s',
    async (_title, option, command) => {
      const uri = new URL(database.uri);
      uri.search += `&${option}`;
      const token = crypto.randomUUID() + crypto.randomUUID();
      const env = { ...production(), MONGODB_URI: uri.href, OPS_TOKEN: token };
      const app = await startProcess(project.path, env);
      try {
        await app.said('"ready"');
        const headers = { authorization: `Bearer ${token}` };
        const text = await (await fetch(`${app.url}/metrics`, { headers })).text();
        const series = [
          ...text.matchAll(/^mongodb_command_duration_seconds_count(\{.*\}) (\d+)$/gm),
        ];
        const counted = series.find(([, labels]) => labels?.includes(`command="${command}"`));
        expect(Number(counted?.[2]), text).toBeGreaterThan(0);
      } finally {
        await app.stop();
      }
    },
    30_000,
  );

  it('C90 the log hides the values of private fields, by whatever name and however deep they come', async () => {
    const script = 'log-private.ts';
    await writeFile(
      join(project.path, script),
      `import { openContext } from './app/context.ts';
import { loadConfig } from './config.ts';
const { log } = openContext(loadConfig());
const product = { name: 'shown', sku: 's3cr3t' };
log.info({ sku: 's3cr3t', product, change: { product } }, 'mine');
`,
    );
    const { ended, lines } = launch(project.path, production(), script);
    expect(await ended).toBe(0);
    const [line = ''] = lines;
    expect(line).toContain('shown');
    expect(line).not.toContain('s3cr3t');
  }, 30_000);

  it('E17 without a token what is inside stays closed, and the log says so', async () => {
    const app = await startProcess(project.path, production());
    try {
      await app.said('OPS_TOKEN');
      for (const path of ['/docs', '/metrics']) {
        const answer = await fetch(app.url + path, {
          headers: { authorization: 'Bearer undefined' },
        });
        expect(answer.status, path).toBe(404);
      }
    } finally {
      await app.stop();
    }
  }, 30_000);

  it('E17 deploys neither tests nor the development database', async () => {
    const outside = /dev\/|tests\/|embedded-mongo/;
    for (const file of await readdir(join(project.path, 'app'), { recursive: true })) {
      if (!file.endsWith('.ts')) continue;
      const imports = [
        ...(await readFile(join(project.path, 'app', file), 'utf8')).matchAll(/from '([^']+)'/g),
      ];
      for (const [, from = ''] of imports) expect(from, file).not.toMatch(outside);
    }
  });
});

describe('the unforeseen', () => {
  it.each([
    ['an exception nobody caught', "setTimeout(() => { throw new Error('boom'); }, 500);"],
    [
      'a rejection nobody handled',
      "setTimeout(() => { void Promise.reject(new Error('boom')); }, 500);",
    ],
  ])(
    'B21 %s is logged, drains the process and ends it with 1',
    async (_, mistake) => {
      const script = `crash-${String(mistake.length)}.ts`;
      await writeFile(join(project.path, script), `import './run.ts';\n${mistake}\n`);
      const app = await startProcess(project.path, { ...production(), DRAIN_SECONDS: '1' }, script);
      await app.said('boom');
      expect((await fetch(`${app.url}/readyz`)).status).toBe(503);
      expect(await Promise.race([app.ended, wait(12_000, 'still there')])).toBe(1);
    },
    30_000,
  );
});

describe('a handler that fails', () => {
  const mistakes = {
    error: "throw new Error('s3cr3t');",
    text: "throw 's3cr3t';",
    nothing: 'throw null;',
    rejection: "await Promise.reject(new Error('s3cr3t'));",
  };

  it('B20 is a 500 that tells nothing, however it fails; an answer that has begun is broken off', async () => {
    const routes = Object.entries(mistakes).map(
      ([name, code]) => `.get('/${name}', async () => { ${code} })`,
    );
    await writeFile(
      join(project.path, 'app/routes/broken.ts'),
      `import { Router } from 'express';
import { blueprint } from '../core/blueprint.ts';
export const brokenRoutes = blueprint('/broken', () => Router()${routes.join('')}
  .get('/stream', (_req, res) => { res.write('half'); setImmediate(() => res.destroy(new Error('s3cr3t'))); })
  .get('/late', (_req, res) => { res.write('half'); throw new Error('s3cr3t'); }));
`,
    );
    const index = join(project.path, 'app/routes/index.ts');
    const text = await readFile(index, 'utf8');
    await writeFile(
      index,
      `import { brokenRoutes } from './broken.ts';\n${text.replace(/(\bblueprints\b.*= \[)/, '$1brokenRoutes, ')}`,
    );
    const app = await startProcess(project.path, production());
    try {
      await app.said('"ready"');
      for (const name of Object.keys(mistakes)) {
        const answer = await fetch(`${app.url}/api/broken/${name}`);
        expect(answer.status, name).toBe(500);
        const problem = (await answer.json()) as Record<string, unknown>;
        expect(problem).toMatchObject({ code: 'internal_error', title: 'Internal error' });
        expect(problem.requestId).toBe(answer.headers.get('x-request-id'));
        expect(JSON.stringify(problem)).not.toMatch(/s3cr3t|\.ts/);
      }
      for (const name of ['stream', 'late'])
        await expect(
          fetch(`${app.url}/api/broken/${name}`).then((answer) => answer.text()),
        ).rejects.toThrow();
      expect((await fetch(`${app.url}/livez`)).status).toBe(200);
      expect(app.lines.join('\n')).toContain('s3cr3t');
    } finally {
      await app.stop();
      await writeFile(index, text);
    }
  }, 30_000);
});
