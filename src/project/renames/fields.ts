import { identifiersOf } from '../../plan/identifiers.ts';
import { fieldMigration } from '../../plan/migrations.ts';
import { findResource } from '../../spec/build.ts';
import { fieldRename, renameField, type FieldRename } from '../../spec/edits/fields.ts';
import { hasField } from '../../spec/edits/place.ts';
import type { Spec } from '../../spec/schema.ts';
import { changeProject, type ProjectPlan } from '../change.ts';
import type { Choices } from '../choices.ts';
import type { Project, Tools } from '../open.ts';
import { fieldNamed } from '../uses/declaration.ts';
import { leftNotes } from './left.ts';
import { migrationFiles } from './migrations.ts';
import { placeOf, resourceIn, revise, type Revision } from './revise.ts';

/** The words of `rename field`, and of `apply --rename`. */
export interface FieldWords {
  readonly resource: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The plan that gives fields other names: in what is emitted, in the user's edits of it, and in a migration for the
 * documents that are there. The spec may have the new names already, after an edit by hand.
 *
 * @throws UserError as `changeProject` and the edits of the spec do
 */
export async function planFieldRenames(
  frame: Tools & Choices,
  words: readonly FieldWords[],
): Promise<ProjectPlan> {
  return changeProject({
    ...frame,
    next: (spec) => words.reduce(renamedSpec, spec),
    revised: (project) => revise(project, revisionOf(project, applied(project, words))),
    extra: (project) => {
      const { spec } = project.state;
      const migrations = applied(project, words).map((rename) =>
        fieldMigration({ ...rename, resource: resourceIn(spec, rename.key) }),
      );
      return migrationFiles(project, migrations);
    },
    notes: (project, plan) =>
      leftNotes(
        project,
        plan,
        applied(project, words).map(({ path }) => path.at(-1) ?? ''),
      ),
  });
}

/** What was never applied is in no file yet, and in no document; what has that name already stays as it is. */
function applied({ state: { spec } }: Project, words: readonly FieldWords[]): FieldRename[] {
  return words
    .flatMap(({ resource, from, to }) =>
      isField(spec, resource, from) ? [fieldRename(spec, resource, from, to)] : [],
    )
    .filter(({ path, name }) => path.at(-1) !== name);
}

function revisionOf(project: Project, renames: readonly FieldRename[]): Revision {
  return {
    names: renames.map(({ key, path, name }) => {
      const resource = resourceIn(project.state.spec, key);
      const file = placeOf(project, `app/models/${identifiersOf(key, resource).singularFile}.ts`);
      const field = { file, locate: fieldNamed(path) };
      return { name: field, word: path.at(-1) ?? '', to: name, merged: true as const };
    }),
    keys: renames.map(({ key, path, name }) => ({
      path: ['resources', key, ...path.flatMap((segment) => ['fields', segment])],
      to: name,
    })),
    moved: new Map(),
  };
}

/** A spec with a field under its new name; the same when somebody has renamed it in the file. */
function renamedSpec(spec: Spec, { resource, from, to }: FieldWords): Spec {
  const target = [...from.split('.').slice(0, -1), to.split('.').at(-1)].join('.');
  const done = !isField(spec, resource, from) && isField(spec, resource, target);
  return done ? spec : renameField(spec, resource, from, to);
}

function isField(spec: Spec, resource: string, field: string): boolean {
  const key = findResource(resource, spec);
  return key !== undefined && hasField(resourceIn(spec, key), field);
}
