import { chmodSync, closeSync, fchmodSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { exit, UserError } from '../errors.ts';
import type { Change } from './change.ts';

/** Files between two looks at the signal. */
const batch = 100;

/**
 * Writes the files of changes into a new folder. Synchronous within a batch, because a round trip through the thread pool costs more
 * than such a small file; between batches it lets an interrupt through.
 *
 * @param stage the folder, which must not exist
 * @throws UserError 130 when aborted; the caller removes the stage
 */
export async function writeStage(
  stage: string,
  changes: readonly Change[],
  signal?: AbortSignal,
): Promise<void> {
  makeFolder(stage);
  const folders = new Set(['.']);
  let written = 0;
  for (const { path: file, after, mode } of changes) {
    if (after === undefined) continue;
    if (written++ % batch === 0) {
      await setImmediate();
      stopIfAborted(signal);
    }
    makeFolders(stage, path.posix.dirname(file), folders);
    writeNew(path.join(stage, file), after, mode);
  }
  await setImmediate();
  stopIfAborted(signal);
}

/** Throws `UserError` (130) once the signal is aborted. */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new UserError(exit.interrupted, 'interrupted; nothing was written');
}

function writeNew(file: string, content: Uint8Array, mode: number): void {
  const handle = openSync(file, 'wx', mode);
  try {
    // A write may be short, above all when the disk is nearly full.
    for (let done = 0; done < content.length;) done += writeSync(handle, content, done);
    // The mode given to open passes through the umask.
    fchmodSync(handle, mode);
  } finally {
    closeSync(handle);
  }
}

function makeFolders(root: string, folder: string, made: Set<string>): void {
  if (made.has(folder)) return;
  makeFolders(root, path.posix.dirname(folder), made);
  makeFolder(path.join(root, folder));
  made.add(folder);
}

function makeFolder(folder: string): void {
  mkdirSync(folder);
  chmodSync(folder, 0o755);
}
