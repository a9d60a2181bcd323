import { accessSync, constants, type Stats } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { exit, UserError } from '../errors.ts';
import type { Change } from './change.ts';
import { Changed } from './changed.ts';
import type { Files } from './files.ts';
import { linked, namesIn } from './folders.ts';
import { sha256 } from './hash.ts';
import { checkPaths, isPrivate } from './paths.ts';
import { home, type Op } from './record.ts';

/** One file to write, with its new bytes and, when it replaces one, what that is. */
export interface Step extends Op {
  readonly content?: Uint8Array;
  readonly replaced?: Stats;
}

/** What a transaction is going to do. */
export interface Steps {
  readonly steps: readonly Step[];
  /** Folders that do not exist yet, outer ones first. */
  readonly folders: readonly string[];
}

const stateFile = `${home}/state.json`;
const writing: ReadonlySet<Change['kind']> = new Set(['create', 'update', 'delete']);

/**
 * Looks at every path of a plan before anything is written.
 *
 * @returns the changes that change something, in the order they are made: what is new, what is replaced, what goes, and
 *   the state last
 * @throws Changed when a file is there or not there, other than the plan says
 * @throws UserError 5 for unsafe paths, links, files and folders that may not be written, and a full disk; 3 when something
 *   that is no file lies in the way
 */
export async function preflight(files: Files, changes: readonly Change[]): Promise<Steps> {
  const wanted = changes.filter(
    ({ kind, before, after }) => writing.has(kind) && !same(before, after),
  );
  checkPaths(wanted.map(({ path: file }) => file));
  const own = wanted.find(({ path: file }) => isPrivate(file));
  if (own) throw new UserError(exit.io, `unsafe path ${own.path}: the tool keeps its undo there`);
  const steps = wanted.flatMap((change) => stepOf(files, change)).sort(byOrder);
  const made = steps.filter(({ before }) => before === undefined).map(({ path: file }) => file);
  refuseLookalikes(files, made);
  for (const folder of new Set(steps.map(({ path: file }) => nearest(files, file))))
    refuseLocked(files, folder);
  await refuseFull(files, steps);
  return { steps, folders: foldersToMake(files, made) };
}

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;
}

function stepOf(files: Files, { path: file, before, after, mode }: Change): readonly Step[] {
  const stats = files.stats(file);
  if (stats?.isSymbolicLink()) throw linked(file);
  if (stats && !stats.isFile())
    throw new UserError(exit.conflict, `${file} is in the way: it is no file`);
  const content = after && { content: after, after: sha256(after), size: after.length };
  if (before === undefined) {
    if (stats === undefined) return [{ path: file, mode, ...content }];
    // The name of a base file is the hash of its content: whoever made it made the same.
    if (file.startsWith(`${home}/base/`) && files.hash(file) === content?.after) return [];
    throw new Changed(file);
  }
  if (stats === undefined) throw new Changed(file);
  if ((stats.mode & 0o222) === 0) {
    const how = `nothing was written; make it writable: chmod u+w ${file}`;
    throw new UserError(exit.io, `${file} is read-only`, how);
  }
  const kept = { before: sha256(before), mode: stats.mode & 0o7777, replaced: stats };
  return [{ path: file, ...kept, ...content }];
}

function byOrder(a: Step, b: Step): number {
  return rank(a) - rank(b) || (a.path < b.path ? -1 : 1);
}

function rank({ path: file, before, after }: Step): number {
  if (file === stateFile) return 3;
  if (after === undefined) return 2;
  return before === undefined ? 0 : 1;
}

/** Where upper and lower case are alike, or accents are written in two ways, two such names are one file. */
function refuseLookalikes(files: Files, made: readonly string[]): void {
  const entries = new Map<string, ReadonlyMap<string, string>>();
  for (const file of made) {
    for (let at = file; at !== '.'; at = path.posix.dirname(at)) {
      const folder = path.posix.dirname(at);
      const there = entries.get(folder) ?? foldedNames(files, folder);
      entries.set(folder, there);
      const name = path.posix.basename(at);
      const other = there.get(folded(name));
      if (other === undefined || other === name) continue;
      const where = path.posix.join(folder, other);
      throw new UserError(
        exit.io,
        `${at} and ${where} are one file where upper and lower case are alike`,
        `nothing was written; rename ${where}`,
      );
    }
  }
}

function foldedNames(files: Files, folder: string): ReadonlyMap<string, string> {
  return new Map(namesIn(files.folders, folder).map((name) => [folded(name), name]));
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** The innermost folder on the way to a file that exists. */
function nearest(files: Files, file: string): string {
  const folder = path.posix.dirname(file);
  if (folder === '.') return folder;
  const stats = files.stats(folder);
  if (stats?.isSymbolicLink()) throw linked(folder);
  if (stats === undefined) return nearest(files, folder);
  if (stats.isDirectory()) return folder;
  throw new UserError(exit.conflict, `${folder} is in the way: a folder of that name is needed`);
}

function refuseLocked(files: Files, folder: string): void {
  try {
    accessSync(files.folders.folder(folder), constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      exit.io,
      `cannot write into ${folder === '.' ? files.folders.root : folder}: permission denied`,
      'nothing was written',
    );
  }
}

/** Soft: what the system does not tell, or tells wrong, is found out by writing. */
async function refuseFull(files: Files, steps: readonly Step[]): Promise<void> {
  const bytes = steps.reduce((sum, { size = 0 }) => sum + size, 0);
  const { bavail, bsize, blocks } = await statfs(files.folders.root).catch(() => noFigures);
  if (blocks === 0 || bavail * bsize >= 2 * bytes + 2 ** 20) return;
  const what = `cannot write ${files.folders.root}: no space left on the device`;
  throw new UserError(exit.io, what, 'nothing was written');
}

const noFigures = { bavail: 0, bsize: 0, blocks: 0 };

function foldersToMake(files: Files, made: readonly string[]): readonly string[] {
  const folders = new Set<string>();
  for (const file of made) {
    const missing: string[] = [];
    for (
      let at = path.posix.dirname(file);
      at !== '.' && !files.stats(at);
      at = path.posix.dirname(at)
    )
      missing.unshift(at);
    for (const folder of missing) folders.add(folder);
  }
  return [...folders];
}
