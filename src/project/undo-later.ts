import type { Item } from '../apply/reconcile/index.ts';
import type { UndoContent } from '../apply/types.ts';
import { exit, UserError } from '../errors.ts';
import type { Tree } from '../render/types.ts';
import type { Spec } from '../spec/schema.ts';
import { utf8Text } from '../utf8.ts';
import type { ProjectFiles } from './files.ts';
import { openProject, type Project } from './open.ts';
import { soundState, stateFrom } from './read-state.ts';
import { specPath } from './spec-text.ts';
import { statePath, type State } from './state.ts';
import { emittedTree } from './tree.ts';
import { isBook, remaining } from './undo-items.ts';
import type { UndoRequest } from './undo-request.ts';

/** What remains of a project when a command is taken back that others were run after. */
export interface Later {
  readonly project: Project;
  readonly tree: Tree;
  readonly items: readonly Item[];
}

/** The state that a command left, when another was run since; `undefined` when it is still that one. */
export async function changedSince(
  contents: readonly UndoContent[],
  files: ProjectFiles,
): Promise<boolean> {
  const kept = contents.find(({ path }) => path === statePath);
  if (kept === undefined) return false;
  const now = stateIn(await files.read(statePath));
  return now?.check !== stateIn(kept.afterBytes)?.check;
}

/** The state that a file holds, if there is one: `adopt` is run when it was damaged, and is taken back all the same. */
export function stateIn(content: Uint8Array | undefined): State | undefined {
  if (content === undefined) return undefined;
  return soundState(() => stateFrom(utf8Text(content)));
}

/**
 * What remains when a command is taken back before those that were run since.
 *
 * @param spec the spec without what the command brought
 * @throws UserError 3 when the templates are no longer those of the command
 */
export async function whatRemains(request: UndoRequest, spec: Spec): Promise<Later> {
  const { entry, generator, contents } = request;
  const project = await openProject(request);
  const versions = contents
    .filter(({ path }) => path === statePath)
    .flatMap(({ beforeBytes, afterBytes }) => [stateIn(beforeBytes), stateIn(afterBytes)])
    .map((state) => state?.generator.version);
  // The command that began it all, in a project that was not made by us, leaves no spec.
  const made = contents.find(({ path }) => path === specPath);
  const first = made !== undefined && made.beforeBytes === undefined;
  const others = [...versions, project.state.generator.version];
  if (first || others.some((one) => one !== generator.version))
    throw new UserError(
      exit.conflict,
      `"${entry.command}" cannot be undone before the commands that were run since`,
      'undo those first',
    );
  const tree = await emittedTree(spec, project.templates, { random: request.random });
  const own = contents.filter(({ path }) => !isBook(path));
  return { project, tree, items: remaining(own, project.state, tree) };
}
