import type { Change } from '../apply/change.ts';
import { writing } from '../apply/reconcile/change-of.ts';
import { exit, UserError } from '../errors.ts';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/schema.ts';
import { ProjectFiles } from './files.ts';
import { planOf, type ProjectPlan } from './project-plan.ts';
import { stateOrNone } from './read-state.ts';
import { specPath } from './spec-text.ts';
import { stateFolder, statePath } from './state.ts';
import { filesIn } from './strays.ts';
import { basePath, fixedFiles } from './tree.ts';

/** What transactions keep for themselves; the writer looks after it. */
const local = ['tx', 'undo', 'lock', 'tmp'].map((name) => `${stateFolder}/${name}`);

/**
 * The plan that makes a project independent of this tool: `.flask-style/` goes, everything else stays. Templates and
 * other files that somebody put there are not ours to delete.
 *
 * @param root the absolute path of the project
 * @throws UserError 1 for a spec with mistakes, 4 when the state was written by a newer version
 */
export async function ejectPlan(root: string): Promise<ProjectPlan> {
  const files = new ProjectFiles(root);
  const spec = await specOf(root, files);
  const paths = (await filesIn(root, stateFolder)).filter(
    (path) => !local.some((own) => path === own || path.startsWith(`${own}/`)),
  );
  const changes = await Promise.all(
    paths
      .filter(isOurs)
      .map(async (path): Promise<Change | undefined> =>
        writing({ path, before: await files.read(path), mode: 0o644 }),
      ),
  );
  const yours = paths.filter((path) => !isOurs(path));
  return planOf(
    changes.filter((change) => change !== undefined),
    spec,
    yours.length === 0 ? [] : [`${yours.join(', ')}: yours, and stays`],
  );
}

function isOurs(path: string): boolean {
  return path === statePath || fixedFiles().has(path) || path.startsWith(basePath(''));
}

/** What was applied last; of a project whose state is lost, what its file says. */
async function specOf(root: string, files: ProjectFiles): Promise<Spec> {
  const state = await stateOrNone(root);
  if (state !== undefined) return state.spec;
  const text = await files.text(specPath);
  if (text === undefined)
    throw new UserError(exit.usage, `there is no ${specPath} here`, 'name the project with --cwd');
  return parseSpec(text, specPath);
}
