import {
  closeSync,
  constants,
  copyFileSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';
import { isAbsence, type Folders } from './folders.ts';
import { sha256 } from './hash.ts';
import { patiently } from './patience.ts';
import { running, type TransactionRecord } from './record.ts';

/** What lies at a path that is no regular file; equal to no hash. */
export const notAFile = 'not a file';

/** Where a transaction puts what it takes from its place: `cap` what the user had, `back` what it had put there itself. */
export type Store = 'cap' | 'back';

const linkless: ReadonlySet<string> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EMLINK',
  'ENOSYS',
]);

/** The moves of a transaction. None of them ever replaces or removes bytes that are not known. */
export class Files {
  readonly folders: Folders;
  readonly record: Pick<TransactionRecord, 'id' | 'nonce'>;
  #links = true;

  constructor(folders: Folders, record: Pick<TransactionRecord, 'id' | 'nonce'>) {
    this.folders = folders;
    this.record = record;
  }

  /** The folder of the transaction. */
  get home(): string {
    return `${running}/${this.record.id}`;
  }

  /** The SHA-256 of a file, {@link notAFile}, or `undefined` when there is nothing. */
  hash(file: string): string | undefined {
    const content = this.read(file);
    return content === undefined || content === notAFile ? content : sha256(content);
  }

  /** The bytes of a file; of nothing but a regular file. */
  read(file: string): Uint8Array | typeof notAFile | undefined {
    const stats = this.stats(file);
    if (stats === undefined) return undefined;
    if (!stats.isFile()) return notAFile;
    const handle = this.#openThere(file);
    if (handle === undefined) return undefined;
    try {
      return readFileSync(handle);
    } finally {
      closeSync(handle);
    }
  }

  /** It may go after it was seen, as a lock does that another run gives back. */
  #openThere(file: string): number | undefined {
    try {
      return this.open(file);
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  }

  /** Opens a file for reading; no link, and no pipe that would wait for a writer. */
  open(file: string): number {
    // Not every system has the last two.
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    return openSync(this.folders.at(file), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  }

  stats(file: string): Stats | undefined {
    try {
      return lstatSync(this.folders.at(file));
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  }

  /** Takes the file of operation n from its place. */
  take(file: string, store: Store, n: number): void {
    try {
      this.#rename(file, `${this.home}/${store}/${n}`);
    } catch (error) {
      if (!isCode(error, 'EXDEV')) throw error;
      this.#rename(file, this.#beside(file, store, n));
    }
  }

  /** Where what was taken from `file` is, if it was. */
  taken(file: string, store: Store, n: number): string | undefined {
    return [this.#beside(file, store, n), `${this.home}/${store}/${n}`].find(
      (one) => this.stats(one) !== undefined,
    );
  }

  /**
   * Moves a file to a place where nothing may be.
   *
   * @throws EEXIST when something is there
   */
  place(from: string, to: string, n: number): void {
    try {
      this.#link(from, to);
      this.remove(from);
    } catch (error) {
      if (!isCode(error, 'EXDEV')) throw error;
      const spare = this.spare(to, n);
      try {
        this.#copy(from, spare);
        this.#link(spare, to);
        this.remove(from);
      } finally {
        this.remove(spare);
      }
    }
  }

  /** Brings into the transaction what had to be kept beside its file because that lies on another device. */
  bringHome(file: string, store: Store, n: number): void {
    const beside = this.#beside(file, store, n);
    if (this.stats(beside) === undefined) return;
    this.#copy(beside, `${this.home}/${store}/${n}`);
    this.remove(beside);
  }

  /**
   * Gives what was taken into the transaction bytes of its own, when another name of the file could still change them.
   *
   * @returns where it is, when there was another name
   */
  separate(store: Store, n: number): string | undefined {
    const taken = `${this.home}/${store}/${n}`;
    if ((this.stats(taken)?.nlink ?? 0) < 2) return undefined;
    const copy = `${this.home}/own`;
    this.#copy(taken, copy);
    this.#rename(copy, taken);
    return taken;
  }

  /** The copy of a new file beside its place, where that lies on another device; gone when the file is there. */
  spare(file: string, n: number): string {
    return this.#beside(file, 'new', n);
  }

  /** Removes a file, if it is there. */
  remove(file: string): void {
    try {
      patiently(this.folders.platform, () => unlinkSync(this.folders.at(file)));
    } catch (error) {
      if (!isAbsence(error)) throw error;
    }
  }

  /** Makes an empty file whose presence says something; `lasting`: also after a loss of power. */
  mark(file: string, lasting: boolean): void {
    const handle = openSync(this.folders.at(file), 'a', 0o600);
    try {
      if (lasting) fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }

  /** Removes a folder; throws when something is in it. */
  removeFolder(folder: string): void {
    rmdirSync(this.folders.at(folder));
  }

  /** Removes the folder of the transaction, its record first: without it nothing of what is left means anything. */
  clear(): void {
    this.remove(`${this.home}/COMMIT.json`);
    rmSync(this.folders.at(this.home), { recursive: true, force: true, maxRetries: 3 });
  }

  /** Gives a file a second name, or its only one where there are no links. */
  #link(from: string, to: string): void {
    const { platform } = this.folders;
    if (this.#links) {
      try {
        patiently(platform, () => linkSync(this.folders.at(from), this.folders.at(to)));
        return;
      } catch (error) {
        if (!linkless.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
    }
    // FAT and some network drives have no hard links; a rename alone would replace what is there.
    if (this.stats(to)) throw Object.assign(new Error(`${to} exists`), { code: 'EEXIST' });
    this.#rename(from, to);
    this.#links = false;
  }

  #rename(from: string, to: string): void {
    patiently(this.folders.platform, () => renameSync(this.folders.at(from), this.folders.at(to)));
  }

  /** Copies with mode and owner, and waits until it is on the disk. */
  #copy(from: string, to: string): void {
    this.remove(to);
    copyFileSync(this.folders.at(from), this.folders.at(to), constants.COPYFILE_EXCL);
    const handle = openSync(this.folders.at(to), 'r+');
    try {
      keepOwner(handle, this.stats(from));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }

  #beside(file: string, store: Store | 'new', n: number): string {
    const { id, nonce } = this.record;
    return path.posix.join(path.posix.dirname(file), `.cfsa-${id}-${nonce}-${n}-${store}`);
  }
}

/** Gives a new file the owner of the one it replaces, as far as the system allows it. */
export function keepOwner(handle: number, from: Stats | undefined): void {
  const now = fstatSync(handle);
  if (from === undefined || (now.uid === from.uid && now.gid === from.gid)) return;
  try {
    fchownSync(handle, from.uid, from.gid);
  } catch (error) {
    if (!isCode(error, 'EPERM', 'EINVAL', 'ENOSYS', 'ENOTSUP')) throw error;
  }
}

export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}
