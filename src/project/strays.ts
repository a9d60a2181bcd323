import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { isSource } from '../apply/reconcile/importers.ts';
import type { Stray } from '../apply/reconcile/moves.ts';
import type { Sources } from '../apply/reconcile/types.ts';
import type { Tree } from '../render/types.ts';
import type { ProjectFiles } from './files.ts';
import { ignoredBy, type Ignored } from './ignored.ts';
import type { State } from './state.ts';

/**
 * All files of a project that git does not ignore, sorted.
 * @param root the absolute path of the project
 */
export async function filesBelow(root: string): Promise<readonly string[]> {
  const gitignore = await readFile(join(root, '.gitignore'), 'utf8').catch(() => '');
  const found: string[] = [];
  await walk(root, '', ignoredBy(gitignore), found);
  return found.sort();
}

/**
 * All files below a folder of a project, whatever git says, sorted.
 * @param folder a relative path
 */
export async function filesIn(root: string, folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  await walk(root, folder, () => false, found);
  return found.sort();
}

/** What the planner may look at beside the files in question; read when it is asked for, and once. */
export function surroundings(
  { files, state }: { readonly files: ProjectFiles; readonly state: Pick<State, 'files'> },
  tree: Tree,
): Pick<Sources, 'strays' | 'allSources'> {
  const places = Object.entries(state.files).flatMap(([path, { at }]) => [path, at ?? path]);
  const managed = new Set([...places, ...tree.keys()]);
  const all = once(() => filesBelow(files.root));
  const texts = new Map<string, Promise<readonly Stray[]>>();
  return {
    strays: async (path) => {
      const ending = extname(path);
      const reading =
        texts.get(ending) ??
        all().then((found) =>
          textsOf(
            files,
            found.filter((file) => !managed.has(file) && extname(file) === ending),
          ),
        );
      texts.set(ending, reading);
      return reading;
    },
    allSources: async () => (await all()).filter(isSource),
  };
}

/** Moves of the user that the state remembers. */
export function movesIn({ files }: Pick<State, 'files'>): ReadonlyMap<string, string> {
  const moved = Object.entries(files).filter(([, { at }]) => at !== undefined);
  return new Map(moved.map(([path, { at }]) => [path, at ?? path]));
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}

/** The texts of strays, but for the very large ones and those that cannot be read. */
async function textsOf(files: ProjectFiles, strays: readonly string[]): Promise<readonly Stray[]> {
  const texts = await Promise.all(
    strays.map(async (path) => ({ path, content: await files.look(path) })),
  );
  return texts.flatMap(({ path, content }) => (content === undefined ? [] : [{ path, content }]));
}

/** None where we may not look, such as the data of a database in a container, or where a name is in no text. */
async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

async function walk(
  root: string,
  folder: string,
  ignored: Ignored,
  found: string[],
): Promise<void> {
  for (const entry of await entriesOf(join(root, folder))) {
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (ignored(file, entry.isDirectory())) continue;
    if (entry.isDirectory()) await walk(root, file, ignored, found);
    else if (entry.isFile()) found.push(file);
  }
}
