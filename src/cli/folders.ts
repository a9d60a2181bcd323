import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { exit, UserError } from '../errors.ts';
import { quote } from '../spec/names.ts';

/** The absolute folder to work in: `--cwd`, or the one the tool was started in. */
export function workingFolder(cwd: string | boolean | undefined): string {
  const folder = resolve(typeof cwd === 'string' ? cwd : '.');
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(exit.usage, `--cwd ${quote(folder)} is not a folder`);
  return folder;
}

/**
 * The project around a folder: the nearest one with a spec, not above a repository.
 * @param others files and folders that tell a project as well as its spec does
 */
export function projectRoot(from: string, others: readonly string[] = []): string {
  const marks = ['flask-style.json', ...others];
  for (let folder = from; ; folder = dirname(folder)) {
    if (marks.some((mark) => existsSync(join(folder, mark)))) return folder;
    if (existsSync(join(folder, '.git')) || folder === dirname(folder))
      throw new UserError(
        exit.usage,
        `there is no flask-style.json in ${quote(from)} or above it`,
        'name the project with --cwd',
      );
  }
}

/** Refuses (exit 5) a target whose nearest existing parent is really outside the working folder. */
export function refuseLeadingOut(root: string, cwd: string): void {
  let parent = root;
  while (!existsSync(parent)) parent = dirname(parent);
  const inside = realpathSync(cwd);
  const real = realpathSync(parent);
  if (real !== inside && !real.startsWith(inside + (inside.endsWith(sep) ? '' : sep)))
    throw new UserError(
      exit.io,
      `${quote(root)} leads out of the working folder through a link`,
      'nothing was written',
    );
}
