import { exit, UserError } from '../../errors.ts';
import { isSource } from '../../apply/reconcile/importers.ts';
import type { Spec } from '../../spec/schema.ts';
import type { Project } from '../open.ts';
import { filesBelow } from '../strays.ts';
import { ownRoutes } from './own-routes.ts';

/**
 * Refuses a resource whose path the application of the user answers already: ours stands above it.
 * In a project that was made by us nobody stands below, and nothing is read.
 *
 * @param project as it was applied last
 * @param spec what it is to be
 * @throws UserError 3 that names the file and line of the first such route
 */
export async function refuseClashes(project: Project, spec: Spec): Promise<void> {
  const { beside } = spec;
  if (beside === undefined) return;
  const { resources } = project.state.spec;
  const known = new Set(Object.values(resources).map(({ path }) => path));
  const added = Object.values(spec.resources).map(({ path }) => path);
  // With the first resource comes what answers /api/schemas.
  const paths = [...added, ...(known.size === 0 ? ['/schemas'] : [])].filter(
    (path) => !known.has(path),
  );
  if (paths.length === 0) return;
  const texts = await sourcesOf(project, `${beside.folder}/`);
  for (const { path, file, line } of ownRoutes(texts)) {
    const clash = paths.map((own) => `/api${own}`).find((own) => isWithin(path, own));
    if (clash === undefined) continue;
    throw new UserError(
      exit.conflict,
      `${file}:${line} answers ${path} already, and ${clash} would stand in front of it; nothing was written`,
      'give the resource another name, or take that route out first',
    );
  }
}

/** Express does not tell capitals apart. */
function isWithin(path: string, own: string): boolean {
  const lower = path.toLowerCase();
  return lower === own || lower.startsWith(`${own}/`);
}

async function sourcesOf(
  { root, files }: Project,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const sources = (await filesBelow(root)).filter(
    (file) => isSource(file) && !file.startsWith(folder),
  );
  const texts = await Promise.all(
    sources.map(async (file) => [file, (await files.text(file)) ?? ''] as const),
  );
  return new Map(texts);
}
