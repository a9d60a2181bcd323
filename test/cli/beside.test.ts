import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import {
  linkExpress4,
  linkPackages,
  starter,
  starters,
  type StarterName,
} from './beside-projects.ts';
import { expectAnswers, noted, sent, served } from './beside-served.ts';
import type { Project } from './project.ts';
import { node, packageRoot, snapshot } from './tool.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

function expectUntouched(project: Project, name: StarterName, but: string[] = []): void {
  for (const [path, text] of Object.entries(starters[name]))
    if (!but.includes(path)) expect(project.read(path), path).toBe(text);
}

describe('add resource in an Express project that was not made by us', () => {
  test('express-generator, Express 4: the diff and a yes, the layout beside, the second one, undo', async () => {
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

    const line = noted(added.out, 'mount it right below line 6 of app.js');
    expect(line).toContain("require('./app/mount.js').mountApi(app, ");
    project.edit('app.js', 'var app = express();\n', `var app = express();\n${line}\n`);
    const mounted = project.read('app.js');
    linkExpress4(project);
    const address = await served(project, 'bin/www');
    await expectAnswers(address);
    expect(await sent(address, 'POST', '/echo', { a: 1 })).toEqual([200, '{"a":1}']);
    expect(await sent(address, 'GET', '/broken')).toEqual([500, 'error page: as before']);
    expect((await sent(address, 'GET', '/api/nothing'))[0]).toBe(404);

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
    const call = noted(added.out, 'mount it right below line 3 of index.js');
    const imported = noted(added.out, 'and import it');
    expect(imported).toBe("import { mountApi } from './app/mount.js';");
    project.edit(
      'index.js',
      'const server = express();\n',
      `${imported}\nconst server = express();\n${call}\n`,
    );
    linkPackages(project);
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
      `export const app = express();\n${noted(added.out, 'mount it')}\n`,
    );
    linkPackages(project);
    const tsc = join(packageRoot, 'node_modules/typescript/bin/tsc');
    const compiled = await node([tsc, '--noEmit', '-p', project.root], {
      cwd: project.root,
      timeout: 120_000,
    });
    expect([compiled.code, compiled.out]).toEqual([0, '']);
  });

  test('CommonJS with controllers: the application is made in a function, and app/ is taken', async () => {
    const project = starter('controllers');
    const added = await project.run('add', 'resource', 'book', 'title:string:required', '--yes');
    expect([added.code, added.err]).toEqual([0, '']);
    expectUntouched(project, 'controllers', ['package.json']);
    const call = noted(added.out, 'mount it right below line 5 of src/app.js');
    expect(call).toContain("require('./api/mount.js').mountApi(app, ");
    project.edit(
      'src/app.js',
      '  const app = express();\n',
      `  const app = express();\n  ${call}\n`,
    );
    linkPackages(project);
    const address = await served(project, 'src/index.js');
    await expectAnswers(address);
    expect(await sent(address, 'POST', '/api/v1/users', { a: 1 })).toEqual([201, '{"a":1}']);
    expect(await sent(address, 'GET', '/api/v1/users')).toEqual([200, '[{"a":1}]']);
    // Another version of the path is another path.
    const user = await project.run('add', 'resource', 'user', 'name:string');
    expect([user.code, user.err]).toEqual([0, '']);
  });

  test('TypeScript with its own /api and errors: both answer, and a route of its own is not covered', async () => {
    const project = starter('prefixed');
    project.write(
      'tests/users.test.ts',
      "import request from 'supertest';\nawait request(url).get('/api/books');\n",
    );
    const added = await project.run('add', 'resource', 'book', 'title:string:required');
    expect([added.code, added.err]).toEqual([0, '']);
    expectUntouched(project, 'prefixed');
    const call = noted(added.out, 'mount it right below line 9 of src/server.ts');
    expect(call).toContain('mountApi(this.app, ');
    const imported = noted(added.out, 'and import it');
    project.edit('src/server.ts', 'class Server', `${imported}\nclass Server`);
    project.edit(
      'src/server.ts',
      '    this.app = express();\n',
      `    this.app = express();\n    ${call}\n`,
    );
    linkPackages(project);
    const address = await served(project, '--import', 'tsx', 'src/server.ts');
    await expectAnswers(address);
    expect(await sent(address, 'POST', '/api/users', { a: 1 })).toEqual([201, '{"a":1}']);
    const lost = [418, '{"said":"nothing of that name"}'];
    expect(await sent(address, 'GET', '/api/nothing')).toEqual(lost);

    const before = snapshot(project.root);
    const refused = await project.run('add', 'resource', 'user', 'name:string', '--yes');
    expect(refused.code).toBe(3);
    expect(refused.err).toContain('src/routes/index.ts:6 answers /api/users already');
    expect(snapshot(project.root)).toEqual(before);
  });

  test('what lies in the way is listed, and nothing is written', async () => {
    const project = starter('typed');
    project.write('src/app/models.ts', 'export {};\n');
    project.write('src/api/core/api.ts', 'export {};\n');
    project.write('src/api/services/books.ts', 'export const books = 1;\n');
    const before = snapshot(project.root);
    const refused = await project.run('add', 'resource', 'book', 'title:string', '--yes');
    expect(refused.code).toBe(3);
    expect(refused.out + refused.err).toContain('src/api/core/api.ts');
    expect(refused.out + refused.err).toContain('src/api/services/books.ts');
    expect(snapshot(project.root)).toEqual(before);
  });
});
