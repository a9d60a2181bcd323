import {
  closeSync,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import { ServerError } from '../errors.ts';
import { commitRecord, replay, snapshotRecords } from './journal-format.ts';
import { lock, unlock } from './lock.ts';
import type { Store } from './store.ts';

const FILE = 'data.journal';
const FSYNC_MS = 100;
/** A journal below this is never rewritten. */
const SMALL = 8 * 1024 * 1024;
const CHUNK = 1024 * 1024;

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** Makes a rename durable, where the system lets directories be synced. */
function syncDirectory(dir: string): void {
  try {
    const handle = openSync(dir, 'r');
    fsyncSync(handle);
    closeSync(handle);
  } catch (error) {
    if (
      !['EISDIR', 'EPERM', 'EINVAL', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')
    )
      throw error;
  }
}

/**
 * The data on disk: one append-only file of checksummed commits. A commit is written to the file before its answer is
 * sent, so the end of the process loses nothing; what the end of the machine may lose is a matter of `fsync`.
 * When the file has outgrown the data it is replaced by one that holds just these.
 */
export class Journal {
  private readonly store: Store;
  private readonly dir: string;
  private readonly mode: 'interval' | 'always' | 'never';
  private file: number;
  private size: number;
  private pending: Buffer[] = [];
  private dirty = false;
  /** Whether a write failed and may have left a part of a record at the end of the file. */
  private torn = false;
  /** The size from which on the file is replaced; it rises when that failed. */
  private most = SMALL;
  private readonly warn: (message: string) => void;
  private syncing: Promise<void> | undefined;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    store: Store,
    dir: string,
    mode: 'interval' | 'always' | 'never',
    size: number,
    warn: (message: string) => void,
  ) {
    this.warn = warn;
    this.store = store;
    this.dir = dir;
    this.mode = mode;
    this.file = openSync(join(dir, FILE), 'a');
    this.size = size;
    this.timer = setInterval(() => this.tick(), FSYNC_MS).unref();
    store.onCommit((commit) => this.pending.push(commitRecord(commit)));
  }

  /**
   * Reads the directory's journal into the store and writes on from there. A record that is torn or damaged ends the
   * journal: what follows is moved into a file of its own, with a warning.
   * @throws Error when the directory is in use, or when a whole record is not one that this version can apply
   */
  static open(
    store: Store,
    dir: string,
    mode: 'interval' | 'always' | 'never',
    warn: (message: string) => void,
  ): Journal {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    lock(dir);
    try {
      rmSync(join(dir, `${FILE}.tmp`), { force: true });
      const path = join(dir, FILE);
      const bytes = readExisting(path);
      const { good, problem } = store.quietly(() => replay(store, bytes));
      if (problem) {
        const rest = `${path}.damaged-${Date.now()}`;
        writeFileSync(rest, bytes.subarray(good), { mode: 0o600 });
        const file = openSync(path, 'r+');
        ftruncateSync(file, good);
        fsyncSync(file);
        closeSync(file);
        warn(
          `embedded database: the journal ended in ${problem} at byte ${good}; ${bytes.length - good} bytes after it were moved to ${rest}`,
        );
      }
      return new Journal(store, dir, mode, good, warn);
    } catch (error) {
      unlock(dir);
      throw error;
    }
  }

  /** Settles when all commits so far are as safe as the mode promises. */
  async durable(): Promise<void> {
    this.flush();
    while (this.mode === 'always' && (this.dirty || this.syncing)) {
      await (this.syncing ??= this.sync()).catch((error: unknown) => {
        throw this.unwritable(error);
      });
    }
  }

  /** The answer to a write that is in memory and not on disk. The journal has it as soon as the disk takes it. */
  private unwritable(error: unknown): ServerError {
    const reason = error instanceof Error ? error.message : String(error);
    return new ServerError(14031, `The journal in ${this.dir} cannot be written: ${reason}`);
  }

  private flush(): void {
    if (this.pending.length === 0) return;
    const bytes =
      this.pending.length === 1 ? (this.pending[0] as Buffer) : Buffer.concat(this.pending);
    try {
      // What follows a torn record would be lost at the next start.
      if (this.torn) ftruncateSync(this.file, this.size);
      this.torn = true;
      writeAll(this.file, bytes);
    } catch (error) {
      throw this.unwritable(error);
    }
    this.torn = false;
    this.pending = [];
    this.size += bytes.length;
    this.dirty = true;
    if (this.size > this.most && this.size > 2 * this.store.bytes) this.shrink();
  }

  /** Replaces the file by a smaller one. Where that fails the old one, which is whole, stays. */
  private shrink(): void {
    try {
      this.rewrite();
      this.most = SMALL;
    } catch (error) {
      this.most = 2 * this.size;
      this.warn(`embedded database: ${this.unwritable(error).message}; it is kept as it is`);
    }
  }

  /** Forces the file to disk; commits that come meanwhile share the next round. */
  private sync(): Promise<void> {
    this.dirty = false;
    return new Promise((resolve, reject) => {
      fdatasync(this.file, (error) => {
        this.syncing = undefined;
        if (!error) return resolve();
        this.dirty = true;
        reject(error);
      });
    });
  }

  private tick(): void {
    try {
      this.flush();
    } catch {
      // The command that wrote was answered with the error; the next tick tries again.
      return;
    }
    if (this.mode !== 'interval' || !this.dirty || this.syncing) return;
    this.syncing = this.sync();
    this.syncing.catch(() => undefined);
  }

  /** Replaces the journal by a snapshot of the data, in one step. */
  private rewrite(): void {
    const path = join(this.dir, FILE);
    const file = openSync(`${path}.tmp`, 'w', 0o600);
    let size: number;
    try {
      size = this.snapshot(file);
    } catch (error) {
      rmSync(`${path}.tmp`, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.tmp`, path);
    syncDirectory(this.dir);
    const old = this.file;
    this.file = openSync(path, 'a');
    this.size = size;
    if (this.syncing) void this.syncing.finally(() => closeSync(old));
    else closeSync(old);
  }

  /** Writes all data into a file. @returns its size in bytes */
  private snapshot(file: number): number {
    let size = 0;
    let chunk: Buffer[] = [];
    let held = 0;
    const write = () => {
      writeAll(file, Buffer.concat(chunk));
      size += held;
      chunk = [];
      held = 0;
    };
    for (const record of snapshotRecords(this.store)) {
      chunk.push(record);
      held += record.length;
      if (held > CHUNK) write();
    }
    write();
    fsyncSync(file);
    return size;
  }

  /** Writes what is left and lets go of the directory. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    try {
      this.flush();
      await this.syncing?.catch(() => undefined);
      fsyncSync(this.file);
    } finally {
      closeSync(this.file);
      unlock(this.dir);
    }
  }
}

function readExisting(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    writeFileSync(path, '', { mode: 0o600 });
    return Buffer.alloc(0);
  }
}
