import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { exit, UserError } from '../errors.ts';
import { diskError } from './errors.ts';
import { refuseLinks } from './paths.ts';
import { halfMade } from './recover.ts';
import { within } from './undo.ts';

/**
 * Reads what lies on disk at the wanted paths; what a killed run has left of a half-done change does not count, because the
 * next commit takes it back.
 *
 * @param root the folder of the project; it need not exist
 * @param paths relative paths with forward slashes
 * @returns the bytes of those that exist; a folder or another thing that is no file counts as an empty file
 * @throws UserError 5 when `root` or a folder on the way is a link or cannot be read, 3 when something else lies in the
 *   way, 4 when files of a killed run were edited since
 */
export async function readOurs(
  root: string,
  paths: Iterable<string>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  try {
    return await filesAt(root, [...paths]);
  } catch (error) {
    throw diskError(error, root);
  }
}

async function filesAt(
  root: string,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const ours = new Map<string, Uint8Array>();
  const target = await lstat(root).catch(absent);
  if (!target) return ours;
  if (target.isSymbolicLink())
    throw new UserError(
      exit.io,
      `${root} is a link; nothing is written through links`,
      'name the folder itself',
    );
  if (!target.isDirectory())
    throw new UserError(exit.conflict, `${root} exists and is not a folder`, 'choose another name');

  await refuseLinks(root, wanted);
  const left = within(root, halfMade);
  for (const file of wanted) {
    if (left.has(file)) continue;
    const found = await lstat(path.join(root, file)).catch(absent);
    if (found)
      ours.set(file, found.isFile() ? await readFile(path.join(root, file)) : new Uint8Array());
  }
  return ours;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
