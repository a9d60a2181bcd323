import { devNull } from 'node:os';
import { exit, UserError } from '../errors.ts';
import { reasonIn, run, type Ended, type Surroundings } from './run.ts';

// For who has not told git a name yet: the commit is to be made anyway.
const somebody = ['-c', 'user.name=create-flask-style-api', '-c', 'user.email=nobody@localhost'];

// Hooks and signing are the user's own business: one may refuse the commit, the other may ask for a passphrase.
const plain = ['-c', `core.hooksPath=${devNull}`, '-c', 'core.fsmonitor=false'];

/**
 * Makes a git repository with one commit on `main`, unless the project lies in one already.
 *
 * @param root the folder of the project
 * @returns `inside-another` when nothing was done, because `root` is a part of a repository
 * @throws UserError 6 when git is missing or fails, 130 when interrupted; the project is complete then
 */
export async function initRepository(
  root: string,
  surroundings: Surroundings,
): Promise<'created' | 'inside-another'> {
  const english = { ...surroundings, env: { ...surroundings.env, LC_ALL: 'C' } };
  const git = (...args: string[]): Promise<Ended> => run('git', args, root, english);

  const around = await git('rev-parse', '--git-dir');
  if (around.missing) throw new UserError(exit.post, 'git is not installed', 'or use --no-git');
  if (around.ok) return 'inside-another';
  // Any other failure means that there is a repository that git does not want to touch.
  if (!/not a git repository/i.test(around.output)) throw failure('rev-parse', around);

  // An empty template: the user's own may hold hooks.
  await succeed('init', git('init', '--quiet', '--template=', '-b', 'main'));
  await succeed('add', git(...plain, 'add', '--all'));
  const known =
    (await git('var', 'GIT_AUTHOR_IDENT')).ok && (await git('var', 'GIT_COMMITTER_IDENT')).ok;
  const commit = ['commit', '--quiet', '--no-verify', '--no-gpg-sign', '-m', 'Initial commit'];
  await succeed('commit', git(...plain, ...(known ? [] : somebody), ...commit));
  return 'created';
}

async function succeed(step: string, running: Promise<Ended>): Promise<void> {
  const ended = await running;
  if (!ended.ok) throw failure(step, ended);
}

function failure(step: string, { output }: Ended): UserError {
  return new UserError(exit.post, `git ${step} failed: ${reasonIn(output)}`);
}
