import { lstat, mkdir, readdir, rename, rmdir } from 'node:fs/promises';
import path from 'node:path';
import fsExtra from 'fs-extra';
import { exit, UserError } from '../errors.ts';
import type { Change } from './change.ts';
import { diskError } from './errors.ts';
import { linked } from './folders.ts';
import { checkPaths } from './paths.ts';
import { refuseConflicts } from './reconcile.ts';
import { isStale, stageName } from './stage-name.ts';
import { stopIfAborted, writeStage } from './stage.ts';
import { transaction } from './transaction.ts';
import type { Committed, TransactionOptions } from './types.ts';

/** A new project has no clock of its own: its lock tells only who holds it. */
export interface CommitOptions extends Partial<TransactionOptions> {
  /** Stops the writing up to the moment the first file is in place; nothing is left then. */
  readonly signal?: AbortSignal;
}

/**
 * Writes changes to disk, all or nothing, even when killed. The only writer of the tool.
 *
 * A folder that does not exist is prepared beside its place and renamed; an existing one is left to `moveIn`.
 *
 * @param root the absolute path of the project
 * @throws UserError 3 for conflicts, 4 when another run is at work or left files that were edited since, 5 for the disk
 *   or an unsafe path, 130 when aborted; nothing is written in any of these cases
 */
export async function commit(
  root: string,
  changes: readonly Change[],
  options: CommitOptions = {},
): Promise<Committed> {
  refuseConflicts(changes);
  checkPaths(changes.map(({ path: file }) => file));
  try {
    const there = await lstat(root).catch(absent);
    if (there === undefined) return { cleaned: await appear(root, changes, options.signal) };
    if (there.isSymbolicLink()) throw linked(root);
    const settings = { command: 'create', at: '', ...options, creation: true } as const;
    const { cleaned } = await transaction(root, settings, async () => ({ changes }));
    return { cleaned };
  } catch (error) {
    throw diskError(error, root);
  }
}

async function appear(
  root: string,
  changes: readonly Change[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const parent = path.dirname(root);
  const firstMade = await mkdir(parent, { recursive: true });
  const cleaned = await removeStale(parent, path.basename(root));
  const stage = path.join(parent, stageName(path.basename(root)));
  try {
    await writeStage(stage, changes, signal);
    stopIfAborted(signal);
    await rename(stage, root).catch(async (error: unknown) => {
      if (!(await lstat(root).catch(absent))) throw error;
      throw new UserError(
        exit.conflict,
        `${root} appeared while its files were being prepared`,
        'nothing was written',
      );
    });
  } catch (error) {
    await fsExtra.remove(stage);
    if (firstMade !== undefined) await removeEmpty(parent, firstMade);
    throw error;
  }
  return cleaned;
}

async function removeStale(parent: string, name: string): Promise<readonly string[]> {
  const stale = (await readdir(parent))
    .filter((entry) => isStale(entry, name))
    .map((entry) => path.join(parent, entry));
  await Promise.all(stale.map((entry) => fsExtra.remove(entry)));
  return stale;
}

/** Removes the folders that were made on the way, as far as nobody has put anything into them. */
async function removeEmpty(folder: string, outermost: string): Promise<void> {
  for (let at = folder; at.length >= outermost.length; at = path.dirname(at)) {
    const gone = await rmdir(at).then(
      () => true,
      () => false,
    );
    if (!gone) return;
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
