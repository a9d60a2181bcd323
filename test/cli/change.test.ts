import { execFileSync } from 'node:child_process';
import { cpSync, linkSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { ownRule, projectAt, shop, type Project } from './project.ts';
import { scratch, snapshot, tool } from './tool.ts';

vi.setConfig({ testTimeout: 300_000 });

/** Everything but what only this copy of the project knows: the entries that undo reads. */
function files({ root }: Project): Record<string, string> {
  return Object.fromEntries(
    Object.entries(snapshot(root)).filter(([path]) => !/^\.flask-style\/(undo|tx|tmp)/.test(path)),
  );
}

interface Document {
  readonly written: boolean;
  readonly plan: string;
  readonly undo?: string;
  readonly files: readonly { path: string; status: string; conflict?: { reason: string } }[];
  readonly notes: readonly string[];
  readonly database: readonly string[];
  readonly next: readonly string[];
  readonly error?: { code: number; message: string; hint?: string };
}

const parsed = (out: string) => JSON.parse(out) as Document;

describe('add', () => {
  test('G27: a webhook and an automation; the secret is made once, and never shown', async () => {
    const project = await shop();
    const add = ['add', 'webhook', 'CI system', '--scheme', 'github'];
    const shown = await project.run(...add, '--dry-run');
    expect(shown.out).toContain('WEBHOOK_CI_SYSTEM_SECRET=0000');
    const { plan } = parsed((await project.run(...add, '--dry-run', '--json')).out);
    const done = await project.run(...add, '--plan', plan);
    expect([done.code, done.err]).toEqual([0, '']);
    const secret = /^WEBHOOK_CI_SYSTEM_SECRET=([0-9a-f]{64})$/m.exec(project.read('.env'))?.[1];
    expect(secret).toMatch(/[1-9a-f]/);
    expect(done.out).not.toContain(secret);
    expect(statSync(join(project.root, '.env')).mode & 0o777).toBe(0o600);
    const env = project.read('.env');
    expect((await project.run('add', 'automation', 'report', '--every', '5m')).code).toBe(0);
    expect(project.read('app/automations/report.ts')).toContain("every: '5m'");
    expect(project.read('.env')).toBe(env);
    const gone = await project.run('remove', 'automation', 'report');
    expect(gone.out).toContain('delete  app/automations/report.ts');
  });

  test('G38: a resource, any way its name is written; the same again does nothing', async () => {
    const project = await shop();
    const first = await project.run(
      'add',
      'resource',
      'ORDER-ITEMS',
      'qty:integer:min=1',
      'product:ref:Products',
    );
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toContain('create  app/models/order-item.ts');
    expect(first.out).toContain('npm run db:sync');
    expect(project.read('app/routes/index.ts')).toContain('order-items.ts');
    const before = snapshot(project.root);
    const times = statSync(join(project.root, 'app/models/index.ts')).mtimeMs;
    const again = await project.run(
      'add',
      'resource',
      'orderItem',
      'qty:integer:min=1',
      'product:ref:product',
    );
    expect([again.code, again.out]).toEqual([0, 'nothing to do\n']);
    expect(snapshot(project.root)).toEqual(before);
    expect(statSync(join(project.root, 'app/models/index.ts')).mtimeMs).toBe(times);
    const other = await project.run('add', 'resource', 'order_item', 'qty:integer');
    expect([other.code, other.out]).toEqual([1, '']);
    expect(other.err).toContain('it has qty:integer:min=1, not qty:integer (and 1 more)');
    expect(snapshot(project.root)).toEqual(before);
  });

  test('then remove leaves the same bytes, and a new project with both has them', async () => {
    const project = await shop();
    const before = files(project);
    await project.run('add', 'resource', 'tag', 'word:slug:unique');
    const cwd = scratch();
    const resources = [
      ...['--resource', 'category', 'name:string:required:unique'],
      ...['--resource', 'product', 'title:string:required', 'price:number:min=0'],
      ...['category:ref:category', '--resource', 'tag', 'word:slug:unique'],
    ];
    await tool(['shop', ...resources, '--no-install', '--no-git'], { cwd });
    expect(files(project)).toEqual(files(projectAt(join(cwd, 'shop'))));
    const removed = await project.run('remove', 'resource', 'TAGS');
    expect([removed.code, removed.err]).toEqual([0, '']);
    expect(removed.out).toContain('database: the collection tags stays, with its documents');
    expect(files(project)).toEqual(before);
  });

  test('fields behind another one, beside an edit of the model; the comments of the spec stay', async () => {
    const project = await shop();
    project.edit('flask-style.json', '"price": {', '// in euros\n        "price": {');
    project.edit(
      'app/models/product.ts',
      "title: { type: 'string', required: true }",
      "title: { type: 'string', required: true, maxLength: 80 }",
    );
    const added = await project.run(
      'add',
      'field',
      'products',
      'tags:string:array',
      'sku:slug:required',
      '--after',
      'title',
    );
    expect([added.code, added.err]).toEqual([0, '']);
    expect(project.read('app/models/product.ts')).toMatch(
      /title: \{ type: 'string', required: true, maxLength: 80 \},\n {4}tags: .*\n {4}sku: .*\n {4}price: /,
    );
    expect(project.read('flask-style.json')).toContain('// in euros\n        "price": {');
    expect(added.out).toContain('database: documents in products have no sku yet');
  });

  test('beside a README of their own, a contract with other words and comments in the spec; none of them is lost', async () => {
    const project = await shop();
    project.write('README.md', '# Mine\n\nAll my own.\n');
    project.edit('openapi.json', '"tags": [\n    {\n', '"tags": [\n    {\n      "x-mine": 1,\n');
    project.edit('flask-style.json', '"price": {', '// in euros\n        "price": {');
    const added = await project.run('add', 'resource', 'review', 'text:text');
    expect([added.code, added.err]).toEqual([0, '']);
    expect(project.read('README.md')).toBe('# Mine\n\nAll my own.\n');
    expect(added.out).toMatch(/README\.md \(the section '.*' stays away: you removed it\)/);
    expect(JSON.parse(project.read('openapi.json'))).toMatchObject({
      tags: expect.arrayContaining([
        expect.objectContaining({ 'x-mine': 1 }),
        expect.objectContaining({ name: 'reviews' }),
      ]),
    });
    expect(project.read('flask-style.json')).toContain('// in euros');
    // The comment is about what would go.
    const before = snapshot(project.root);
    const removed = await project.run('remove', 'field', 'product', 'price');
    expect(removed.code).toBe(3);
    expect(removed.out).toContain('flask-style.json: line');
    expect(snapshot(project.root)).toEqual(before);
  });

  test('a field that the user has written by hand is adopted; another one of its name is a conflict', async () => {
    const project = await shop();
    project.edit(
      'app/models/product.ts',
      '    price:',
      "    stock: { type: 'integer', min: 0 },\n    price:",
    );
    const other = await project.run('add', 'field', 'product', 'stock:number');
    expect(other.code).toBe(3);
    expect(other.out).toContain('app/models/product.ts');
    const same = await project.run('add', 'field', 'product', 'stock:integer:min=0');
    expect([same.code, same.err]).toEqual([0, '']);
    expect(project.read('app/models/product.ts').split('stock:')).toHaveLength(2);
  });

  test('G33: without fields and without a terminal it says what is missing', async () => {
    const project = await shop();
    const { code, out, err } = await project.run('add', 'resource', 'tag');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('[field ...] is missing');
  });
});

describe('a plan', () => {
  test('G37: --dry-run is a patch that git applies, and exactly what is written then', async () => {
    const project = await shop();
    project.write('app/services/products.ts', ownRule.replaceAll('\n', '\r\n'));
    project.edit('app/models/product.ts', '\n    price:', '\n    // é in latin\n    price:');
    const args = ['rename', 'field', 'product', 'title', 'name'];
    const before = files(project);
    const dry = await project.run(...args, '--dry-run');
    expect([dry.code, dry.err]).toEqual([0, '']);
    expect(files(project)).toEqual(before);
    const applied = join(scratch(), 'applied');
    cpSync(project.root, applied, { recursive: true });
    execFileSync('git', ['apply', '--whitespace=nowarn', '-'], {
      cwd: applied,
      input: dry.out,
      env: { PATH: process.env['PATH'], GIT_CEILING_DIRECTORIES: join(applied, '..') },
    });
    const real = await project.run(...args);
    expect([real.code, real.err]).toEqual([0, '']);
    const contents = (rows: Record<string, string>) =>
      Object.fromEntries(Object.entries(rows).filter(([, row]) => !row.endsWith(' /')));
    expect(contents(files(projectAt(applied)))).toEqual(contents(files(project)));
    expect(project.read('app/services/products.ts')).toContain("document.name === 'x'");
    expect(project.read('app/services/products.ts').split('\r\n')).toHaveLength(15);
  });

  test('--dry-run says above the patch what else to know, and how git applies it inside a repository', async () => {
    const project = await shop();
    const above = join(project.root, '..');
    const git = (...args: string[]) => execFileSync('git', args, { cwd: above, encoding: 'utf8' });
    git('init', '--quiet');
    linkSync(join(project.root, 'openapi.json'), join(above, 'other'));
    const args = ['remove', 'field', 'product', 'price'];
    const dry = await project.run(...args, '--dry-run');
    expect(dry.out.slice(0, dry.out.indexOf('diff --git')).split('\n')).toEqual([
      '# git apply --directory=shop',
      '# note: openapi.json has another name (hard links), which will keep the old content',
      expect.stringMatching(/^# database: .*price/),
      '',
    ]);
    const copy = join(scratch(), 'copy');
    cpSync(above, copy, { recursive: true });
    writeFileSync(join(copy, 'patch'), dry.out);
    const [, ...command] = (dry.out.split('\n')[0] ?? '').split(' ').slice(1);
    execFileSync('git', [...command, '../patch'], { cwd: join(copy, 'shop') });
    const real = await project.run(...args);
    expect(real.out).toContain('note: openapi.json has another name');
    expect(files(projectAt(join(copy, 'shop')))).toEqual(files(project));
    expect(statSync(join(above, 'other')).nlink).toBe(1);
  });

  test('--json is one document; --plan holds the tool to it; --check tells by its exit code', async () => {
    const project = await shop();
    const args = ['add', 'field', 'product', 'note:text'];
    const check = await project.run(...args, '--check');
    expect([check.code, check.err]).toEqual([1, '']);
    const dry = parsed((await project.run(...args, '--dry-run', '--json')).out);
    expect([dry.written, dry.undo]).toEqual([false, undefined]);
    project.edit('app/models/product.ts', '    price:', '    // mine\n    price:');
    const stale = await project.run(...args, '--plan', dry.plan, '--json');
    expect(stale.code).toBe(5);
    expect(parsed(stale.out)).toMatchObject({ written: false, error: { code: 5 } });
    const now = parsed((await project.run(...args, '--dry-run', '--json')).out);
    expect(now.plan).not.toBe(dry.plan);
    const done = await project.run(...args, '--plan', now.plan, '--json');
    expect([done.code, done.err]).toEqual([0, '']);
    expect(parsed(done.out)).toMatchObject({ written: true, plan: now.plan, undo: '0001' });
    expect(parsed(done.out).next).toContain('npm run db:sync');
    const nothing = await project.run(...args, '--check');
    expect([nothing.code, nothing.out]).toEqual([0, 'nothing to do\n']);
  });
});

test('what a killed run left is named by all that only read, and taken up by what writes', async () => {
  const project = await shop();
  expect((await project.run('add', 'page', 'about')).code).toBe(0);
  // As if it had been killed right before its end.
  mkdirSync(join(project.root, '.flask-style/tx'));
  const [done, left] = ['undo/0001', 'tx/0001'].map((name) =>
    join(project.root, '.flask-style', name),
  ) as [string, string];
  renameSync(done, left);
  const before = snapshot(project.root);
  for (const args of [['apply', '--dry-run'], ['apply', '--check'], ['diff']])
    expect(await project.run(...args), args.join(' ')).toMatchObject({
      code: 4,
      out: '',
      err: expect.stringMatching(/^error: interrupted transaction 0001: .* killed .*\n$/),
    });
  expect((await project.run('status')).out).toContain('interrupted transaction 0001');
  expect(snapshot(project.root)).toEqual(before);
  // The state may be the very file that it had taken away.
  const state = project.read('.flask-style/state.json');
  rmSync(join(project.root, '.flask-style/state.json'));
  expect((await project.run('status')).err).toContain('interrupted transaction 0001');
  project.write('.flask-style/state.json', state);
  expect((await project.run('apply')).out).toContain('note: a run that was killed had left');
  expect(await project.run('apply', '--check')).toMatchObject({ code: 0, err: '' });
});

describe('apply', () => {
  test('an edit of the spec by hand, with its comments; --rename says that a field has another name', async () => {
    const project = await shop();
    project.edit('flask-style.json', '"title": {', '// what it is called\n        "name": {');
    project.edit('flask-style.json', '"min": 0', '"min": 0, "index": true');
    const text = project.read('flask-style.json');
    const plain = await project.run('apply', '--dry-run', '--json');
    expect(parsed(plain.out).database.join()).toContain('keep their title');
    const { code, err, out } = await project.run('apply', '--rename', 'product.title=name');
    expect([code, err]).toEqual([0, '']);
    expect(project.read('flask-style.json')).toBe(text);
    expect(project.read('app/models/product.ts')).toMatch(
      /name: \{ type: 'string', required: true \}/,
    );
    expect(project.read('app/models/product.ts')).toContain('index: true');
    expect(project.read('migrations/0001-rename-product-title-to-name.ts')).toContain('$rename');
    expect(out).toContain('npm run db:migrate');
    expect(out).not.toContain('keep their title');
    const wrong = await project.run('apply', '--rename', 'product.nme=x');
    expect([wrong.code, wrong.err]).toEqual([
      1,
      'error: product has no field "nme" (did you mean name?)\n',
    ]);
  });

  test('a mistake in the spec is told with its line, and nothing is written', async () => {
    const project = await shop();
    project.edit('flask-style.json', '"min": 0', '"mim": 0');
    const before = snapshot(project.root);
    const { code, out, err } = await project.run('apply');
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^error: flask-style\.json:\d+: unknown key "mim" \(did you mean min\?\)\n$/,
    );
    expect(snapshot(project.root)).toEqual(before);
  });
});

describe('what is there already', () => {
  test('a rename to the same name does nothing, and writes no migration', async () => {
    const project = await shop();
    const before = snapshot(project.root);
    for (const args of [
      ['rename', 'field', 'product', 'title', 'title'],
      ['rename', 'field', 'product', 'Title', 'title'],
      ['rename', 'resource', 'product', 'products'],
    ]) {
      const { code, out, err } = await project.run(...args);
      expect([args, code, out, err]).toEqual([args, 0, 'nothing to do\n', '']);
    }
    expect(snapshot(project.root)).toEqual(before);
  });

  test('the same rename again has nothing to do, and migrations are not told of', async () => {
    const project = await shop();
    project.edit('flask-style.json', '"price": {', '"cost": {');
    const args = ['apply', '--rename', 'product.price=cost'];
    const first = await project.run(...args);
    expect([first.code, first.out.includes('note:')]).toEqual([0, false]);
    const again = await project.run(...args);
    expect([again.code, again.out]).toEqual([0, 'nothing to do\n']);
    await project.run('rename', 'field', 'product', 'cost', 'price');
    const back = await project.run('rename', 'field', 'product', 'price', 'cost');
    expect([back.code, back.out.includes('note:')]).toEqual([0, false]);
  });

  test('a path that was not emitted: the nearest one, not all of them', async () => {
    const project = await shop();
    const near = await project.run('diff', 'app/models/prodct.ts');
    expect([near.code, near.err]).toEqual([
      1,
      'error: "app/models/prodct.ts" is not among the emitted files (did you mean app/models/product.ts?)\n',
    ]);
    const none = await project.run('diff', 'qqq');
    project.edit('app/models/product.ts', 'title:', 'title /* mine */:');
    for (const [from, path] of [
      ['.', './app/models/product.ts'],
      ['app/models', 'product.ts'],
      ['app/models', 'app/models/product.ts'],
      ['app/services', '../models/product.ts'],
    ] as const) {
      const { code, out } = await project.run('diff', path, '--cwd', join(project.root, from));
      expect([from, path, code]).toEqual([from, path, 0]);
      expect(out).toContain('+    title /* mine */:');
    }
    expect(none.err).toBe(
      'error: "qqq" is not among the emitted files (diff shows all that you edited)\n',
    );
  });

  test('a model that was moved: the database is to be synchronised all the same', async () => {
    const project = await shop();
    project.write('lib/product.ts', project.read('app/models/product.ts'));
    rmSync(join(project.root, 'app/models/product.ts'));
    const { code, out } = await project.run('add', 'field', 'product', 'sku:slug:unique', '--yes');
    expect(code).toBe(0);
    expect(out).toContain('update  lib/product.ts');
    expect(out).toContain('npm run db:sync');
    const moved = await project.run('diff', 'lib/product.ts');
    expect(moved.err).toContain('(it was emitted as app/models/product.ts)');
  });
});

test('G39: a project of a newer version is refused, and so is a damaged state', async () => {
  const project = await shop();
  const state = project.read('.flask-style/state.json');
  project.edit('.flask-style/state.json', '"format": 1', '"format": 2');
  const newer = await project.run('add', 'field', 'product', 'x');
  expect([newer.code, newer.out]).toEqual([4, '']);
  project.write('.flask-style/state.json', state.replace('"products"', '"produkte"'));
  const damaged = await project.run('update');
  expect([damaged.code, damaged.out]).toEqual([4, '']);
  rmSync(join(project.root, '.flask-style'), { recursive: true });
  const missing = await project.run('status');
  expect([missing.code, missing.out]).toEqual([4, '']);
  const adopted = await project.run('adopt');
  expect([adopted.code, adopted.err]).toEqual([0, '']);
  expect((await project.run('status')).out).toContain('every emitted file is as it was emitted');
});

test('a project is found from a folder inside it, and not above a repository', async () => {
  const project = await shop();
  const inside = await tool(['status'], { cwd: join(project.root, 'app/models'), timeout: 60_000 });
  expect(inside.code).toBe(0);
  project.write('vendor/.git/HEAD', '');
  const above = await tool(['status'], { cwd: join(project.root, 'vendor') });
  expect([above.code, above.out]).toEqual([1, '']);
  expect(above.err).toContain('there is no flask-style.json');
  const named = await tool(['status', '--cwd', project.root], { cwd: scratch(), timeout: 60_000 });
  expect(named.code).toBe(0);
});

test('update brings in templates that are other ones now, beside an edit', async () => {
  const project = await shop();
  const emitted = project.read('app/site.ts');
  project.write(
    '.flask-style/templates/project/app/site.ts',
    `${emitted}\n// as the templates have it now\n`,
  );
  project.write('app/site.ts', `// mine\n${emitted}`);
  const { code, err, out } = await project.run('update');
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('update  app/site.ts');
  expect(project.read('app/site.ts')).toBe(
    `// mine\n${emitted}\n// as the templates have it now\n`,
  );
  expect((await project.run('update')).out).toBe('nothing to do\n');
});

test('eject leaves everything but the folder of the tool', async () => {
  const project = await shop();
  await project.run('add', 'feature', 'forms');
  const before = snapshot(project.root);
  const { code, out, err } = await project.run('eject', '--json');
  expect([code, err]).toEqual([0, '']);
  expect(parsed(out)).toMatchObject({
    written: true,
    notes: ['nothing can be undone after this; adopt begins anew'],
  });
  expect(parsed(out)).not.toHaveProperty('undo');
  const kept = Object.entries(before).filter(([path]) => !/^\.flask-style(?:\/|$)/.test(path));
  expect(snapshot(project.root)).toEqual(Object.fromEntries(kept));
  const again = await project.run('eject');
  expect([again.code, again.out]).toEqual([0, 'nothing to do\n']);
});
