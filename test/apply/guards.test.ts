import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { self } from '../../src/apply/owner.ts';
import { checkPaths } from '../../src/apply/paths.ts';
import { sha256 } from '../../src/apply/hash.ts';
import { answering } from './faults.ts';
import { contents, temporaryFolder } from './support.ts';
import { after, change, old, prepared, project, put, wanted } from './support-transaction.ts';

// Guards behind each other: each is told by its own words, so that none stands in for another.
test.each([
  ['', 'not a relative path'],
  ['/abs', 'not a relative path'],
  ['C:/abs', 'not a relative path'],
  ['a\0b', 'not a relative path'],
  ['a\\b', 'not a relative path'],
  ['../out', 'not a plain path'],
  ['a/../../out', 'not a plain path'],
  ['a/./b', 'not a plain path'],
  ['a//b', 'not a plain path'],
  ['.git/hooks/x', 'inside .git'],
  ['app/.GIT/x', 'inside .GIT'],
  ['node_modules/x', 'inside node_modules'],
  ['a/con.txt', 'a device name on Windows'],
  ['a/LPT1', 'a device name on Windows'],
  ['a./b', 'ends with a dot or a space'],
  ['a /b', 'ends with a dot or a space'],
  [`${'é'.repeat(128)}/b`, 'a name of more than 255 bytes'],
])('the path %j is refused: %s', (file, why) => {
  expect(() => checkPaths([file])).toThrow(`unsafe path ${JSON.stringify(file)}: ${why}`);
});

test('what no plan may name, and no record', async () => {
  const root = prepared();
  for (const file of ['.flask-style/undo/0001/x', '.flask-style/lock', '.FLASK-style/tx/x'])
    await expect(change(root, { [file]: 'x\n' }), file).rejects.toMatchObject({
      code: 5,
      message: `unsafe path ${file}: the tool keeps its undo there`,
    });
  const records = {
    '../victim': 'unsafe path "../victim": not a plain path',
    '.flask-style/undo/x':
      '.flask-style/tx/0001/COMMIT.json names .flask-style/undo/x, which no command writes',
  };
  for (const [file, message] of Object.entries(records)) {
    interrupted(root, [{ path: file, after: 'x\n' }]);
    await expect(change(root, wanted)).rejects.toMatchObject({ code: 5, message });
    rmSync(path.join(root, '.flask-style/tx'), { recursive: true });
  }
  expect(contents(root)).toEqual(old);
});

test('a folder around the folder becomes a link while it is used: nothing goes there', async () => {
  const root = prepared();
  const outside = temporaryFolder();
  put(outside, { 'books/other.ts': 'outside\n' });
  put(root, { 'app/books/there.ts': 'mine\n' });
  let done = false;
  const disk = answering('linkSync', (_, to) => {
    if (!done && String(to).endsWith('new.ts')) {
      done = true;
      renameSync(path.join(root, 'app'), path.join(root, 'aside'));
      symlinkSync(outside, path.join(root, 'app'));
    }
    return undefined;
  });
  onTestFinished(() => disk.restore());
  await expect(change(root, { ...wanted, 'app/books/newer.ts': 'new\n' })).rejects.toThrow();
  expect(done).toBe(true);
  expect(contents(outside)).toEqual({ 'books/other.ts': 'outside\n' });
});

test.each([
  ['another start of its process', { startTime: '0' }],
  ['another start of the machine', { bootId: 'another' }],
])('a lock of %s is taken over', async (_what, other) => {
  const root = prepared();
  const me = self('1'.repeat(16), 'first', '');
  put(root, { '.flask-style/lock': JSON.stringify({ ...me, ...other }) });
  await change(root, wanted, { waitMs: 0 });
  expect(project(root)).toEqual(after);
});

test('a lock of another container of this machine is left: its processes are counted there', async () => {
  const root = prepared();
  const me = self('1'.repeat(16), 'first', '');
  put(root, { '.flask-style/lock': JSON.stringify({ ...me, pid: 2 ** 30, space: 'pid:[1]' }) });
  await expect(change(root, wanted, { waitMs: 0 })).rejects.toMatchObject({ code: 4 });
});

interface Operation {
  readonly path: string;
  readonly before?: string;
  readonly after: string;
  /** Its turn has come: the new file is in its place. */
  readonly done?: true;
}

/** Leaves a transaction behind its commit point, as a run that was killed there. */
function interrupted(root: string, operations: readonly Operation[], mark?: 'BACK'): void {
  const home = '.flask-style/tx/0001';
  for (const folder of ['new', 'cap', 'back'])
    mkdirSync(path.join(root, home, folder), { recursive: true });
  for (const [n, { path: file, before, after: text, done }] of operations.entries()) {
    if (done && before !== undefined) put(root, { [`${home}/cap/${n}`]: before });
    put(root, { [done ? file : `${home}/new/${n}`]: text });
  }
  const hash = (text: string) => sha256(Buffer.from(text));
  const ops = operations.map(({ path: file, before, after: text }) => ({
    path: file,
    ...(before !== undefined && { before: hash(before) }),
    ...{ after: hash(text), size: text.length, mode: 0o644 },
  }));
  const names = { id: '0001', nonce: '00000000', command: 'add', at: '', folders: [] };
  put(root, {
    [`${home}/after`]: operations.map((one) => one.after).join(''),
    [`${home}/COMMIT.json`]: JSON.stringify({ version: 1, ...names, ops }),
    ...(mark && { [`${home}/${mark}`]: '' }),
  });
}

const index = { path: 'app/index.ts', before: 'old\n', after: 'new\n' };
const state = { path: '.flask-style/state.json', before: 'old\n', after: 'new\n' };
const both = { ...old, 'app/index.ts': 'new\n', '.flask-style/state.json': 'new\n' };

test('a run that was killed is finished, whatever was edited behind it', async () => {
  const root = prepared();
  interrupted(root, [{ ...index, done: true }, state]);
  await change(root, {});
  expect(project(root)).toEqual(both);
  const other = prepared();
  interrupted(other, [{ ...index, done: true }, state]);
  put(other, { 'app/index.ts': 'edited since\n' });
  await change(other, {});
  expect(project(other)).toEqual({ ...both, 'app/index.ts': 'edited since\n' });
});

test('it is taken back when a file was edited before its turn', async () => {
  const root = prepared();
  interrupted(root, [{ ...index, done: true }, state]);
  put(root, { '.flask-style/state.json': 'edited\n' });
  await change(root, {});
  expect(project(root)).toEqual({ ...old, '.flask-style/state.json': 'edited\n' });
});

test('files edited before and behind it: exit 4, nothing is touched, and both are named', async () => {
  const root = prepared();
  interrupted(root, [{ ...index, done: true }, state]);
  put(root, { '.flask-style/state.json': 'edited\n', 'app/index.ts': 'edited since\n' });
  const before = contents(root);
  await expect(change(root, wanted)).rejects.toMatchObject({
    code: 4,
    message:
      'interrupted transaction 0001: files were edited since: app/index.ts (as it was: .flask-style/tx/0001/cap/0), .flask-style/state.json',
  });
  expect(contents(root)).toEqual(before);
});

test('one that was being taken back is taken back to its end, never finished', async () => {
  const root = prepared();
  interrupted(root, [{ ...index, done: true }, state], 'BACK');
  await change(root, {});
  expect(project(root)).toEqual(old);
});
