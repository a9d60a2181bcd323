/** Folders that never hold files of the user. */
const always = new Set(['.git', '.flask-style', 'node_modules']);

interface Pattern {
  readonly shape: RegExp;
  readonly folderOnly: boolean;
  readonly negated: boolean;
}

/** Whether a file or folder is of no interest; the path is relative, with slashes. */
export type Ignored = (path: string, isFolder: boolean) => boolean;

/**
 * Reads the lines of a `.gitignore` at the root of a project.
 * Those of folders below it do not count: what they hide is looked at once too often, and no more.
 */
export function ignoredBy(gitignore: string): Ignored {
  const patterns = gitignore.split(/\r?\n/).flatMap(patternOf);
  return (path, isFolder) => {
    if (always.has(path.split('/').at(-1) ?? '')) return true;
    const last = patterns.findLast(
      ({ shape, folderOnly }) => (isFolder || !folderOnly) && shape.test(path),
    );
    return last !== undefined && !last.negated;
  };
}

function patternOf(line: string): Pattern[] {
  const text = line.replace(/(?<!\\)\s+$/, '');
  if (text === '' || text.startsWith('#')) return [];
  const negated = text.startsWith('!');
  const plain = negated ? text.slice(1) : text;
  const folderOnly = plain.endsWith('/');
  const body = folderOnly ? plain.slice(0, -1) : plain;
  const anchored = body.includes('/');
  const shape = body.replace(/^\//, '').split('/').map(segment).join('/');
  const anywhere = anchored ? '' : '(?:.*/)?';
  return [{ shape: new RegExp(`^${anywhere}${shape}$`, 'u'), folderOnly, negated }];
}

function segment(part: string): string {
  if (part === '**') return '.*';
  return part
    .replace(/\\(.)/g, '$1')
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
}
