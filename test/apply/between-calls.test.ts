// What other runs of the tool, and other programs, do between two calls of the system.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Files } from '../../src/apply/files.ts';
import { Folders } from '../../src/apply/folders.ts';
import { temporaryFolder } from './support.ts';

/** Does something right before the next call of a function of `fs`. */
function before(name: 'openSync' | 'readlinkSync', act: () => void): void {
  const functions = fs as unknown as Record<string, (...args: unknown[]) => unknown>;
  const real = functions[name];
  const restore = () => {
    if (real) functions[name] = real;
    syncBuiltinESMExports();
  };
  functions[name] = (...args) => {
    restore();
    act();
    return real?.(...args);
  };
  syncBuiltinESMExports();
  onTestFinished(restore);
}

/** A project with a folder `home` and a file in it. */
function project() {
  const root = fs.realpathSync(temporaryFolder());
  const home = path.join(root, 'home');
  fs.mkdirSync(home);
  fs.writeFileSync(path.join(home, 'lock'), 'mine');
  const folders = new Folders(root);
  onTestFinished(() => folders.close());
  return { root, home, folders };
}

const onLinux = test.skipIf(process.platform !== 'linux');

onLinux('a folder that another command removed and made again is the one that is there', () => {
  const { home, folders } = project();
  before('readlinkSync', () => {
    fs.rmSync(home, { recursive: true });
    fs.mkdirSync(home);
  });
  expect(fs.realpathSync(folders.folder('home'))).toBe(home);
});

onLinux('G4 a folder that was moved away for a link is refused with exit 5', () => {
  const { root, home, folders } = project();
  before('readlinkSync', () => {
    fs.renameSync(home, path.join(root, 'moved'));
    fs.symlinkSync(path.join(root, 'moved'), home);
  });
  expect(() => folders.folder('home')).toThrow(expect.objectContaining({ code: 5 }));
});

test('a file that goes after it was seen is not there: a lock that is given back is free', () => {
  const { home, folders } = project();
  const files = new Files(folders, { id: '1', nonce: 'n' });
  expect(String(files.read('home/lock'))).toBe('mine');
  before('openSync', () => fs.rmSync(path.join(home, 'lock')));
  expect(files.read('home/lock')).toBeUndefined();
});
