import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Files } from '../../src/apply/files.ts';
import { Folders } from '../../src/apply/folders.ts';
import { self } from '../../src/apply/owner.ts';
import { interruptedRuns } from '../../src/apply/recover.ts';
import { transaction } from '../../src/apply/transaction.ts';
import { readUndo, undoEntries } from '../../src/apply/undo.ts';
import { answering } from './faults.ts';
import { contents, temporaryFolder } from './support.ts';
import {
  after,
  change,
  changesTo,
  old,
  options,
  prepared,
  project,
  put,
  wanted,
} from './support-transaction.ts';

const asRoot = process.getuid?.() === 0;
/** Every path with what would tell that it was written. */
function stamps(root: string): unknown {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => !statSync(path.join(root, file)).isDirectory())
    .map((file) => {
      const { mtimeMs, ctimeMs, ino } = statSync(path.join(root, file));
      return { file, mtimeMs, ctimeMs, ino };
    });
}

test('files are made, replaced and deleted; a folder goes with its last file', async () => {
  const root = prepared();
  expect(await change(root, wanted)).toMatchObject({ cleaned: [], id: '0001' });
  expect(project(root)).toEqual(after);
  expect(readdirSync(path.join(root, '.flask-style')).sort()).toEqual(['state.json', 'undo']);
});

test('I2 a plan that changes nothing writes nothing', async () => {
  const root = prepared();
  await change(root, wanted);
  const before = stamps(root);
  const result = await change(root, wanted);
  expect(result).not.toHaveProperty('id');
  const keep = changesTo(root, { 'app/index.ts': 'x' }).map((one) => ({
    ...one,
    kind: 'keep' as const,
  }));
  await transaction(root, options, async () => ({ changes: keep }));
  expect(stamps(root)).toEqual(before);
});

test('what the plan returns is returned, and conflicts are refused', async () => {
  const root = prepared();
  const planned = await transaction(root, options, async () => ({ changes: [], notes: ['a'] }));
  expect(planned).toEqual({ changes: [], notes: ['a'], cleaned: [] });
  const reason = 'line 3: both sides changed it';
  const conflict = { kind: 'merge', reason, hunks: [], answers: ['ours', 'theirs'] } as const;
  const changes = [{ path: 'a.ts', kind: 'conflict', mode: 0o644, conflict } as const];
  await expect(transaction(root, options, async () => ({ changes }))).rejects.toMatchObject({
    code: 3,
    message: 'a.ts: line 3: both sides changed it',
  });
  expect(project(root)).toEqual(old);
});

test('undo entries tell what was changed and hold the bytes', async () => {
  const root = prepared();
  await change(root, wanted);
  const undo = changesTo(root, old);
  await transaction(root, { ...options, command: 'undo', undoes: '0001' }, async () => ({
    changes: [...undo, ...changesTo(root, { 'app/books/new.ts': undefined })],
  }));
  expect(project(root)).toEqual(old);
  const [second, first] = await undoEntries(root);
  expect(second).toMatchObject({ id: '0002', command: 'undo', undoes: '0001', undone: false });
  expect(first).toMatchObject({ id: '0001', ...options, undone: true });
  expect(first?.files.map(({ path: file }) => file)).toEqual([
    'app/books/new.ts',
    'app/index.ts',
    'app/gone/only.ts',
    '.flask-style/state.json',
  ]);
  const texts = (await readUndo(root, '0001')).map(({ path: file, beforeBytes, afterBytes }) => [
    file,
    beforeBytes && Buffer.from(beforeBytes).toString(),
    afterBytes && Buffer.from(afterBytes).toString(),
  ]);
  expect(texts).toEqual([
    ['app/books/new.ts', undefined, 'new\n'],
    ['app/index.ts', 'old\n', 'new\n'],
    ['app/gone/only.ts', 'going\n', undefined],
    ['.flask-style/state.json', 'old\n', 'new\n'],
  ]);
  // The same bytes are kept once.
  expect(readFileSync(path.join(root, '.flask-style/undo/0001/after'), 'utf8')).toBe('new\n');
  await change(root, {});
  await transaction(root, { ...options, command: 'redo', undoes: '0002' }, async () => ({
    changes: changesTo(root, { 'app/index.ts': 'new\n' }),
  }));
  expect((await undoEntries(root)).map(({ undone }) => undone)).toEqual([false, true, false]);
  await expect(readUndo(root, '0009')).rejects.toMatchObject({ code: 1 });
  await expect(readUndo(root, '../tx')).rejects.toMatchObject({ code: 1 });
  writeFileSync(path.join(root, '.flask-style/undo/0001/cap/1'), 'other\n');
  await expect(readUndo(root, '0001')).rejects.toMatchObject({ code: 4 });
});

test('20 undo entries and 50 MiB are kept, and the newest in any case', async () => {
  const root = prepared();
  for (let n = 1; n <= 23; n++) await change(root, { 'app/index.ts': `${n}\n` });
  const ids = async () => (await undoEntries(root)).map(({ id }) => id);
  expect(await ids()).toEqual(
    Array.from({ length: 20 }, (_, n) => String(23 - n).padStart(4, '0')),
  );
  await change(root, { 'app/large.txt': 'x'.repeat(30 * 2 ** 20) });
  expect(await ids()).toHaveLength(20);
  await change(root, { 'app/large.txt': 'y'.repeat(30 * 2 ** 20) });
  expect(await ids()).toEqual(['0025']);
});

test('mode and owner of a replaced file stay; a new one has its own under any umask', async () => {
  const before = process.umask(0o077);
  onTestFinished(() => void process.umask(before));
  const root = prepared();
  chmodSync(path.join(root, 'app/index.ts'), 0o640);
  if (asRoot) chownSync(path.join(root, 'app/index.ts'), 12345, 54321);
  await change(root, wanted);
  const stats = lstatSync(path.join(root, 'app/index.ts'));
  expect((stats.mode & 0o7777).toString(8)).toBe('640');
  if (asRoot) expect([stats.uid, stats.gid]).toEqual([12345, 54321]);
  expect((lstatSync(path.join(root, 'app/books/new.ts')).mode & 0o777).toString(8)).toBe('644');
  expect((lstatSync(path.join(root, 'app/books')).mode & 0o777).toString(8)).toBe('755');
  expect((await undoEntries(root))[0]?.files[1]).toMatchObject({ mode: 0o640 });
});

test('another name of a replaced file keeps the old content', async () => {
  const root = prepared();
  const other = path.join(temporaryFolder(), 'other');
  linkSync(path.join(root, 'app/index.ts'), other);
  await change(root, wanted);
  expect(readFileSync(other, 'utf8')).toBe('old\n');
  // What undo needs is no longer the same file.
  writeFileSync(other, 'edited\n');
  expect((await readUndo(root, '0001'))[1]?.beforeBytes).toEqual(Buffer.from('old\n'));
});

test('a base file that is there with its content is not written again', async () => {
  const root = prepared();
  const blob = { '.flask-style/base/abc': 'blob\n' };
  put(root, blob);
  const { ino } = lstatSync(path.join(root, '.flask-style/base/abc'));
  const create = (text: string) => [
    {
      path: '.flask-style/base/abc',
      kind: 'create' as const,
      after: Buffer.from(text),
      mode: 0o644,
    },
  ];
  const plan = async () => ({ changes: [...changesTo(root, wanted), ...create('blob\n')] });
  await transaction(root, options, plan);
  expect(project(root)).toEqual({ ...after, ...blob });
  expect(lstatSync(path.join(root, '.flask-style/base/abc')).ino).toBe(ino);
  const other = transaction(root, options, async () => ({ changes: create('other\n') }));
  await expect(other).rejects.toMatchObject({ code: 5 });
});

test('a folder that was there before a command stays when the command is undone', async () => {
  const root = prepared();
  mkdirSync(path.join(root, 'own/folder'), { recursive: true });
  await change(root, { 'own/folder/new/a.ts': 'a\n' });
  await change(root, { 'own/folder/new/a.ts': undefined }, { undoes: '0001' });
  expect(contents(root)).toMatchObject({ 'own/folder': null });
});

test.each([
  ['edited', (file: string): void => writeFileSync(file, 'mine\n')],
  ['deleted', (file: string): void => rmSync(file)],
])('a file that is %s after the plan: exit 5, nothing written', async (_, meanwhile) => {
  const root = prepared();
  const changes = changesTo(root, wanted);
  meanwhile(path.join(root, 'app/index.ts'));
  const before = contents(root);
  const seen = stamps(root);
  await expect(transaction(root, options, async () => ({ changes }))).rejects.toMatchObject({
    code: 5,
    message: 'app/index.ts changed while the change was being planned',
    hint: 'nothing was written; run the command again',
  });
  expect(contents(root)).toEqual(before);
  // Not even taken from its place and put back.
  expect(stamps(root)).toEqual(seen);
});

test('a file that appears after the plan: exit 5, nothing written', async () => {
  const root = prepared();
  const changes = changesTo(root, wanted);
  put(root, { 'app/books/new.ts': 'mine\n' });
  await expect(transaction(root, options, async () => ({ changes }))).rejects.toMatchObject({
    code: 5,
  });
  expect(project(root)).toEqual({ ...old, 'app/books/new.ts': 'mine\n' });
});

test('a read-only file is not replaced and not deleted', async () => {
  for (const file of ['app/index.ts', 'app/gone/only.ts']) {
    const root = prepared();
    chmodSync(path.join(root, file), 0o444);
    await expect(change(root, wanted)).rejects.toMatchObject({
      code: 5,
      message: `${file} is read-only`,
    });
    expect(contents(root)).toEqual(old);
  }
});

test.skipIf(process.platform === 'win32')('a folder that may not be written: exit 5', async () => {
  const root = prepared();
  chmodSync(root, 0o777);
  chmodSync(path.join(root, '.flask-style'), 0o777);
  chmodSync(path.join(root, 'app/gone'), 0o555);
  if (asRoot) process.seteuid?.(65534);
  onTestFinished(() => {
    if (asRoot) process.seteuid?.(0);
    chmodSync(path.join(root, 'app/gone'), 0o755);
  });
  await expect(change(root, { 'app/gone/only.ts': undefined })).rejects.toMatchObject({
    code: 5,
    message: expect.stringContaining('permission denied'),
  });
  expect(contents(root)).toEqual(old);
});

test('I6 links: of a folder, of a file, of the tool itself; nothing outside is touched', async () => {
  const outside = temporaryFolder();
  put(outside, { 'index.ts': 'outside\n', lock: 'outside\n' });
  const cases: readonly (readonly [string, string])[] = [
    ['app', outside],
    ['app/index.ts', path.join(outside, 'index.ts')],
    ['.flask-style', outside],
    ['.flask-style/tx', outside],
    ['.flask-style/undo', outside],
    ['.flask-style/tmp', outside],
  ];
  for (const [link, target] of cases) {
    const root = prepared();
    rmSync(path.join(root, link), { recursive: true, force: true });
    symlinkSync(target, path.join(root, link));
    const changes = changesTo(root, { 'app/index.ts': 'new\n' });
    const run = transaction(root, { ...options, waitMs: 0 }, async () => ({ changes }));
    await expect(run, link).rejects.toMatchObject({
      code: 5,
      message: `${link} is a link; nothing is written through links`,
    });
    expect(contents(outside), link).toEqual({ 'index.ts': 'outside\n', lock: 'outside\n' });
  }
});

test.each(['../out', 'a/../../out', '/abs', '.git/hooks/x', '.flask-style/undo/0001/x'])(
  'I6 the path %j is refused',
  async (file) => {
    const root = prepared();
    const changes = [{ path: file, kind: 'create', after: Buffer.from('x'), mode: 0o644 } as const];
    await expect(transaction(root, options, async () => ({ changes }))).rejects.toMatchObject({
      code: 5,
    });
    expect(contents(root)).toEqual(old);
  },
);

test('I6 a record that came with the repository cannot lead out of it', async () => {
  const root = prepared();
  const hash = '0'.repeat(64);
  for (const file of ['../victim', '.git/config', '.flask-style/undo/x']) {
    const record = {
      version: 1,
      ...{ id: '0001', nonce: '00000000', command: 'x', at: '', folders: [] },
      ops: [{ path: file, after: hash, mode: 0o644 }],
    };
    put(root, { '.flask-style/tx/0001/COMMIT.json': JSON.stringify(record) });
    await expect(change(root, wanted)).rejects.toMatchObject({ code: 5 });
    expect(project(root)).toEqual(old);
  }
  put(root, { '.flask-style/tx/0001/COMMIT.json': '{}' });
  await expect(change(root, wanted)).rejects.toMatchObject({ code: 4 });
});

test('a new name that only upper and lower case or an accent tell from another is refused', async () => {
  const cases: readonly (readonly [string, string])[] = [
    ['app/INDEX.ts', 'app/index.ts'],
    ['App/new.ts', 'app'],
    ['cafe\u0301.ts', 'caf\u00e9.ts'],
  ];
  for (const [made, there] of cases) {
    const root = prepared();
    put(root, { 'caf\u00e9.ts': '' });
    const before = contents(root);
    await expect(change(root, { [made]: 'x\n' }), made).rejects.toMatchObject({
      code: 5,
      hint: `nothing was written; rename ${there}`,
    });
    expect(contents(root)).toEqual(before);
  }
});

test('the lock: waits for its end, names who holds it, and is given back after a refusal', async () => {
  const root = prepared();
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const first = transaction(root, options, async () => {
    await gate;
    return { changes: changesTo(root, { 'app/index.ts': 'first\n' }) };
  });
  await expect(change(root, wanted, { waitMs: 0 })).rejects.toMatchObject({
    code: 4,
    message: `process ${process.pid} (add resource book) is writing to this folder`,
  });
  expect(await interruptedRuns(root)).toEqual([]);
  const second = change(root, { 'app/index.ts': 'second\n' });
  open();
  await Promise.all([first, second]);
  expect(readFileSync(path.join(root, 'app/index.ts'), 'utf8')).toBe('second\n');
  await expect(
    transaction(root, options, () => Promise.reject(new TypeError('a bug'))),
  ).rejects.toThrow('a bug');
  expect(existsSync(path.join(root, '.flask-style/lock'))).toBe(false);
});

test('the lock of a process that is gone goes to one run alone, also when that is gone too', async () => {
  const root = prepared();
  const me = self('1'.repeat(16), 'first', '');
  const gone = { ...me, startTime: '0', bootId: 'another' };
  const claim = (nonce: string) => `.flask-style/tmp/steal-${nonce.repeat(16)}`;
  put(root, {
    '.flask-style/lock': JSON.stringify(gone),
    [claim('1')]: JSON.stringify({ ...me, nonce: '2'.repeat(16) }),
  });
  await expect(change(root, wanted, { waitMs: 0 })).rejects.toMatchObject({ code: 4 });
  put(root, { [claim('1')]: JSON.stringify({ ...gone, nonce: '2'.repeat(16) }) });
  await change(root, wanted, { waitMs: 0 });
  expect(project(root)).toEqual(after);
  expect(readdirSync(path.join(root, '.flask-style')).sort()).toEqual(['state.json', 'undo']);
});

test('130 before the commit point: nothing is left; after it: all is written', async () => {
  const root = prepared();
  const interrupt = new AbortController();
  const early = transaction(root, { ...options, signal: interrupt.signal }, async () => {
    interrupt.abort();
    return { changes: changesTo(root, wanted) };
  });
  await expect(early).rejects.toMatchObject({ code: 130, message: /nothing was written/ });
  expect(contents(root)).toEqual(old);
  const late = new AbortController();
  const disk = answering('linkSync', (_, to) => {
    if (String(to).endsWith('new.ts')) late.abort();
    return undefined;
  });
  onTestFinished(() => disk.restore());
  await expect(change(root, wanted, { signal: late.signal })).rejects.toMatchObject({
    code: 130,
    message: 'interrupted; the change is complete (undo: 0001)',
  });
  expect(project(root)).toEqual(after);
});

test('a project that holds a folder of another device', async ({ skip }) => {
  const root = prepared();
  const mount = path.join(root, 'app/gone');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', mount], { stdio: 'ignore' });
  } catch {
    skip('mounting is not allowed here');
  }
  onTestFinished(() => void execFileSync('umount', [mount]));
  put(root, { 'app/gone/only.ts': 'going\n', 'app/gone/stays.ts': 'old\n' });
  const more = { ...wanted, 'app/gone/stays.ts': 'new\n', 'app/gone/deep/new.ts': 'new\n' };
  await change(root, more);
  const files = { 'app/gone/deep/new.ts': 'new\n', 'app/gone/stays.ts': 'new\n' };
  expect(project(root)).toEqual({ ...after, ...files });
  const kept = (await readUndo(root, '0001')).map(({ beforeBytes = '' }) =>
    String(Buffer.from(beforeBytes)),
  );
  expect(kept).toContain('going\n');
});

test('Windows: a file that somebody holds is tried again, for a while', async () => {
  const root = prepared();
  let held = 4;
  const disk = answering('renameSync', (from) =>
    String(from).endsWith('index.ts') && held-- > 0 ? 'EBUSY' : undefined,
  );
  onTestFinished(() => disk.restore());
  const folders = new Folders(root, 'win32');
  onTestFinished(() => folders.close());
  const files = new Files(folders, { id: '0001', nonce: '00000000' });
  put(root, { '.flask-style/tx/0001/cap/none': '' });
  files.take('app/index.ts', 'cap', 0);
  expect(held).toBe(-1);
  expect(files.read('.flask-style/tx/0001/cap/0')).toEqual(Buffer.from('old\n'));
  held = 1e9;
  put(root, { 'app/index.ts': 'again\n' });
  expect(() => files.take('app/index.ts', 'cap', 1)).toThrow('EBUSY');
});

test('a file system without hard links', async () => {
  const root = prepared();
  const disk = answering('linkSync', () => 'EPERM');
  onTestFinished(() => disk.restore());
  await change(root, wanted);
  expect(project(root)).toEqual(after);
  await change(root, wanted);
});
