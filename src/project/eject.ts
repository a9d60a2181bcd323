import type { Change } from '../apply/change.ts';
import { writing } from '../apply/reconcile/change-of.ts';
import { ProjectFiles } from './files.ts';
import { readState } from './read-state.ts';
import { planOf, type ProjectPlan } from './project-plan.ts';
import { stateFolder } from './state.ts';
import { filesIn } from './strays.ts';

/** What transactions keep for themselves; the writer looks after it. */
const local = ['tx', 'undo', 'lock', 'tmp'].map((name) => `${stateFolder}/${name}`);

/**
 * The plan that makes a project independent of this tool: `.flask-style/` goes, everything else stays.
 *
 * @param root the absolute path of the project
 * @throws UserError 4 when there is no state, so that there is nothing to leave
 */
export async function ejectPlan(root: string): Promise<ProjectPlan> {
  const { spec } = await readState(root);
  const files = new ProjectFiles(root);
  const paths = (await filesIn(root, stateFolder)).filter(
    (path) => !local.some((own) => path === own || path.startsWith(`${own}/`)),
  );
  const changes = await Promise.all(
    paths.map(async (path): Promise<readonly (Change | undefined)[]> => [
      writing({ path, before: await files.read(path), mode: 0o644 }),
    ]),
  );
  return planOf(
    changes.flat().filter((change) => change !== undefined),
    spec,
  );
}
