import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { exit, UserError } from '../errors.ts';

/** What git keeps while a merge, a pick, a revert or a rebase waits for somebody. */
const underWay = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'rebase-merge', 'rebase-apply'];

/**
 * Refuses while git merges and one of these files is not decided yet: our merge on top of it would be decided twice. Git
 * itself is not called, and not needed.
 *
 * @param root the absolute path of the project
 * @param managed paths of the project
 * @throws UserError 3
 */
export async function refuseGitMerge(root: string, managed: ReadonlySet<string>): Promise<void> {
  const found = await repositoryOf(root);
  if (found === undefined) return;
  const { folder, prefix } = found;
  const waiting = await Promise.all(underWay.map((name) => exists(path.join(folder, name))));
  if (!waiting.includes(true)) return;
  const index = await readFile(path.join(folder, 'index')).catch(() => Buffer.alloc(0));
  const own = unmergedIn(index)
    .filter((file) => file.startsWith(prefix))
    .map((file) => file.slice(prefix.length))
    .filter((file) => managed.has(file));
  if (own.length === 0) return;
  throw new UserError(
    exit.conflict,
    `git is merging, and ${own.join(', ')} ${own.length === 1 ? 'is' : 'are'} not decided yet`,
    'finish the merge first',
  );
}

/**
 * Where a project lies in its repository, with slashes; empty at its root, and where there is none.
 *
 * @param root the absolute path of the project
 */
export async function folderInRepository(root: string): Promise<string> {
  return ((await repositoryOf(root))?.prefix ?? '').replace(/\/$/, '');
}

interface Repository {
  /** The folder of git for this working tree. */
  readonly folder: string;
  /** What the paths of the project begin with in the repository. */
  readonly prefix: string;
}

async function repositoryOf(root: string): Promise<Repository | undefined> {
  for (let at = root; ; at = path.dirname(at)) {
    const folder = await gitFolder(path.join(at, '.git'));
    if (folder !== undefined) {
      const inside = path.relative(at, root).split(path.sep).join('/');
      return { folder, prefix: inside === '' ? '' : `${inside}/` };
    }
    if (at === path.dirname(at)) return undefined;
  }
}

/** A folder, or a file that names it (a working tree beside the first, a submodule). */
async function gitFolder(at: string): Promise<string | undefined> {
  const found = await lstat(at).catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.isDirectory()) return at;
  const text = await readFile(at, 'utf8').catch(() => '');
  const named = /^gitdir: (.+)$/m.exec(text)?.[1];
  return named === undefined ? undefined : path.resolve(path.dirname(at), named);
}

function exists(at: string): Promise<boolean> {
  return lstat(at).then(
    () => true,
    () => false,
  );
}

/** The paths of an index of git (versions 2 to 4) that have more than one side. */
function unmergedIn(index: Buffer): readonly string[] {
  if (index.length < 12 || index.toString('latin1', 0, 4) !== 'DIRC') return [];
  const version = index.readUInt32BE(4);
  const paths = new Set<string>();
  let previous = '';
  let at = 12;
  for (let left = index.readUInt32BE(8); left > 0 && at + 62 <= index.length; left -= 1) {
    const flags = index.readUInt16BE(at + 60);
    const head = at + 62 + (version >= 3 && (flags & 0x4000) !== 0 ? 2 : 0);
    const { kept, start } = version === 4 ? sharedPart(index, head) : { kept: 0, start: head };
    const end = index.indexOf(0, start);
    if (end === -1) break;
    const common = version === 4 ? previous.slice(0, previous.length - kept) : '';
    const file = common + index.toString('latin1', start, end);
    if (((flags >> 12) & 3) !== 0) paths.add(Buffer.from(file, 'latin1').toString('utf8'));
    previous = file;
    // Entries are filled up with 1 to 8 zeros to a multiple of eight, but for version 4.
    at = version === 4 ? end + 1 : at + 8 * Math.floor((end - at) / 8 + 1);
  }
  return [...paths];
}

/** How many bytes of the path before are to be cut off, in the numbers of variable length that git uses. */
function sharedPart(index: Buffer, at: number): { readonly kept: number; readonly start: number } {
  // Of an index that ends in the middle the rest is nothing.
  let byte = index[at] ?? 0;
  let kept = byte & 0x7f;
  let start = at + 1;
  while ((byte & 0x80) !== 0) {
    byte = index[start] ?? 0;
    kept = ((kept + 1) << 7) | (byte & 0x7f);
    start += 1;
  }
  return { kept, start };
}
