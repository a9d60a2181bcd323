import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { exit, UserError } from '../errors.ts';
import { utf8Text } from '../utf8.ts';
import { attempt } from './errors.ts';
import { Files, isCode, notAFile } from './files.ts';
import { isAbsence, namesIn, type Folders } from './folders.ts';
import { isGone, parseOwner, self, type Owner } from './owner.ts';
import { home } from './record.ts';
import { stopIfAborted } from './stage.ts';
import type { Settings } from './types.ts';

const lockFile = `${home}/lock`;
/** Locks on their way to their place, and claims on locks of processes that are gone. */
const waiting = `${home}/tmp`;
const defaultWaitMs = 10_000;
const step = 50;

/** A project that no other run of the tool writes to. */
export class Lock {
  readonly #folders: Folders;
  readonly #files: Files;
  readonly #me: Owner;
  readonly #lasting: boolean;

  private constructor(folders: Folders, me: Owner, lasting: boolean) {
    this.#folders = folders;
    this.#files = new Files(folders, { id: 'lock', nonce: me.nonce });
    this.#me = me;
    this.#lasting = lasting;
  }

  /**
   * Waits for the lock of a project and takes it; one of a process that is gone is taken over.
   *
   * @throws UserError 4 when another run holds it for too long, 130 when aborted
   */
  static async take(
    folders: Folders,
    { command, at, waitMs = defaultWaitMs, signal, creation }: Settings,
  ): Promise<Lock> {
    const lock = new Lock(folders, self(randomBytes(8).toString('hex'), command, at), !creation);
    try {
      for (let waited = 0; !lock.#attempt(); waited += step) {
        stopIfAborted(signal);
        if (waited >= waitMs) throw lock.#busy();
        await setTimeout(step);
      }
      attempt(() => lock.#clean());
      return lock;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Gives the lock back, and removes the folders that were made for it alone. */
  release(): void {
    attempt(() => {
      if (this.#read(lockFile)?.nonce === this.#me.nonce) this.#files.remove(lockFile);
    });
    attempt(() => this.#files.remove(this.#own));
    attempt(() => this.#files.removeFolder(waiting));
    attempt(() => this.#files.removeFolder(home));
  }

  #attempt(): boolean {
    const holder = this.#read(lockFile);
    if (holder !== undefined) return isGone(holder) && this.#takeOver(holder);
    return this.#put(lockFile);
  }

  /**
   * Replaces the lock of a process that is gone. Only who has the claim on it may, and a claim is a file that can be made
   * once; the claim of a process that is gone as well is claimed in the same way.
   */
  #takeOver(gone: Owner): boolean {
    let claim = claimOn(gone);
    while (!this.#put(claim)) {
      const claimant = this.#read(claim);
      if (claimant === undefined || !isGone(claimant)) return false;
      claim = claimOn(claimant);
    }
    // Who had the claim before may have replaced the lock and cleaned up since it was read.
    if (this.#read(lockFile)?.nonce !== gone.nonce) {
      this.#files.remove(claim);
      return false;
    }
    this.#write();
    renameSync(this.#folders.at(this.#own), this.#folders.at(lockFile));
    return true;
  }

  /** Makes a file that says who we are, complete or not at all; false when there is one. */
  #put(file: string): boolean {
    this.#write();
    try {
      linkSync(this.#folders.at(this.#own), this.#folders.at(file));
      return true;
    } catch (error) {
      if (isCode(error, 'EEXIST') || isAbsence(error)) return false;
      if (!isCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS')) throw error;
      return this.#make(file);
    }
  }

  #write(): void {
    try {
      this.#folders.make(waiting);
      this.#make(this.#own);
    } catch (error) {
      // Somebody who gives up removes the folders that are empty; the next attempt makes them again.
      if (!isAbsence(error)) throw error;
    }
  }

  #make(file: string): boolean {
    try {
      const handle = openSync(this.#folders.at(file), 'wx', 0o644);
      try {
        writeSync(handle, `${JSON.stringify(this.#me)}\n`);
        // After a loss of power an empty lock would say nothing of its owner, and nobody could take it over.
        if (this.#lasting) fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      return true;
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false;
      throw error;
    }
  }

  #read(file: string): Owner | undefined {
    const content = this.#files.read(file);
    if (content === undefined || content === notAFile) return undefined;
    return parseOwner(utf8Text(content));
  }

  /** Removes what processes that are gone left on their way to the lock; only its holder may. */
  #clean(): void {
    for (const name of namesIn(this.#folders, waiting)) {
      const file = `${waiting}/${name}`;
      const owner = this.#read(file);
      if (owner === undefined || owner.nonce === this.#me.nonce || isGone(owner))
        this.#files.remove(file);
    }
  }

  get #own(): string {
    return `${waiting}/${this.#me.nonce}`;
  }

  #busy(): UserError {
    return busyWith(this.#read(lockFile), path.join(this.#folders.root, lockFile));
  }
}

/** Another run holds the lock; `file` is its absolute path. */
export function busyWith(owner: Owner | undefined, file: string): UserError {
  return new UserError(
    exit.state,
    `${nameOf(owner)} is writing to this folder`,
    `wait for it; if it no longer runs, delete ${file}`,
  );
}

/** A run as messages name it: its process, and its machine when that is another one. */
export function nameOf(owner: Owner | undefined): string {
  if (owner === undefined) return 'another run';
  const who = `process ${owner.pid} (${owner.cmd})`;
  return owner.machine === self('', '', '').machine ? who : `${who} of ${owner.host}`;
}

function claimOn({ nonce }: Owner): string {
  return `${waiting}/steal-${nonce}`;
}

/** Who holds the lock of a project. */
export interface Holder {
  /** Absent when the lock cannot be read. */
  readonly owner?: Owner;
  /** Its process certainly no longer runs: the next run takes the lock over. */
  readonly gone: boolean;
  /** The absolute path of the lock. */
  readonly file: string;
}

/** Who holds the lock of a project; `undefined` when nobody does. Nothing is changed. */
export function holderOf(folders: Folders): Holder | undefined {
  const content = new Files(folders, { id: 'lock', nonce: '' }).read(lockFile);
  if (content === undefined) return undefined;
  const owner = content === notAFile ? undefined : parseOwner(utf8Text(content));
  const file = path.join(folders.root, lockFile);
  return owner === undefined ? { gone: false, file } : { owner, gone: isGone(owner), file };
}

/** Whether a run that is alive, or of another machine, holds the lock of a project. */
export function isLocked(folders: Folders): boolean {
  return holderOf(folders)?.gone === false;
}
