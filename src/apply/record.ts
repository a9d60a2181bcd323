import { exit, UserError } from '../errors.ts';
import { checkPaths, isPrivate } from './paths.ts';

export const home = '.flask-style';
/** Transactions that are under way, each a folder named after its id. */
export const running = `${home}/tx`;
/** Transactions that came to their end, kept so that they can be undone. */
export const past = `${home}/undo`;
/** The file whose presence says that the files of a project are being changed. */
export const recordName = 'COMMIT.json';

/** What happens to one file. Its new bytes are `new/<n>`, what lay there is `cap/<n>`, with n its place in the list. */
export interface Op {
  readonly path: string;
  /** SHA-256 in hexadecimal digits; absent: there is no file. */
  readonly before?: string;
  readonly after?: string;
  /** Permission bits, before when there is a file, otherwise after. */
  readonly mode: number;
  /** The length of the new bytes, which lie one after another in the file `after`; absent: an earlier one has the same. */
  readonly size?: number;
}

/** COMMIT.json: enough to finish a transaction or to take it back. */
export interface TransactionRecord {
  readonly version: 1;
  readonly id: string;
  /** Random digits for names beside files on other devices. */
  readonly nonce: string;
  readonly command: string;
  readonly at: string;
  readonly undoes?: string;
  /** A new project: taken back when interrupted, and no undo entry. */
  readonly creation?: true;
  /** Folders that have to be made, outer ones first. */
  readonly folders: readonly string[];
  readonly ops: readonly Op[];
}

/** Whether a name in `tx/` or `undo/` is that of a transaction. */
export function isId(name: string): boolean {
  return /^\d{4,9}$/.test(name);
}

/**
 * Reads a record. It may have come with a foreign repository: nothing it says may lead out of the project.
 *
 * @param where its path, for the error
 * @throws UserError 4 when it cannot be read, 5 for an unsafe path
 */
export function parseRecord(text: string, where: string): TransactionRecord {
  const record = parsed(text);
  if (!isRecord(record)) {
    throw new UserError(
      exit.state,
      `${where} cannot be read: damaged, or written by a newer version`,
      'update the tool, or delete its folder to keep the files as they are',
    );
  }
  const paths = [...record.ops.map(({ path }) => path), ...record.folders];
  checkPaths(paths);
  const own = paths.find(isPrivate);
  if (own !== undefined)
    throw new UserError(exit.io, `${where} names ${own}, which no command writes`);
  return record;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is TransactionRecord {
  if (!isObject(value)) return false;
  const { version, id, nonce, command, at, undoes, creation, folders, ops } = value;
  return (
    version === 1 &&
    [id, command, at].every((one) => typeof one === 'string') &&
    typeof nonce === 'string' &&
    /^[0-9a-f]{8}$/.test(nonce) &&
    (undoes === undefined || typeof undoes === 'string') &&
    (creation === undefined || creation === true) &&
    Array.isArray(folders) &&
    folders.every((one) => typeof one === 'string') &&
    Array.isArray(ops) &&
    ops.every(isOp)
  );
}

function isOp(value: unknown): value is Op {
  if (!isObject(value)) return false;
  const { path, before, after, mode, size } = value;
  return (
    typeof path === 'string' &&
    (isHash(before) || isHash(after)) &&
    (before === undefined || isHash(before)) &&
    (after === undefined || isHash(after)) &&
    Number.isInteger(mode) &&
    (size === undefined || (Number.isInteger(size) && Number(size) >= 0))
  );
}

function isHash(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
