import { lstat, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { checkPaths, refuseLinks } from '../apply/paths.ts';
import { exit, UserError } from '../errors.ts';
import { utf8Text } from '../utf8.ts';

/** Nobody writes a larger text by hand. */
export const mostBytes = 1024 * 1024;

/** The files of a project as they lie on disk, each read once. */
export class ProjectFiles {
  readonly root: string;
  readonly #read = new Map<string, Promise<Uint8Array | undefined>>();

  constructor(root: string) {
    this.root = root;
  }

  /**
   * The bytes of a file; `undefined` when there is none.
   *
   * @param file a relative path with forward slashes
   * @throws UserError 5 for an unsafe path, a link or a file that cannot be read, 3 for a folder
   */
  read(file: string): Promise<Uint8Array | undefined> {
    const reading = this.#read.get(file) ?? readPlain(this.root, file);
    this.#read.set(file, reading);
    return reading;
  }

  /**
   * The bytes of a file that is not ours and that nothing depends on; `undefined` also when it cannot be read, has a name that
   * we would not write, or is very large.
   */
  async look(file: string): Promise<Uint8Array | undefined> {
    try {
      const { size } = await stat(path.join(this.root, file));
      return size > mostBytes ? undefined : await this.read(file);
    } catch (error) {
      if (error instanceof UserError || isDiskError(error)) return undefined;
      throw error;
    }
  }

  /** The text of a file, byte order mark and all. */
  async text(file: string): Promise<string | undefined> {
    const content = await this.read(file);
    return content === undefined ? undefined : utf8Text(content);
  }
}

async function readPlain(root: string, file: string): Promise<Uint8Array | undefined> {
  checkPaths([file]);
  await refuseLinks(root, [file]);
  const at = path.join(root, file);
  const found = await lstat(at).catch(absent);
  if (found === undefined) return undefined;
  if (found.isSymbolicLink())
    throw new UserError(
      exit.io,
      `${file} is a link; nothing is read or written through links`,
      'replace it by the file that it points to',
    );
  if (!found.isFile())
    throw new UserError(exit.conflict, `${file} is in the way: a file of that name is needed`);
  return readFile(at).catch(({ code = '' }: NodeJS.ErrnoException) => {
    throw new UserError(exit.io, `cannot read ${file} (${code})`, 'nothing was written');
  });
}

function isDiskError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
