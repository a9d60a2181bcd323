import type { Change } from '../apply/change.ts';
import { readOurs } from '../apply/disk.ts';
import { reconcile } from '../apply/reconcile.ts';
import type { Tree } from '../render/types.ts';
import type { OwnFiles } from './examples.ts';
import { withOwnFiles } from './own-files.ts';
import { projectTree, type TreeInput } from './tree.ts';

/** What a new project is made of, and the absolute path it goes to. */
export interface NewProject extends TreeInput {
  readonly root: string;
  /** Files of an example that somebody wrote into it. */
  readonly own?: OwnFiles;
}

/**
 * The changes that make a new project, compared with what lies at `root`; nothing is written.
 *
 * @throws UserError 1 for a spec that cannot be emitted, 3 or 5 when something lies in the way of a folder
 */
export async function planNew(
  input: NewProject,
): Promise<{ readonly changes: readonly Change[]; readonly tree: Tree }> {
  const tree = withOwnFiles(await projectTree(input), input.own ?? new Map());
  const ours = await readOurs(input.root, tree.keys());
  return { changes: reconcile(ours, tree), tree };
}
