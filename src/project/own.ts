import { lockFiles } from './lock-files.ts';
import type { Project } from './open.ts';
import { specPath } from './spec-text.ts';
import { filesBelow } from './strays.ts';

/** Something that was never emitted: the user made it. */
export interface OwnRow {
  /** A file; with a slash at its end a folder in which nothing was emitted. */
  readonly path: string;
  /** How many files are in the folder. */
  readonly files?: number;
}

const nobodys: ReadonlySet<string> = new Set([specPath, ...lockFiles.map(([file]) => file)]);

/**
 * What is the user's own in a project, sorted by path, but for what git ignores. Beside an application that was not made
 * by us only what lies in the folder of the layout: everything else is.
 *
 * @param found places where emitted files were found again
 */
export async function ownOf(
  { root, state, spec: { beside } }: Project,
  found: readonly string[],
): Promise<readonly OwnRow[]> {
  const emitted = Object.entries(state.files).flatMap(([path, { at }]) => [path, at ?? path]);
  const known = new Set([...emitted, ...found]);
  const within = beside === undefined ? '' : `${beside.folder}/`;
  const own = (await filesBelow(root)).filter(
    (path) => path.startsWith(within) && !known.has(path) && !nobodys.has(path),
  );
  return gathered(own, new Set([...known].flatMap(foldersOf)));
}

/** `app/routes/hello.ts` → `app/`, `app/routes/` */
function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => `${parts.slice(0, i + 1).join('/')}/`);
}

function gathered(own: readonly string[], shared: ReadonlySet<string>): OwnRow[] {
  const folders = new Map<string, number>();
  const rows: OwnRow[] = [];
  for (const path of own) {
    const folder = foldersOf(path).find((one) => !shared.has(one));
    if (folder === undefined) rows.push({ path });
    else folders.set(folder, (folders.get(folder) ?? 0) + 1);
  }
  for (const [path, files] of folders) rows.push({ path, files });
  return rows.sort((a, b) => (a.path < b.path ? -1 : 1));
}
