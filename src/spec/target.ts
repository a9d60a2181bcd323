import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { exit, UserError } from '../errors.ts';
import { quote } from './names.ts';
import { folderOf, projectNameProblem } from './project-name.ts';

/**
 * The folder and the project name that the word [dir] means, seen from `cwd`. Throws a UserError for a folder that
 * `resolveFolder` refuses, and for a name that npm does not take.
 */
export function resolveTarget(word: string, cwd: string): { root: string; name: string } {
  const root = resolveFolder(word, cwd);
  const name = isScoped(word) ? word : basename(root);
  const problem = projectNameProblem(name);
  if (problem !== undefined) throw new UserError(exit.usage, problem.message, problem.hint);
  return { root, name };
}

function isScoped(word: string): boolean {
  return /^@[^/\\]+\/[^/\\]+$/.test(word);
}

/** The folder alone, for a project that has a name. Throws a UserError for one outside `cwd`, or that some file system cannot have. */
export function resolveFolder(word: string, cwd: string): string {
  if (word.trim() === '') throw new UserError(exit.usage, 'the folder has no name');
  const root = resolve(cwd, isScoped(word) ? folderOf(word) : word);
  const inside = relative(cwd, root);
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
    throw new UserError(
      exit.usage,
      `the folder ${quote(word)} lies outside the working folder`,
      `go there first: --cwd ${printableArgument(dirname(root))}`,
    );
  for (const segment of inside.split(sep)) checkSegment(segment);
  return root;
}

/** A path as it can be typed in a shell. */
function printableArgument(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : quote(path);
}

function checkSegment(segment: string): void {
  const bad =
    /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i.test(segment) ||
    /[. ]$/.test(segment) ||
    /[<>:"|?*\\\p{Cc}\p{Cf}]/u.test(segment) ||
    Buffer.byteLength(segment) > 255;
  if (bad)
    throw new UserError(
      exit.usage,
      `the folder name ${quote(segment)} cannot exist on every file system`,
    );
}
