import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { writes, type ProjectPlan } from './project-plan.ts';
import { stateFolder } from './state.ts';

/** So many are named; a copy made of hard links has as many as it has files. */
const mostNamed = 3;

/**
 * What is to be told of files that have another name, a hard link: a new file takes the place of this one, so that the two
 * are no longer the same.
 *
 * @param root the absolute path of the project
 */
export async function linkNotes(
  root: string,
  { changes }: ProjectPlan,
): Promise<readonly string[]> {
  const replaced = changes.filter(
    (change) =>
      writes(change) && change.before !== undefined && !change.path.startsWith(`${stateFolder}/`),
  );
  const linked: string[] = [];
  for (const { path: file } of replaced) {
    const stats = await lstat(path.join(root, file)).catch(() => undefined);
    if (stats?.isFile() === true && stats.nlink > 1) linked.push(file);
  }
  if (linked.length === 0) return [];
  const left = linked.length - mostNamed;
  const names = linked.slice(0, mostNamed).join(', ') + (left > 0 ? ` and ${left} more` : '');
  const have = linked.length === 1 ? 'has another name' : 'have other names';
  return [`${names} ${have} (hard links), which will keep the old content`];
}
