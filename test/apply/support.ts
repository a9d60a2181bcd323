import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { commit, type CommitOptions } from '../../src/apply/commit.ts';
import { readOurs } from '../../src/apply/disk.ts';
import { reconcile } from '../../src/apply/reconcile.ts';
import type { Committed } from '../../src/apply/types.ts';
import type { FileMode, Tree } from '../../src/render/types.ts';

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'apply-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A tree of text files; `modes` names those that are not 644. */
export function treeOf(
  files: Readonly<Record<string, string>>,
  modes: Readonly<Record<string, FileMode>> = {},
): Tree {
  return new Map(
    Object.entries(files).map(([file, text]) => [
      file,
      {
        content: Buffer.from(text),
        merge: 'text',
        mode: modes[file] ?? 0o644,
        owner: 'project',
      },
    ]),
  );
}

/** What the tool does with a tree: look, compare, write. */
export async function write(root: string, tree: Tree, options?: CommitOptions): Promise<Committed> {
  return commit(root, reconcile(await readOurs(root, tree.keys()), tree), options);
}

/** Every file below a folder with its text, links with their target, empty folders as `null`. */
export function contents(folder: string): Readonly<Record<string, string | null>> {
  const found: Record<string, string | null> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file);
    if (entry.isDirectory()) {
      if (readdirSync(file).length === 0) found[name] = null;
    } else found[name] = readFileSync(file, 'utf8');
  }
  return found;
}
