import { link, lstat, rename, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fsExtra from 'fs-extra';
import { exit, UserError } from '../errors.ts';
import type { Change } from './change.ts';
import { lock } from './lock.ts';
import { refuseLinks } from './paths.ts';
import { stopIfAborted, writeStage } from './stage.ts';
import { isThere, record, recordOf, takeBack } from './take-back.ts';

/**
 * Writes a tree into a folder that exists and may hold other files: everything is prepared in a transaction folder of
 * `root`, recorded, and moved in by renames and links, which never replace a file. An error takes back what was moved; after
 * a kill the next run does.
 *
 * @returns the transaction folders of killed runs that were taken back
 * @throws UserError 3 when a path exists, 4 when another run is at work, 5 for a link, 130 when aborted
 */
export async function moveIn(
  root: string,
  changes: readonly Change[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const paths = changes.map(({ path: file }) => file);
  await refuseLinks(root, paths);
  const { transaction, cleaned } = await lock(root);
  try {
    const stage = path.join(transaction, 'new');
    await writeStage(stage, changes, signal);
    const units = await unitsOf(root, paths);
    const commit = path.join(transaction, record);
    await writeFile(`${commit}.tmp`, JSON.stringify(recordOf(units, changes)));
    stopIfAborted(signal);
    await rename(`${commit}.tmp`, commit);
    await moveUnits(stage, root, units);
    // From here on the files stay: without a record there is nothing to take back.
    await unlink(commit);
  } catch (error) {
    await takeBack(transaction, root);
    await fsExtra.remove(transaction);
    throw error;
  }
  // Everything is in place, and the next run removes what is left here.
  await fsExtra.remove(transaction).catch(() => undefined);
  return cleaned;
}

/** The files, and the topmost folders that do not exist yet: as few moves as possible. */
async function unitsOf(root: string, paths: Iterable<string>): Promise<readonly string[]> {
  const there = new Map<string, boolean>();
  const units = new Set<string>();
  for (const file of paths) {
    const parts = file.split('/');
    for (let depth = 1; depth <= parts.length; depth++) {
      const at = parts.slice(0, depth).join('/');
      const exists = there.get(at) ?? (await isThere(path.join(root, at)));
      there.set(at, exists);
      if (exists && at === file) throw appeared(file);
      if (exists) continue;
      units.add(at);
      break;
    }
  }
  return [...units];
}

async function moveUnits(stage: string, root: string, units: readonly string[]): Promise<void> {
  for (const unit of units) {
    const from = path.join(stage, unit);
    const to = path.join(root, unit);
    const isFolder = (await lstat(from)).isDirectory();
    await (isFolder ? rename(from, to) : moveFile(from, to)).catch(
      (error: NodeJS.ErrnoException) => {
        if (['EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EISDIR'].includes(error.code ?? ''))
          throw appeared(unit);
        throw error;
      },
    );
  }
}

/** A rename would replace a file that somebody has just made; a link refuses. */
async function moveFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EPERM', 'ENOTSUP', 'EMLINK', 'ENOSYS'].includes(code)) throw error;
    // FAT and some network drives have no hard links. A copy would refuse as well, but a kill leaves half of it.
    if (await isThere(to)) throw Object.assign(new Error(`${to} exists`), { code: 'EEXIST' });
    return rename(from, to);
  }
  await unlink(from);
}

function appeared(unit: string): UserError {
  return new UserError(
    exit.conflict,
    `${unit} appeared while the files were being prepared`,
    'nothing was written',
  );
}
