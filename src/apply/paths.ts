import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import { exit, UserError } from '../errors.ts';

const devices = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/**
 * Refuses paths that could leave the folder, that some platform cannot hold, or of which two are one file there.
 *
 * @param paths relative paths with forward slashes
 * @throws UserError 5
 */
export function checkPaths(paths: Iterable<string>): void {
  const folded = new Map<string, string>();
  for (const file of paths) {
    const problem = pathProblem(file);
    if (problem !== undefined)
      throw new UserError(exit.io, `unsafe path ${JSON.stringify(file)}: ${problem}`);
    const key = file.normalize('NFC').toLowerCase();
    const other = folded.get(key);
    if (other !== undefined && other !== file) {
      throw new UserError(
        exit.io,
        `${other} and ${file} are one file where upper and lower case are alike`,
      );
    }
    folded.set(key, file);
  }
}

function pathProblem(file: string): string | undefined {
  if (file === '' || file.includes('\0') || file.includes('\\')) return 'not a relative path';
  if (path.posix.isAbsolute(file) || /^[A-Za-z]:/.test(file)) return 'not a relative path';
  for (const part of file.split('/')) {
    if (part === '' || part === '.' || part === '..') return 'not a plain path';
    if (part.toLowerCase() === '.git' || part.toLowerCase() === 'node_modules')
      return `inside ${part}`;
    if (devices.test(part)) return 'a device name on Windows';
    if (/[. ]$/.test(part)) return 'ends with a dot or a space';
    if (Buffer.byteLength(part) > 255) return 'a name of more than 255 bytes';
  }
  return undefined;
}

/** Whether a path is one of those in which the tool keeps its own transactions: no plan may name it. */
export function isPrivate(file: string): boolean {
  return /^\.flask-style\/(?:tx|undo|lock|tmp)(?:\/|$)/i.test(file);
}

/**
 * Refuses links and files where a path needs a folder.
 *
 * @param root an existing folder
 * @param paths relative paths with forward slashes
 * @throws UserError 5 for a link, 3 for anything else that is no folder
 */
export async function refuseLinks(root: string, paths: Iterable<string>): Promise<void> {
  for (const folder of foldersOf(paths)) {
    const found = await lstat(path.join(root, folder)).catch(() => undefined);
    if (found?.isSymbolicLink()) {
      const target = await realpath(path.join(root, folder)).catch(() => 'nothing');
      throw new UserError(
        exit.io,
        `${folder} is a link (to ${target}); nothing is written through links`,
        'replace it by a folder',
      );
    }
    if (found && !found.isDirectory()) {
      throw new UserError(
        exit.conflict,
        `${folder} is in the way: a folder of that name is needed`,
      );
    }
  }
}

function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const file of paths) {
    let folder = path.posix.dirname(file);
    for (; folder !== '.'; folder = path.posix.dirname(folder)) folders.add(folder);
  }
  return folders;
}
