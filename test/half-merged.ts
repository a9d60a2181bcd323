import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';

/** git in a folder, as somebody. A command that fails says so in its exit code. */
const gitIn =
  (root: string) =>
  (...words: string[]) =>
    execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...words], {
      cwd: root,
      reject: false,
    });

/** Two branches, `one` and `two`, that have another `run.ts` each; `one` is checked out, and `merge two` stops at that file. */
export async function diverge(root: string): Promise<ReturnType<typeof gitIn>> {
  const git = gitIn(root);
  const write = (text: string) => writeFileSync(path.join(root, 'run.ts'), text);
  await git('init', '-q', '-b', 'one');
  await git('add', '.');
  await git('commit', '-qm', 'one');
  await git('checkout', '-qb', 'two');
  write('// two\n');
  await git('commit', '-qam', 'two');
  await git('checkout', '-q', 'one');
  write('// one\n');
  await git('commit', '-qam', 'three');
  return git;
}
