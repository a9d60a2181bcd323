import { closeSync, openSync, renameSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { answering } from './faults.ts';
import { contents, temporaryFolder } from './support.ts';
import { after, change, old, prepared, project, put, wanted } from './support-transaction.ts';

/** Calls once, right before a call of the disk that has to do with a file of this name. */
function before(call: string, isIt: (...args: readonly unknown[]) => boolean, what: () => void) {
  let done = false;
  const disk = answering(call, (...args) => {
    if (!done && isIt(...args)) {
      done = true;
      what();
    }
    return undefined;
  });
  onTestFinished(() => {
    disk.restore();
    expect(done).toBe(true);
  });
}

const isIndex = (one: unknown): boolean => String(one).endsWith('/index.ts');

test('I1 a save right before a file is taken from its place', async () => {
  const root = prepared();
  before('renameSync', isIndex, () => put(root, { 'app/index.ts': 'saved\n' }));
  await expect(change(root, wanted)).rejects.toMatchObject({ code: 5 });
  expect(contents(root)).toEqual({ ...old, 'app/index.ts': 'saved\n' });
});

test('I1 a save while the place is empty', async () => {
  const root = prepared();
  before(
    'linkSync',
    (_, to) => isIndex(to),
    () => put(root, { 'app/index.ts': 'saved\n' }),
  );
  await expect(change(root, wanted)).rejects.toMatchObject({
    code: 5,
    hint: expect.stringMatching(
      /^everything else is as it was; older .*: \.flask-style\/undo\/0001-kept-/,
    ),
  });
  expect(project(root)).toEqual({ ...old, 'app/index.ts': 'saved\n' });
});

test('I1 a save into a file that was open when it was taken', async () => {
  const root = prepared();
  const handle = openSync(path.join(root, 'app/index.ts'), 'r+');
  onTestFinished(() => closeSync(handle));
  before(
    'linkSync',
    (_, to) => String(to).endsWith('state.json'),
    () => void writeSync(handle, 'saved\n'),
  );
  await expect(change(root, wanted)).rejects.toMatchObject({
    code: 5,
    hint: /nothing was written/,
  });
  expect(contents(root)).toEqual({ ...old, 'app/index.ts': 'saved\n' });
});

test('I1 a save right after the new file is in its place', async () => {
  const root = prepared();
  const save = () => put(root, { 'app/index.ts': 'saved\n' });
  before('linkSync', (_, to) => String(to).endsWith('state.json'), save);
  await change(root, wanted);
  expect(project(root)).toEqual({ ...after, 'app/index.ts': 'saved\n' });
});

test('I6 a folder that becomes a link after it was looked at', async () => {
  const root = prepared();
  const outside = temporaryFolder();
  put(outside, { 'index.ts': 'outside\n' });
  before(
    'linkSync',
    (_, to) => String(to).endsWith('new.ts'),
    () => {
      renameSync(path.join(root, 'app'), path.join(root, 'aside'));
      symlinkSync(outside, path.join(root, 'app'));
    },
  );
  await expect(change(root, wanted)).rejects.toMatchObject({ code: 4 });
  expect(contents(outside)).toEqual({ 'index.ts': 'outside\n' });
  rmSync(path.join(root, 'app'));
  renameSync(path.join(root, 'aside'), path.join(root, 'app'));
  await change(root, {});
  expect(project(root)).toEqual(old);
});
