import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { commit } from '../../src/apply/commit.ts';
import { readOurs } from '../../src/apply/disk.ts';
import { self } from '../../src/apply/owner.ts';
import { reconcile } from '../../src/apply/reconcile.ts';
import { stageName } from '../../src/apply/stage-name.ts';
import { contents, temporaryFolder, treeOf, write } from './support.ts';

const wanted = { 'README.md': '# Shop\n', 'app/index.ts': 'x\n', 'bin/run.sh': '#!/bin/sh\n' };
const tree = treeOf(wanted, { 'bin/run.sh': 0o755, '.env': 0o600 });
const asRoot = process.getuid?.() === 0;

/** A process id of this machine that belongs to nobody any more. */
function deadPid(): number {
  return Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
}

test('a new folder appears with everything in it, and the folders on the way', async () => {
  const parent = temporaryFolder();
  const root = path.join(parent, 'apps/deep/shop');
  expect(await write(root, tree)).toEqual({ cleaned: [] });
  expect(contents(root)).toEqual(wanted);
  expect(readdirSync(path.dirname(root))).toEqual(['shop']);
});

test('an existing folder keeps what it holds', async () => {
  const root = temporaryFolder();
  mkdirSync(path.join(root, 'app'));
  writeFileSync(path.join(root, 'app/own.ts'), 'mine\n');
  utimesSync(path.join(root, 'app/own.ts'), 1, 1);
  await write(root, tree);
  expect(contents(root)).toEqual({ ...wanted, 'app/own.ts': 'mine\n' });
  expect(lstatSync(path.join(root, 'app/own.ts')).mtimeMs).toBe(1000);
});

for (const name of ['new', 'existing']) {
  test(`G26 modes are as wanted under umask 000, in a ${name} folder`, async () => {
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    const root = path.join(temporaryFolder(), 'shop');
    if (name === 'existing') mkdirSync(root, { mode: 0o755 });
    await write(
      root,
      treeOf({ ...wanted, '.env': 'SECRET=1\n' }, { 'bin/run.sh': 0o755, '.env': 0o600 }),
    );
    const mode = (file: string): string =>
      (lstatSync(path.join(root, file)).mode & 0o777).toString(8);
    expect(['.', 'app', 'README.md', 'app/index.ts', 'bin/run.sh', '.env'].map(mode)).toEqual([
      ...['755', '755', '644', '644', '755', '600'],
    ]);
  });
}

test('G26 modes are as wanted under umask 077', async () => {
  const before = process.umask(0o077);
  onTestFinished(() => void process.umask(before));
  const root = path.join(temporaryFolder(), 'shop');
  await write(root, tree);
  expect(lstatSync(path.join(root, 'app/index.ts')).mode & 0o777).toBe(0o644);
  expect(lstatSync(path.join(root, 'app')).mode & 0o777).toBe(0o755);
});

test('G19 paths that exist: exit 3, all of them listed, nothing written', async () => {
  const root = temporaryFolder();
  mkdirSync(path.join(root, 'app'));
  writeFileSync(path.join(root, 'app/index.ts'), 'mine\n');
  writeFileSync(path.join(root, 'README.md'), wanted['README.md']);
  const before = contents(root);
  await expect(write(root, tree)).rejects.toMatchObject({
    code: 3,
    message: 'these 2 paths exist and would be overwritten: README.md, app/index.ts',
  });
  expect(contents(root)).toEqual(before);
});

test('G19 a path that appears between the look and the writing: exit 3, nothing written', async () => {
  const root = temporaryFolder();
  const changes = reconcile(new Map(), tree);
  mkdirSync(path.join(root, 'app'));
  writeFileSync(path.join(root, 'app/index.ts'), 'mine\n');
  await expect(commit(root, changes)).rejects.toMatchObject({ code: 3 });
  expect(contents(root)).toEqual({ 'app/index.ts': 'mine\n' });
});

test('G19 a file where a folder is needed: exit 3', async () => {
  const root = temporaryFolder();
  writeFileSync(path.join(root, 'app'), 'mine\n');
  await expect(write(root, tree)).rejects.toMatchObject({ code: 3 });
  expect(contents(root)).toEqual({ app: 'mine\n' });
});

test('G19 a file where the project is to be: exit 3', async () => {
  const file = path.join(temporaryFolder(), 'shop');
  writeFileSync(file, 'mine\n');
  await expect(write(file, tree)).rejects.toMatchObject({ code: 3 });
  expect(readFileSync(file, 'utf8')).toBe('mine\n');
});

test('G3 a linked folder that leads out: exit 5, nothing written outside', async () => {
  const [root, outside] = [temporaryFolder(), temporaryFolder()];
  symlinkSync(outside, path.join(root, 'app'));
  await expect(write(root, tree)).rejects.toMatchObject({ code: 5 });
  const changes = reconcile(new Map(), tree);
  await expect(commit(root, changes)).rejects.toMatchObject({ code: 5 });
  expect(readdirSync(outside)).toEqual([]);
  expect(readdirSync(root)).toEqual(['app']);
});

test('G3 the target is itself a link: exit 5', async () => {
  const [parent, outside] = [temporaryFolder(), temporaryFolder()];
  symlinkSync(outside, path.join(parent, 'shop'));
  await expect(write(path.join(parent, 'shop'), tree)).rejects.toMatchObject({ code: 5 });
  expect(readdirSync(outside)).toEqual([]);
});

test.each([
  ...['../out', '/abs', 'a/../b', './a', 'a//b', 'C:/x', 'a\\b', 'a\0b', ''],
  ...[
    '.git/config',
    'x/.GIT/hooks',
    'node_modules/x',
    'con',
    'aux.txt',
    'x.',
    'y ',
    'é'.repeat(128),
  ],
])('G3 G31 the path %j is refused with exit 5', async (file) => {
  const root = path.join(temporaryFolder(), 'shop');
  const changes = reconcile(new Map(), treeOf({ [file]: 'x' }));
  await expect(commit(root, changes)).rejects.toMatchObject({ code: 5 });
  expect(existsSync(root)).toBe(false);
});

test('G30 two paths that differ by case alone are refused with exit 5', async () => {
  const root = path.join(temporaryFolder(), 'shop');
  await expect(write(root, treeOf({ 'A.ts': '', 'a.ts': '' }))).rejects.toMatchObject({ code: 5 });
});

test('G34 a name too long for the file system: exit 5', async () => {
  const parent = temporaryFolder();
  const root = path.join(parent, 'x'.repeat(300));
  await expect(write(root, tree)).rejects.toMatchObject({
    code: 5,
    message: expect.stringContaining('the name is too long'),
  });
  expect(readdirSync(parent)).toEqual([]);
});

test.skipIf(process.platform === 'win32')(
  'G34 a read-only folder: exit 5, nothing left',
  async () => {
    const parent = temporaryFolder();
    mkdirSync(path.join(parent, '.keep'));
    chmodSync(parent, 0o555);
    // Nothing is read-only for root.
    if (asRoot) process.seteuid?.(65534);
    onTestFinished(() => {
      if (asRoot) process.seteuid?.(0);
      chmodSync(parent, 0o755);
    });
    for (const root of [path.join(parent, 'shop'), path.join(parent, 'a/b/shop'), parent]) {
      await expect(write(root, tree)).rejects.toMatchObject({
        code: 5,
        message: expect.stringContaining('permission denied'),
      });
    }
    expect(readdirSync(parent)).toEqual(['.keep']);
  },
);

test('G34 a disk of 1 MB that fills up: exit 5, nothing left', async ({ skip }) => {
  const parent = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', parent], { stdio: 'ignore' });
  } catch {
    skip('mounting is not allowed here');
  }
  onTestFinished(() => void execFileSync('umount', [parent]));
  const large = Object.fromEntries(
    Array.from({ length: 300 }, (_, n) => [`app/${n}.ts`, 'x'.repeat(8000)]),
  );
  mkdirSync(path.join(parent, 'there'));
  writeFileSync(path.join(parent, 'there/own.txt'), 'mine\n');
  for (const name of ['shop', 'there']) {
    await expect(write(path.join(parent, name), treeOf(large))).rejects.toMatchObject({
      code: 5,
      message: expect.stringContaining('no space left'),
    });
  }
  expect(contents(parent)).toEqual({ 'there/own.txt': 'mine\n' });
});

test.each(['new', 'existing'])('G32 aborted, %s folder: exit 130, nothing left', async (name) => {
  const parent = temporaryFolder();
  const root = path.join(parent, 'shop');
  if (name === 'existing') mkdirSync(root);
  const before = contents(parent);
  const many = treeOf(Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`a/${n}`, 'x'])));
  const interrupt = new AbortController();
  const running = write(root, many, { signal: interrupt.signal });
  const timer = setInterval(() => {
    if (readdirSync(parent, { recursive: true }).length > 3) interrupt.abort();
  });
  onTestFinished(() => clearInterval(timer));
  await expect(running).rejects.toMatchObject({ code: 130 });
  expect(contents(parent)).toEqual(before);
});

test('G6 the stage of a killed run is removed and named; others stay', async () => {
  const parent = temporaryFolder();
  const root = path.join(parent, 'shop');
  const mine = stageName('shop');
  const dead = mine.replace(`-${process.pid}-`, `-${deadPid()}-`);
  const elsewhere = dead.replace(/cfsa-[0-9a-f]+/, 'cfsa-00000000');
  for (const name of [mine, dead, elsewhere]) mkdirSync(path.join(parent, name));
  expect(await write(root, tree)).toEqual({ cleaned: [path.join(parent, dead)] });
  expect(readdirSync(parent).sort()).toEqual([mine, elsewhere, 'shop'].sort());
});

test('G35 the lock of a living process, of another machine, of nobody knows whom: exit 4', async () => {
  const me = self('0'.repeat(16), 'add resource book', '');
  const foreign = { ...me, machine: '0'.repeat(16), pid: deadPid(), host: 'elsewhere' };
  const locks: Readonly<Record<string, string>> = {
    [`process ${process.pid} (add resource book) is`]: JSON.stringify(me),
    [`process ${foreign.pid} (add resource book) of elsewhere is`]: JSON.stringify(foreign),
    'another run is': '',
  };
  for (const [message, content] of Object.entries(locks)) {
    const root = temporaryFolder();
    mkdirSync(path.join(root, '.flask-style'));
    const lock = path.join(root, '.flask-style/lock');
    writeFileSync(lock, content);
    await expect(write(root, tree, { waitMs: 0 })).rejects.toMatchObject({
      code: 4,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(`delete ${lock}`),
    });
    expect(contents(root)).toEqual({ '.flask-style/lock': content });
  }
});

test('files of a killed run that were edited since: exit 4, they stay', async () => {
  const root = temporaryFolder();
  const folder = path.join(root, '.flask-style/tx/0001');
  mkdirSync(folder, { recursive: true });
  const after = '0'.repeat(64);
  const ops = [{ path: 'app/index.ts', after, mode: 0o644 }];
  const names = { id: '0001', nonce: '00000000', command: 'create', at: '' };
  const record = { version: 1, ...names, creation: true, folders: ['app'], ops };
  writeFileSync(path.join(folder, 'COMMIT.json'), JSON.stringify(record));
  mkdirSync(path.join(root, 'app'));
  writeFileSync(path.join(root, 'app/index.ts'), 'edited\n');
  await expect(write(root, tree)).rejects.toMatchObject({
    code: 4,
    message: expect.stringContaining('app/index.ts'),
  });
  expect(readFileSync(path.join(root, 'app/index.ts'), 'utf8')).toBe('edited\n');
});

test('what lies at a wanted path is read, whatever it is', async () => {
  const root = temporaryFolder();
  writeFileSync(path.join(root, 'README.md'), 'mine\n');
  mkdirSync(path.join(root, 'app/index.ts'), { recursive: true });
  const ours = await readOurs(root, ['README.md', 'app/index.ts', 'other']);
  expect([...ours.keys()]).toEqual(['README.md', 'app/index.ts']);
  expect(Buffer.from(ours.get('README.md') ?? []).toString()).toBe('mine\n');
});
