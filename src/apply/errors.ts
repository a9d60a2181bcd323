import { exit, UserError } from '../errors.ts';

const reasons: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'no space left on the device'],
  ['EDQUOT', 'the disk quota is used up'],
  ['ENAMETOOLONG', 'the name is too long for this file system'],
  ['EMFILE', 'too many open files'],
  ['EIO', 'the device reports an error'],
  ['ENOTDIR', 'a part of the path is not a folder'],
  ['ELOOP', 'the path is a loop of links'],
  ['EXDEV', 'the folder lies on more than one device'],
]);

/**
 * Turns an error of a system call into one line that says why nothing was written (5).
 *
 * @param what the folder that was to be written
 * @returns anything else unchanged, so that a mistake of ours stays visible as one
 */
export function diskError(error: unknown, what: string): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const { code, syscall }: NodeJS.ErrnoException = error;
  if (code === undefined || syscall === undefined) return error;
  const reason = reasons.get(code) ?? code;
  return new UserError(exit.io, `cannot write ${what}: ${reason}`, 'nothing was written');
}

/** Calls for what may be left undone: the files of the project are as they should be, and the next run does the rest. */
export function attempt(call: () => void): void {
  try {
    call();
  } catch {
    // The result of the command does not depend on it.
  }
}
