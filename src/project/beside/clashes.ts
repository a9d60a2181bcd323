import { exit, UserError } from '../../errors.ts';
import type { Spec } from '../../spec/schema.ts';
import type { Project } from '../open.ts';
import { foreignTexts, sourcesIn } from '../uses/code.ts';
import { ownRoutes } from './own-routes.ts';

/**
 * Refuses a resource whose path the application around the layout answers already: the layout stands first, and that route
 * would never be asked again. Routes are read from the text of the project, so only those that are written out are seen.
 *
 * @param project its `state` has the spec of before: what was there stays
 * @throws UserError 3 that names file and line
 */
export async function refuseTaken(project: Project, { resources }: Spec): Promise<void> {
  const before = Object.values(project.state.spec.resources).map(({ path }) => path);
  const added = Object.values(resources)
    .map(({ path }) => path)
    .filter((path) => !before.includes(path));
  if (added.length === 0) return;
  const places = added.flatMap((path) => [`/api${path}`, `/api/schemas${path}`]);
  for (const { path, file, line } of ownRoutes(sourcesIn(await foreignTexts(project)))) {
    const place = places.find((own) => isWithin(path, own));
    if (place === undefined) continue;
    throw new UserError(
      exit.conflict,
      `${file}:${line} answers ${path} already, and the new ${place} would stand in front of it; nothing was written`,
      'choose another name for the resource, or take that route out first',
    );
  }
}

/** Express does not tell capitals apart. */
function isWithin(path: string, own: string): boolean {
  const lower = path.toLowerCase();
  return lower === own || lower.startsWith(`${own}/`);
}
