import { readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * The rows of a JSON file beside the template sets: what a version has to say of itself. One that has nothing to say has no
 * such file.
 * @param folder the `templates/` of this package
 */
export async function tableFile(
  folder: string,
  name: string,
): Promise<readonly (readonly [key: string, value: unknown])[]> {
  const text = await readFile(path.join(folder, name), 'utf8').catch(absent);
  return text === undefined ? [] : Object.entries(JSON.parse(text) as Record<string, unknown>);
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
