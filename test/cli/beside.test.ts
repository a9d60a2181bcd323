import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { start } from '../../src/embedded-mongo/index.ts';
import { linkPackages, starter, starters } from './beside-projects.ts';
import type { Project } from './project.ts';
import { node, packageRoot, plainEnv, snapshot } from './tool.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

function expectUntouched(project: Project, name: keyof typeof starters, but: string[] = []): void {
  for (const [path, text] of Object.entries(starters[name]))
    if (!but.includes(path)) expect(project.read(path), path).toBe(text);
}

/** Starts the application of the project; returns its address. */
async function served(project: Project, entry: string): Promise<string> {
  linkPackages(project);
  const mongo = await start();
  const child = spawn(process.execPath, [entry], {
    cwd: project.root,
    env: { ...plainEnv(), PORT: '0', MONGODB_URI: mongo.uri },
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await mongo.stop();
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  return new Promise((done, failed) => {
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      const port = /listening (\d+)/.exec(said)?.[1];
      if (port !== undefined) done(`http://127.0.0.1:${port}`);
    });
    child.once('exit', () => {
      failed(new Error(said));
    });
  });
}

async function expectAnswers(address: string): Promise<void> {
  const made = await fetch(`${address}/api/books`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ title: 'Emma' }),
  });
  const document = (await made.json()) as { _id: string };
  expect([made.status, document]).toMatchObject([201, { title: 'Emma' }]);
  const read = await fetch(`${address}/api/books/${document._id}`);
  expect(await read.json()).toMatchObject({ title: 'Emma' });
  const wrong = await fetch(`${address}/api/books/${document._id}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ title: 1 }),
  });
  expect(wrong.status).toBe(400);
  expect((await fetch(`${address}/api/nothing`)).status).toBe(404);
  expect(await (await fetch(address)).text()).toBe('home of the old application');
}

/** The part of a note behind the place that it names. */
const lineIn = (out: string, before: string) =>
  out
    .split('\n')
    .find((line) => line.startsWith(before))
    ?.split(': ')
    .slice(2)
    .join(': ') ?? '';

describe('add resource in an Express project that was not made by us', () => {
  test('CommonJS: the diff and a yes, the layout beside, the second one, undo', async () => {
    const project = starter('generator');
    const before = snapshot(project.root);
    const refused = await project.run('add', 'resource', 'book', 'title:string:required');
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('--yes');
    expect(refused.out).toContain('+    "mongodb": "^');
    expect(snapshot(project.root)).toEqual(before);

    const added = await project.run('add', 'resource', 'book', 'title:string:required', '--yes');
    expect([added.code, added.err]).toEqual([0, '']);
    expect(added.out).toContain(' "jade": "~1.11.0",\n+    "mongodb": "^');
    expect(added.out).toContain('npm install');
    expect(added.out).not.toContain('db:sync');
    expectUntouched(project, 'generator', ['package.json']);

    const line = lineIn(added.out, 'note: mount it right below line 6 of app.js');
    expect(line).toContain("require('./app/mount.js').mountApi(app, ");
    project.edit('app.js', 'var app = express();\n', `var app = express();\n${line}\n`);
    const mounted = project.read('app.js');
    await expectAnswers(await served(project, 'bin/www'));

    const first = project.read('app/services/books.js');
    const second = await project.run('add', 'resource', 'author', 'name:string');
    expect([second.code, second.err]).toEqual([0, '']);
    expect(project.read('app/services/books.js')).toBe(first);
    expect(project.read('app/routes/index.js')).toContain('./authors.js');
    const status = await project.run('status');
    expect([status.code, status.err]).toEqual([0, '']);
    const undone = await project.run('undo');
    expect([undone.code, undone.err]).toEqual([0, '']);
    expect(project.read('app/routes/index.js')).not.toContain('./authors.js');
    const all = await project.run('undo');
    expect([all.code, all.err]).toEqual([0, '']);
    expect(project.read('package.json')).toBe(starters.generator['package.json']);
    expect(project.read('app.js')).toBe(mounted);
  });

  test('JavaScript with ES modules answers', async () => {
    const project = starter('minimal');
    const added = await project.run(
      'add',
      'resource',
      'book',
      'title:string:required:unique',
      '--yes',
    );
    expect([added.code, added.err]).toEqual([0, '']);
    expectUntouched(project, 'minimal', ['package.json']);
    const call = lineIn(added.out, 'note: mount it right below line 3 of index.js');
    const imported = lineIn(added.out, 'note: and import it') || added.out;
    expect(imported).toContain("import { mountApi } from './app/mount.js';");
    project.edit(
      'index.js',
      'const server = express();\n',
      `import { mountApi } from './app/mount.js';\nconst server = express();\n${call}\n`,
    );
    await expectAnswers(await served(project, 'index.js'));
  });

  test('TypeScript: nothing of the project changes, and it compiles with it', async () => {
    const project = starter('typed');
    const added = await project.run('add', 'resource', 'book', 'title:string:required');
    expect([added.code, added.err]).toEqual([0, '']);
    expect(added.out).toContain("import { mountApi } from './app/mount.js';");
    expectUntouched(project, 'typed');
    project.edit(
      'src/app.ts',
      "from 'express';\n",
      "from 'express';\nimport { mountApi } from './app/mount.js';\n",
    );
    project.edit(
      'src/app.ts',
      'export const app = express();\n',
      `export const app = express();\n${lineIn(added.out, 'note: mount it')}\n`,
    );
    linkPackages(project);
    const tsc = join(packageRoot, 'node_modules/typescript/bin/tsc');
    const compiled = await node([tsc, '--noEmit', '-p', project.root], {
      cwd: project.root,
      timeout: 120_000,
    });
    expect([compiled.code, compiled.out]).toEqual([0, '']);
  });

  test('what lies in the way is listed, and nothing is written', async () => {
    const project = starter('typed');
    project.write('src/app/core/api.ts', 'export {};\n');
    project.write('src/app/services/books.ts', 'export const books = 1;\n');
    const before = snapshot(project.root);
    const refused = await project.run('add', 'resource', 'book', 'title:string', '--yes');
    expect(refused.code).toBe(3);
    expect(refused.out + refused.err).toContain('src/app/core/api.ts');
    expect(refused.out + refused.err).toContain('src/app/services/books.ts');
    expect(snapshot(project.root)).toEqual(before);
  });
});
