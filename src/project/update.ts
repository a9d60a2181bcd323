import { filesMeant, importsOf } from '../apply/reconcile/importers.ts';
import { loadMoves, movedFiles } from '../plan/moves.ts';
import { loadReleaseNotes } from '../plan/releases.ts';
import { changeProject } from './change.ts';
import type { Choices } from './choices.ts';
import { comparedVersions, type Project, type Tools } from './open.ts';
import type { ProjectPlan } from './project-plan.ts';
import { revise } from './renames/revise.ts';
import { foreignTexts, sourcesIn } from './uses/code.ts';

type Frame = Tools & Choices;

/**
 * The plan that brings in what the templates of the running program have new. Imports that the user wrote into emitted files
 * follow files that lie elsewhere now; those in files of the user's own are named.
 *
 * @throws UserError as {@link changeProject} does
 */
export function planUpdate(frame: Frame): Promise<ProjectPlan> {
  return changeProject({
    ...frame,
    update: true,
    next: (spec) => spec,
    revised: async (project) =>
      revise(project, { names: [], keys: [], moved: await movesOf(project, frame) }),
    notes: async (project) => {
      const notes = [
        ...(await releaseNotes(project, frame)),
        ...(await importNotes(project, await movesOf(project, frame))),
      ];
      if (project.spec.beside === undefined) return notes;
      // Loaded late: it parses code, and only projects that were not made by us need it.
      const { packageNotes } = await import('./beside/packages.ts');
      return [...notes, ...(await packageNotes(project.files, frame.templates))];
    },
  });
}

/** What there is to know about each version since the one that emitted the project, the oldest first. */
async function releaseNotes(
  { state }: Project,
  { templates, generator }: Frame,
): Promise<readonly string[]> {
  const since = [...(await loadReleaseNotes(templates))].filter(
    ([version]) =>
      comparedVersions(version, state.generator.version) > 0 &&
      comparedVersions(version, generator.version) <= 0,
  );
  return since
    .sort(([a], [b]) => comparedVersions(a, b))
    .flatMap(([version, lines]) => lines.map((line) => `${version}: ${line}`));
}

/** Where files of the project go, by the places they have. A file that the user moved stays there. */
async function movesOf(
  { state }: Project,
  { templates }: Frame,
): Promise<ReadonlyMap<string, string>> {
  const moves = movedFiles(await loadMoves(templates), state.spec);
  return new Map(
    [...moves].filter(([from]) => {
      const known = Object.hasOwn(state.files, from) ? state.files[from] : undefined;
      return known !== undefined && known.at === undefined && known.gone === undefined;
    }),
  );
}

async function importNotes(
  project: Project,
  moves: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  if (moves.size === 0) return [];
  return [...sourcesIn(await foreignTexts(project))].flatMap(([file, text]) =>
    importsOf(file, text).flatMap(({ target, line }) => {
      const from = filesMeant(target).find((meant) => moves.has(meant));
      const to = from === undefined ? undefined : moves.get(from);
      if (from === undefined || to === undefined) return [];
      return [`${file}:${line} imports ${from}, which lies at ${to} now`];
    }),
  );
}
