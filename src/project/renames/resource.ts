import { identifiersOf } from '../../plan/identifiers.ts';
import { collectionMigration, type Migration } from '../../plan/migrations.ts';
import { renamedFiles } from '../../plan/renames.ts';
import { resourceKey } from '../../spec/build.ts';
import { renameResource } from '../../spec/edits/resources.ts';
import type { Spec } from '../../spec/schema.ts';
import { changeProject, type ProjectPlan } from '../change.ts';
import type { Choices } from '../choices.ts';
import { openProject, type Project, type Tools } from '../open.ts';
import { exportNamed } from '../uses/declaration.ts';
import { leftNotes } from './left.ts';
import { migrationFiles } from './migrations.ts';
import { placeOf, resourceIn, revise, type Revision } from './revise.ts';

/**
 * The plan that gives a resource another name; its files go with the user's edits in them, its documents by a migration.
 *
 * @throws UserError as `changeProject` and the edit of the spec do
 */
export async function planResourceRename(
  frame: Tools & Choices,
  from: string,
  to: string,
): Promise<ProjectPlan> {
  const next = (spec: Spec): Spec => renameResource(spec, from, to);
  const { spec } = await openProject(frame);
  const old = resourceKey(from, spec);
  // The resource keeps its place among the others.
  const now = Object.keys(next(spec).resources)[Object.keys(spec.resources).indexOf(old)] ?? old;
  const [before, after] = [resourceIn(spec, old), resourceIn(next(spec), now)];
  const left = [
    ...(old === now ? [] : [old]),
    ...(before.plural === after.plural ? [] : [before.plural]),
  ];
  return changeProject({
    ...frame,
    next,
    renamed: new Map([[old, now]]),
    revised: (project) =>
      Object.hasOwn(project.state.spec.resources, old)
        ? revise(project, revisionOf(project, next(project.spec), old, now))
        : Promise.resolve(new Map()),
    extra: (project) =>
      migrationFiles(project, migrationsOf(project.state.spec, next(project.spec), old, now)),
    notes: (project, plan) => leftNotes(project, plan, [...new Set(left)]),
  });
}

function migrationsOf(before: Spec, after: Spec, old: string, now: string): Migration[] {
  const from = before.resources[old]?.collection;
  const { collection: to } = resourceIn(after, now);
  return from === undefined || from === to ? [] : [collectionMigration(now, from, to)];
}

function revisionOf(project: Project, after: Spec, old: string, now: string): Revision {
  const { spec } = project.state;
  const from = identifiersOf(old, resourceIn(spec, old));
  const to = identifiersOf(now, resourceIn(after, now));
  const place = (folder: string, name: string) => placeOf(project, `app/${folder}/${name}.ts`);
  const model = place('models', from.singularFile);
  const rows = [
    [model, from.model, to.model],
    [model, from.type, to.type],
    [place('services', from.pluralFile), from.service, to.service],
    [place('routes', from.pluralFile), from.routes, to.routes],
  ] as const;
  return {
    names: rows
      .filter(([, word, name]) => word !== name)
      .map(([file, word, name]) => ({ name: { file, locate: exportNamed(word) }, word, to: name })),
    keys: old === now ? [] : [{ path: ['resources', old], to: now }],
    moved: renamedFiles(spec, after, project.templates, new Map([[old, now]])),
  };
}
