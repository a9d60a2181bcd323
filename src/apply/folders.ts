import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import path from 'node:path';
import { exit, UserError } from '../errors.ts';
import { attempt } from './errors.ts';

/** Where Linux shows the open files of this process, as paths that lead to them whatever their names are now. */
const open = '/proc/self/fd';

/** More often than anybody makes and removes a folder by chance. */
const mostTries = 20;

/**
 * The folders of a project, as places to work in. A path is checked for links at the moment it is used, and on Linux the
 * folder is held open: a link that is put in its place afterwards leads nobody out of the project.
 */
export class Folders {
  readonly root: string;
  readonly platform: NodeJS.Platform;
  readonly #held = new Map<string, number>();
  readonly #holds: boolean;

  /** @param root an existing folder; its own path may lead over links */
  constructor(root: string, platform: NodeJS.Platform = process.platform) {
    this.root = realpathSync(root);
    this.platform = platform;
    this.#holds = platform === 'linux' && existsSync(open);
  }

  /**
   * The path to hand to the system for a file of the project.
   *
   * @param file a relative path with forward slashes
   * @throws UserError 5 when a folder on the way is a link; ENOENT when there is none
   */
  at(file: string): string {
    return path.join(this.folder(path.posix.dirname(file)), path.posix.basename(file));
  }

  /** As {@link at}, for a folder: `.` is the root. */
  folder(folder: string): string {
    const real = path.join(this.root, folder);
    if (!this.#holds) {
      this.#refuseLinks(folder);
      return real;
    }
    // A folder may go and come again while it is opened: another command removes the empty ones that it made.
    for (let tries = 0; tries < mostTries; tries++) {
      const held = this.#held.get(folder) ?? this.#open(folder, real);
      this.#held.set(folder, held);
      if (readlinkSync(`${open}/${held}`) === real) return `${open}/${held}`;
      this.#let(folder, held);
      this.#refuseLinks(folder);
    }
    throw new UserError(exit.io, `${folder} was moved meanwhile`, 'run the command again');
  }

  /** Makes a folder and those on the way; one that exists is left as it is. */
  make(folder: string): void {
    if (folder === '.' || this.has(folder)) return;
    this.make(path.posix.dirname(folder));
    try {
      mkdirSync(this.at(folder));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
      throw error;
    }
    // The mode given to mkdir passes through the umask.
    chmodSync(this.folder(folder), 0o755);
  }

  /** Whether anything, even a broken link, lies at `file`. */
  has(file: string): boolean {
    try {
      lstatSync(this.at(file));
      return true;
    } catch (error) {
      if (isAbsence(error)) return false;
      throw error;
    }
  }

  /** Makes the names in a folder last through a loss of power, where the system can. */
  sync(folder: string): void {
    const handle = openSync(this.folder(folder), 'r');
    try {
      fsyncSync(handle);
    } catch (error) {
      // Windows has no such thing for folders.
      if (this.platform !== 'win32') throw error;
    } finally {
      closeSync(handle);
    }
  }

  /** Lets go of all folders. */
  close(): void {
    for (const [folder, handle] of this.#held) attempt(() => this.#let(folder, handle));
  }

  #open(folder: string, real: string): number {
    try {
      return openSync(real, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    } catch (error) {
      this.#refuseLinks(folder);
      throw error;
    }
  }

  #let(folder: string, handle: number): void {
    this.#held.delete(folder);
    closeSync(handle);
  }

  #refuseLinks(folder: string): void {
    const parts = folder === '.' ? [] : folder.split('/');
    for (let depth = 1; depth <= parts.length; depth++) {
      const part = parts.slice(0, depth).join('/');
      if (lstatSync(path.join(this.root, part)).isSymbolicLink()) throw linked(part);
    }
  }
}

/** The names in a folder; none when there is no such folder. */
export function namesIn(folders: Folders, folder: string): readonly string[] {
  try {
    return readdirSync(folders.folder(folder));
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

/** Whether an error says that there is nothing at a path. */
export function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** The refusal (5) of a link. */
export function linked(file: string): UserError {
  return new UserError(
    exit.io,
    `${file} is a link; nothing is written through links`,
    'nothing was written; put the real file or folder in its place',
  );
}
