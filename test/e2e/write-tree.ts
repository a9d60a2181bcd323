import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Tree } from '../../src/render/index.ts';

/**
 * Writes the files of a tree into a folder.
 * @param linkTo the absolute path of a file that holds the same already, where there is one: a link to it is made
 * @returns the paths of the files that were written
 */
export async function writeTree(
  folder: string,
  tree: Tree,
  linkTo: (file: string) => string | undefined = () => undefined,
): Promise<string[]> {
  const written: string[] = [];
  for (const [file, { content }] of tree) {
    const target = path.join(folder, file);
    await mkdir(path.dirname(target), { recursive: true });
    const same = linkTo(file);
    if (same !== undefined) {
      await symlink(same, target);
      continue;
    }
    await writeFile(target, content);
    written.push(file);
  }
  return written;
}
