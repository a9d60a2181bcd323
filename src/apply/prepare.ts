import { closeSync, fchmodSync, fsync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Changed } from './changed.ts';
import { isCode, keepOwner, type Files } from './files.ts';
import { isAbsence } from './folders.ts';
import type { Step } from './preflight.ts';
import { past, recordName, running, type TransactionRecord } from './record.ts';
import { stopIfAborted } from './stage.ts';

/** Files that are open at a time, and written between two looks at the signal. */
const batch = 64;

/**
 * Writes the new bytes of every step into the folder of the transaction, and waits until they are on the disk; for a new
 * project it does not wait, because there nothing is replaced.
 *
 * @throws UserError 130 when aborted
 */
export async function prepare(
  files: Files,
  record: TransactionRecord,
  steps: readonly Step[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { folders, home } = files;
  for (const folder of [running, past]) if (!record.creation) folders.make(folder);
  folders.make(running);
  mkdirSync(folders.at(home), { mode: 0o700 });
  for (const store of ['new', 'cap', 'back'])
    mkdirSync(folders.at(`${home}/${store}`), { mode: 0o700 });
  for (let start = 0; start < steps.length; start += batch) {
    await setImmediate();
    stopIfAborted(signal);
    const some = steps.slice(start, start + batch).map((step, index) => ({
      file: `${home}/new/${start + index}`,
      step,
    }));
    await writeAll(
      files,
      some.flatMap(({ file, step }) => (step.content ? [{ ...step, file }] : [])),
      !record.creation,
    );
  }
  if (record.creation) return;
  const kept = steps.filter((_, n) => record.ops[n]?.size !== undefined);
  const all = Buffer.concat(kept.flatMap(({ content }) => content ?? []));
  await writeAll(files, [{ file: `${home}/after`, content: all, mode: 0o600 }], true);
  for (const folder of [`${home}/new`, home, running]) folders.sync(folder);
}

/**
 * Compares every file with what the plan was made for. The old bytes are on the disk afterwards, so that no loss of power
 * takes them while the names change.
 *
 * @throws Changed
 */
export async function verify(files: Files, record: TransactionRecord): Promise<void> {
  for (const { path, before } of record.ops)
    if (files.hash(path) !== before) throw new Changed(path);
  const old = record.ops.filter(({ before }) => before !== undefined);
  for (let start = 0; start < old.length; start += batch) {
    const handles: number[] = [];
    try {
      for (const { path } of old.slice(start, start + batch)) handles.push(files.open(path));
      await syncAll(handles, files.folders.platform);
    } catch (error) {
      if (isAbsence(error)) throw new Changed(old[start + handles.length]?.path ?? '');
      throw error;
    } finally {
      for (const handle of handles) closeSync(handle);
    }
  }
}

/** Writes COMMIT.json: from here on the transaction is finished, or taken back as a whole. */
export async function commitPoint(
  files: Files,
  record: TransactionRecord,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { folders, home } = files;
  const draft = `${home}/${recordName}.tmp`;
  const content = Buffer.from(JSON.stringify(record));
  await writeAll(files, [{ file: draft, content, mode: 0o600 }], !record.creation);
  await setImmediate();
  stopIfAborted(signal);
  renameSync(folders.at(draft), folders.at(`${home}/${recordName}`));
  if (!record.creation) folders.sync(home);
}

interface New {
  readonly file: string;
  readonly content?: Uint8Array;
  readonly mode: number;
  readonly replaced?: Step['replaced'];
}

async function writeAll(files: Files, some: readonly New[], wait: boolean): Promise<void> {
  const handles: number[] = [];
  try {
    for (const { file, content = new Uint8Array(), mode, replaced } of some) {
      const handle = openSync(files.folders.at(file), 'wx', 0o600);
      handles.push(handle);
      // A write may be short, above all when the disk is nearly full.
      for (let done = 0; done < content.length;) done += writeSync(handle, content, done);
      keepOwner(handle, replaced);
      // After the owner, because a change of the owner takes special bits away.
      fchmodSync(handle, mode);
    }
    if (wait) await syncAll(handles, files.folders.platform);
  } finally {
    for (const handle of handles) closeSync(handle);
  }
}

/** Waits until files are on the disk: all at once, so that the file system can write them together. */
async function syncAll(handles: readonly number[], platform: NodeJS.Platform): Promise<void> {
  const sync = promisify(fsync);
  await Promise.all(
    handles.map((handle) =>
      sync(handle).catch((error: unknown) => {
        // Windows wants a handle that can write.
        if (platform !== 'win32' || !isCode(error, 'EPERM')) throw error;
      }),
    ),
  );
}
