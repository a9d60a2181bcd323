import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, rm, unlink } from 'node:fs/promises';
import path from 'node:path';
import { exit, UserError } from '../errors.ts';
import type { Change } from './change.ts';

/** The file of a transaction folder whose presence says that files are being moved. */
export const record = 'COMMIT.json';

/** What it holds: enough to take a half-done move back without the tree it came from. */
export interface CommitRecord {
  /** The files and topmost new folders that are moved, each in one step. */
  readonly units: readonly string[];
  /** The SHA-256 of every file, in hexadecimal digits. */
  readonly files: Readonly<Record<string, string>>;
}

/** The record of moving `units` of `changes`. */
export function recordOf(units: readonly string[], changes: readonly Change[]): CommitRecord {
  return {
    units,
    files: Object.fromEntries(changes.map(({ path: file, after = '' }) => [file, sha256(after)])),
  };
}

/**
 * Takes back what an interrupted move has put into `root`. Safe to be interrupted and called again.
 *
 * @param transaction the folder with `new/` and COMMIT.json; without the latter nothing had been moved
 * @throws UserError 4 when one of the moved files was edited since: nothing is taken back then
 */
export async function takeBack(transaction: string, root: string): Promise<void> {
  const { moved } = await interrupted(transaction, root);
  for (const unit of moved) {
    const back = path.join(transaction, 'new', unit);
    if (await isThere(back)) await unlink(path.join(root, unit));
    else {
      await mkdir(path.dirname(back), { recursive: true });
      await rename(path.join(root, unit), back);
    }
  }
  // What is left is rubbish: with the record, a kill while it is removed would be read as a move that lost its stage.
  await rm(path.join(transaction, record), { force: true });
}

/**
 * The files that an interrupted move has put into `root`.
 *
 * @throws UserError 4 as {@link takeBack} does
 */
export async function movedFiles(transaction: string, root: string): Promise<readonly string[]> {
  const { moved, files } = await interrupted(transaction, root);
  const units = new Set(moved);
  return Object.keys(files).filter((file) => withParents(file).some((at) => units.has(at)));
}

/** Whether anything, even a broken link, lies at `file`. */
export async function isThere(file: string): Promise<boolean> {
  return (await statOf(file)) !== undefined;
}

async function interrupted(
  transaction: string,
  root: string,
): Promise<{ readonly moved: readonly string[]; readonly files: CommitRecord['files'] }> {
  const text = await readFile(path.join(transaction, record), 'utf8').catch(() => undefined);
  if (text === undefined) return { moved: [], files: {} };
  const { units, files } = JSON.parse(text) as CommitRecord;
  const moved = await movedUnits(transaction, root, units);
  const edited = (await Promise.all(moved.map((unit) => editedIn(root, unit, files)))).flat();
  if (edited.length === 0) return { moved, files };
  throw new UserError(
    exit.state,
    `an interrupted run left files that were edited since: ${edited.join(', ')}`,
    `move them away, or delete ${transaction} to keep everything as it is`,
  );
}

function withParents(file: string): readonly string[] {
  const parts = file.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

async function movedUnits(
  transaction: string,
  root: string,
  units: readonly string[],
): Promise<readonly string[]> {
  const moved: string[] = [];
  for (const unit of units) {
    const staged = await statOf(path.join(transaction, 'new', unit));
    const there = await statOf(path.join(root, unit));
    // A file is moved by a link and an unlink: between the two it has both names. Another file than the staged one was
    // put there by somebody else and stays.
    if (there && (!staged || (staged.ino === there.ino && staged.dev === there.dev)))
      moved.push(unit);
  }
  return moved;
}

async function editedIn(
  root: string,
  unit: string,
  files: CommitRecord['files'],
): Promise<readonly string[]> {
  const entry = await lstat(path.join(root, unit));
  if (entry.isDirectory()) {
    const inside = await readdir(path.join(root, unit));
    const found = await Promise.all(inside.map((name) => editedIn(root, `${unit}/${name}`, files)));
    return found.flat();
  }
  const same = entry.isFile() && sha256(await readFile(path.join(root, unit))) === files[unit];
  return same ? [] : [unit];
}

function statOf(file: string): Promise<Stats | undefined> {
  return lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    return undefined;
  });
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
