import { renameSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Changed } from './changed.ts';
import { isCode, type Files } from './files.ts';
import { isAbsence, namesIn } from './folders.ts';
import { past, type Op, type TransactionRecord } from './record.ts';

/**
 * How far one operation has got. `foreign` is what is neither the old nor the new file: somebody changed it before its turn
 * or after it.
 */
export type Progress = 'todo' | 'done' | 'foreign before' | 'foreign after';

/** How far operation n has got. */
export function progressOf(files: Files, { path: file, before, after }: Op, n: number): Progress {
  const now = files.hash(file);
  const taken = files.taken(file, 'cap', n);
  const isTaken = taken !== undefined && files.hash(taken) === before;
  if (after === undefined) {
    if (now === undefined) return isTaken ? 'done' : 'foreign before';
    return now === before ? 'todo' : taken === undefined ? 'foreign before' : 'foreign after';
  }
  if (now === after) return 'done';
  if (now === undefined ? before === undefined || isTaken : now === before) return 'todo';
  return files.stats(staged(files, n)) ? 'foreign before' : 'foreign after';
}

/**
 * Brings every operation to its end: what lies at the path is taken into the transaction and looked at there, where nobody
 * else saves, and the new file is put into a place that must be empty. So a save at any moment is seen or kept.
 *
 * @param edited operations whose files were edited after their turn, and stay as they are
 * @throws Changed when a file is not what the plan was made for
 */
export function forward(
  files: Files,
  { ops, folders }: TransactionRecord,
  edited: ReadonlySet<number> = new Set(),
): void {
  for (const folder of folders) files.folders.make(folder);
  for (const [n, op] of ops.entries()) {
    if (edited.has(n)) continue;
    const progress = progressOf(files, op, n);
    files.remove(files.spare(op.path, n));
    if (progress === 'done') continue;
    if (progress !== 'todo') throw new Changed(op.path);
    if (op.before !== undefined) takeOld(files, op, n);
    if (op.after !== undefined) putNew(files, op, n);
  }
}

function takeOld(files: Files, { path: file, before }: Op, n: number): void {
  const taken = files.taken(file, 'cap', n);
  if (files.stats(file) === undefined) return;
  // It was put back after an earlier attempt, perhaps as a second name of the same file: then a rename would do nothing.
  if (taken !== undefined && files.hash(taken) !== before) throw new Changed(file);
  if (taken !== undefined) files.remove(taken);
  try {
    files.take(file, 'cap', n);
  } catch (error) {
    if (isAbsence(error)) throw new Changed(file);
    throw error;
  }
  const now = files.taken(file, 'cap', n);
  if (now === undefined || files.hash(now) !== before) throw new Changed(file);
}

function putNew(files: Files, { path: file }: Op, n: number): void {
  try {
    files.place(staged(files, n), file, n);
  } catch (error) {
    if (isCode(error, 'EEXIST')) throw new Changed(file);
    throw error;
  }
}

/**
 * Ends a transaction whose operations are done: it becomes an undo entry, or goes when a project was new.
 *
 * @param keep folders that stay though they are empty now
 * @throws Changed when somebody saved into a file that had been taken
 */
export function finish(
  files: Files,
  record: TransactionRecord,
  keep: ReadonlySet<string> = new Set(),
): void {
  const { folders, home } = files;
  for (const [n, { path: file, before }] of record.ops.entries()) {
    const taken = files.taken(file, 'cap', n);
    if (taken !== undefined && files.hash(taken) !== before) throw new Changed(file);
  }
  if (record.creation) {
    files.remove(`${home}/COMMIT.json`);
    return;
  }
  for (const [n, { path: file, before }] of record.ops.entries()) {
    files.bringHome(file, 'cap', n);
    const copy = files.separate('cap', n);
    if (copy !== undefined && files.hash(copy) !== before) throw new Changed(file);
  }
  for (const folder of new Set([...touched(record), `${home}/cap`])) syncIfThere(files, folder);
  removeEmptied(files, record, keep);
  for (const store of ['new', 'back'])
    rmSync(folders.at(`${home}/${store}`), { recursive: true, force: true });
  // Somebody may have removed it since the run that made it was killed.
  folders.make(past);
  renameSync(folders.at(home), folders.at(`${past}/${record.id}`));
}

/**
 * Takes back what was done. What somebody saved meanwhile stays at its path, or goes back to it; the old file is kept beside
 * the undo entries then.
 *
 * @returns where old versions of such files are kept, if there are any: a folder, relative to the project
 */
export function back(files: Files, record: TransactionRecord): string | undefined {
  const { folders, home } = files;
  folders.make(`${home}/back`);
  for (const [n, op] of [...record.ops.entries()].reverse()) {
    takeNew(files, op, n);
    files.remove(files.spare(op.path, n));
    putOld(files, op.path, n);
  }
  for (const folder of [...record.folders].reverse()) removeIfEmpty(files, folder);
  if (!record.creation) for (const folder of touched(record)) syncIfThere(files, folder);
  for (const [n, { path: file }] of record.ops.entries()) {
    files.bringHome(file, 'cap', n);
    files.bringHome(file, 'back', n);
  }
  const kept = ['cap', 'back'].some((store) => namesIn(folders, `${home}/${store}`).length > 0);
  if (!kept) return undefined;
  const folder = `${past}/${record.id}-kept-${record.nonce}`;
  folders.make(past);
  rmSync(folders.at(`${home}/new`), { recursive: true, force: true });
  renameSync(folders.at(home), folders.at(folder));
  return folder;
}

/** Takes a new file from its place, if it is still what was put there. */
function takeNew(files: Files, { path: file, after }: Op, n: number): void {
  const isLeft = files.taken(file, 'back', n) === undefined && files.hash(file) === after;
  if (after !== undefined && isLeft && isOwn(files, file, n)) files.take(file, 'back', n);
  const taken = files.taken(file, 'back', n);
  if (taken === undefined) return;
  if (files.hash(taken) === after) files.remove(taken);
  else putInto(files, taken, file, n);
}

/** Whether a file is the one that was put there, and not one of the same bytes that somebody else made. */
function isOwn(files: Files, file: string, n: number): boolean {
  const there = files.stats(file);
  const ready = files.stats(staged(files, n));
  if (ready === undefined) return true;
  return [ready, files.stats(files.spare(file, n))].some(
    (one) => one && there && one.ino === there.ino && one.dev === there.dev,
  );
}

function putOld(files: Files, file: string, n: number): void {
  const taken = files.taken(file, 'cap', n);
  if (taken === undefined) return;
  if (files.stats(file) !== undefined && files.hash(file) === files.hash(taken))
    files.remove(taken);
  else putInto(files, taken, file, n);
}

/** Puts a file into its place; when something is there, both stay where they are. */
function putInto(files: Files, from: string, to: string, n: number): void {
  files.folders.make(path.posix.dirname(to));
  try {
    files.place(from, to, n);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
}

/** Folders whose last file went are removed, and those around them. */
function removeEmptied(files: Files, { ops }: TransactionRecord, keep: ReadonlySet<string>): void {
  for (const { path: file, after } of ops) {
    if (after !== undefined) continue;
    let folder = path.posix.dirname(file);
    while (folder !== '.' && !keep.has(folder) && removeIfEmpty(files, folder))
      folder = path.posix.dirname(folder);
  }
}

function removeIfEmpty(files: Files, folder: string): boolean {
  try {
    rmdirSync(files.folders.at(folder));
    return true;
  } catch (error) {
    // A folder that is a mount, or whose parent may not be written, stays.
    const stays = ['ENOTEMPTY', 'EEXIST', 'EBUSY', 'EPERM', 'EACCES'];
    if (isAbsence(error) || isCode(error, ...stays)) return false;
    throw error;
  }
}

function touched({ ops, folders }: TransactionRecord): ReadonlySet<string> {
  const around = [...ops.map(({ path: file }) => file), ...folders];
  return new Set(around.map((one) => path.posix.dirname(one)));
}

function syncIfThere(files: Files, folder: string): void {
  try {
    files.folders.sync(folder);
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}

function staged(files: Files, n: number): string {
  return `${files.home}/new/${n}`;
}
