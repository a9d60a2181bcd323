import { randomBytes } from 'node:crypto';
import { rmdirSync } from 'node:fs';
import { exit, UserError } from '../errors.ts';
import type { Change } from './change.ts';
import { Changed } from './changed.ts';
import { finish, forward } from './engine.ts';
import { attempt, diskError } from './errors.ts';
import { Files } from './files.ts';
import { Folders } from './folders.ts';
import { Lock } from './lock.ts';
import { preflight, type Step } from './preflight.ts';
import { commitPoint, prepare, verify } from './prepare.ts';
import { refuseConflicts } from './reconcile.ts';
import { past, running, type TransactionRecord } from './record.ts';
import { recover, takeBack } from './recover.ts';
import { stopIfAborted } from './stage.ts';
import type { Committed, Settings } from './types.ts';
import { foldersFound, forgetAll, forgetOldest, nextId } from './undo.ts';

/**
 * Takes the lock of a project, takes up what a killed run left, lets `plan` look at the project, and writes what it
 * returns: all or nothing, even when killed. A plan that changes nothing writes nothing.
 *
 * @param root the absolute path of an existing folder
 * @throws UserError 3 for conflicts; 4 when another run holds the project or files of a killed run were edited since; 5 for
 *   the disk, an unsafe path or a file that changed meanwhile; 130 when aborted. Nothing is written in any of these cases
 *   but the last, whose message tells
 */
export async function transaction<P extends { readonly changes: readonly Change[] }>(
  root: string,
  options: Settings,
  plan: () => Promise<P>,
): Promise<P & Committed> {
  const folders = onDisk(root, () => new Folders(root));
  try {
    const lock = await Lock.take(folders, options).catch((error: unknown) => {
      throw diskError(error, root);
    });
    try {
      const cleaned = onDisk(root, () => recover(folders));
      const planned = await plan();
      refuseConflicts(planned.changes);
      stopIfAborted(options.signal);
      const id = await write(folders, planned.changes, options);
      // Also when nothing was left to write: a run that was killed may have got no further.
      if (options.forgets) onDisk(root, () => forgetAll(folders));
      return { ...planned, cleaned, ...(id !== undefined && { id }) };
    } finally {
      // They go when nothing is in them.
      attempt(() => rmdirSync(folders.at(running)));
      attempt(() => rmdirSync(folders.at(past)));
      lock.release();
    }
  } finally {
    folders.close();
  }
}

async function write(
  folders: Folders,
  changes: readonly Change[],
  options: Settings,
): Promise<string | undefined> {
  const nonce = randomBytes(4).toString('hex');
  const files = onDisk(folders.root, () => new Files(folders, { id: nextId(folders), nonce }));
  const { id } = files.record;
  try {
    const { steps, folders: made } = await preflight(files, changes);
    if (steps.length === 0) return undefined;
    const record = recordOf(files, steps, made, options);
    await reachCommitPoint(files, record, steps, options.signal);
    apply(files, record);
  } catch (error) {
    throw told(error, folders.root, options);
  }
  attempt(() => folders.sync(past));
  attempt(() => (options.creation ? files.clear() : forgetOldest(folders)));
  if (options.creation) return undefined;
  if (options.signal?.aborted)
    throw new UserError(exit.interrupted, `interrupted; the change is complete (undo: ${id})`);
  return id;
}

function recordOf(
  files: Files,
  steps: readonly Step[],
  folders: readonly string[],
  { command, at, undoes, creation }: Settings,
): TransactionRecord {
  // Each content is kept once: a base is the same as its file, most often.
  const first = new Map(steps.toReversed().map((step) => [step.after, step]));
  return {
    version: 1,
    ...files.record,
    command,
    at,
    ...(undoes !== undefined && { undoes }),
    ...(creation && { creation }),
    folders,
    ops: steps.map((step) => ({
      path: step.path,
      ...(step.before !== undefined && { before: step.before }),
      ...(step.after !== undefined && { after: step.after }),
      ...(step.size !== undefined && first.get(step.after) === step && { size: step.size }),
      mode: step.mode,
    })),
  };
}

/** Up to the commit point nothing of the project is touched: an error discards what was prepared. */
async function reachCommitPoint(
  files: Files,
  record: TransactionRecord,
  steps: readonly Step[],
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await prepare(files, record, steps, signal);
    await verify(files, record);
    await commitPoint(files, record, signal);
  } catch (error) {
    attempt(() => files.clear());
    throw error;
  }
}

function apply(files: Files, record: TransactionRecord): void {
  try {
    forward(files, record);
    finish(files, record, foldersFound(files.folders, record.undoes));
  } catch (error) {
    const kept = putBack(files, record);
    if (kept === undefined) throw error;
    throw new UserError(
      exit.io,
      `${error instanceof Changed ? error.path : 'a file'} changed while files were being written`,
      `everything else is as it was; older versions of what changed: ${kept}`,
    );
  }
}

function putBack(files: Files, record: TransactionRecord): string | undefined {
  try {
    return takeBack(files, record);
  } catch (error) {
    const reason = diskError(error, files.folders.root);
    throw new UserError(
      exit.state,
      `interrupted transaction ${record.id}: ${reason instanceof Error ? reason.message : String(reason)}`,
      'run the command again when that is remedied: it takes up what was left',
    );
  }
}

/** A file that is not as the plan saw it: for a new project it is in the way, otherwise the plan has to be made again. */
function told(error: unknown, root: string, { creation }: Settings): unknown {
  if (!(error instanceof Changed)) return diskError(error, root);
  return creation
    ? new UserError(
        exit.conflict,
        `${error.path} appeared while the files were being prepared`,
        'nothing was written',
      )
    : new UserError(
        exit.io,
        `${error.path} changed while the change was being planned`,
        'nothing was written; run the command again',
      );
}

function onDisk<T>(root: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw diskError(error, root);
  }
}
