import { rmSync } from 'node:fs';
import path from 'node:path';
import { exit, UserError } from '../errors.ts';
import { utf8Text } from '../utf8.ts';
import type { notAFile } from './files.ts';
import { Files } from './files.ts';
import { Folders, namesIn } from './folders.ts';
import { sha256 } from './hash.ts';
import { isId, parseRecord, past, recordName, running, type TransactionRecord } from './record.ts';
import type { UndoContent, UndoEntry } from './types.ts';

const mostEntries = 20;
const mostBytes = 50 * 2 ** 20;

/** What the commands of the last time changed, newest first. */
export async function undoEntries(root: string): Promise<readonly UndoEntry[]> {
  return within(root, (folders) => {
    const records = idsIn(folders, past).map((id) => recordOf(folders, id));
    const undone = new Set<string>();
    // Newest first: an undo that was undone itself does not count.
    for (const { id, undoes } of records)
      if (undoes !== undefined && !undone.has(id)) undone.add(undoes);
    return records.map(({ id, command, at, undoes, ops }) => ({
      id,
      command,
      at,
      ...(undoes !== undefined && { undoes }),
      undone: undone.has(id),
      files: ops.map(({ path: file, before, after, mode }) => ({
        path: file,
        ...(before !== undefined && { before }),
        ...(after !== undefined && { after }),
        mode,
      })),
    }));
  });
}

/**
 * The files that one command changed, with their bytes before and after.
 *
 * @throws UserError 1 when there is no such entry, 4 when it is damaged
 */
export async function readUndo(root: string, id: string): Promise<readonly UndoContent[]> {
  return within(root, (folders) => {
    if (!isId(id) || !idsIn(folders, past).includes(id))
      throw new UserError(exit.usage, `there is no undo entry ${id}`);
    const record = recordOf(folders, id);
    const files = new Files(folders, record);
    const home = `${past}/${id}`;
    const written = contentsOf(record, files.read(`${home}/after`));
    return record.ops.map(({ path: file, before, after, mode }, n) => ({
      path: file,
      mode,
      ...(before !== undefined && {
        before,
        beforeBytes: sound(files.read(`${home}/cap/${n}`), before, `${home}/cap/${n}`),
      }),
      ...(after !== undefined && {
        after,
        afterBytes: sound(written.get(after), after, `${home}/after`),
      }),
    }));
  });
}

/** The new bytes of a transaction by their hash. */
function contentsOf(
  { ops }: TransactionRecord,
  all: Uint8Array | typeof notAFile | undefined,
): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  if (!(all instanceof Uint8Array)) return found;
  let start = 0;
  for (const { after, size } of ops)
    if (after !== undefined && size !== undefined)
      found.set(after, all.subarray(start, (start += size)));
  return found;
}

/** Removes the oldest entries beyond 20, or beyond 50 MiB; the newest stays whatever its size. */
export function forgetOldest(folders: Folders): void {
  let bytes = 0;
  for (const [index, name] of namesIn(folders, past).filter(isEntry).sort(newestFirst).entries()) {
    bytes += sizeOf(folders, `${past}/${name}`);
    if (index > 0 && (index >= mostEntries || bytes > mostBytes))
      rmSync(folders.at(`${past}/${name}`), { recursive: true, force: true });
  }
}

/** Removes every entry: nothing can be undone any more. */
export function forgetAll(folders: Folders): void {
  for (const name of namesIn(folders, past).filter(isEntry))
    rmSync(folders.at(`${past}/${name}`), { recursive: true, force: true, maxRetries: 3 });
}

/** The id of the next transaction: a number, so that it says which is newer whatever the clock does. */
export function nextId(folders: Folders): string {
  const names = [...namesIn(folders, past).filter(isEntry), ...idsIn(folders, running)];
  const last = Math.max(0, ...names.map((name) => Number.parseInt(name, 10)));
  return String(last + 1).padStart(4, '0');
}

/** Folders that a transaction which undoes another leaves there though they are empty: the other had found them. */
export function foldersFound(folders: Folders, undoes: string | undefined): ReadonlySet<string> {
  if (undoes === undefined || !idsIn(folders, past).includes(undoes)) return new Set();
  const { ops, folders: made } = recordOf(folders, undoes);
  const found = new Set<string>();
  for (const { path: file, before } of ops) {
    if (before !== undefined) continue;
    for (let at = path.posix.dirname(file); at !== '.'; at = path.posix.dirname(at))
      if (!made.includes(at)) found.add(at);
  }
  return found;
}

/** The transactions in `tx/` or `undo/`, newest first. */
export function idsIn(folders: Folders, folder: string): readonly string[] {
  return namesIn(folders, folder).filter(isId).sort(newestFirst);
}

/** Calls with the folders of a project, and lets go of them. */
export function within<T>(root: string, call: (folders: Folders) => T): T {
  const folders = new Folders(root);
  try {
    return call(folders);
  } finally {
    folders.close();
  }
}

/** An entry, or what a transaction that was taken back had to keep. */
function isEntry(name: string): boolean {
  return isId(name) || /^\d{4,9}-kept-/.test(name);
}

function newestFirst(a: string, b: string): number {
  return Number.parseInt(b, 10) - Number.parseInt(a, 10);
}

function recordOf(folders: Folders, id: string): TransactionRecord {
  const file = `${past}/${id}/${recordName}`;
  const text = new Files(folders, { id, nonce: '' }).read(file);
  return parseRecord(text instanceof Uint8Array ? utf8Text(text) : '', file);
}

function sound(
  bytes: Uint8Array | typeof notAFile | undefined,
  hash: string,
  where: string,
): Uint8Array {
  if (bytes instanceof Uint8Array && sha256(bytes) === hash) return bytes;
  throw new UserError(
    exit.state,
    `${where} is not what it was when the command ended`,
    'take what you need from there by hand',
  );
}

function sizeOf(folders: Folders, folder: string): number {
  const files = new Files(folders, { id: '', nonce: '' });
  return [`${folder}/after`, ...namesIn(folders, `${folder}/cap`).map((n) => `${folder}/cap/${n}`)]
    .map((file) => files.stats(file)?.size ?? 0)
    .reduce((sum, size) => sum + size, 0);
}
