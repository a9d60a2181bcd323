import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { identifiersOf } from '../plan/identifiers.ts';
import {
  collectionMigration,
  fieldMigration,
  migrationOp,
  type Migration,
} from '../plan/migrations.ts';
import { renamedFiles } from '../plan/renames.ts';
import { format } from '../render/format.ts';
import { render } from '../render/index.ts';
import type { Tree } from '../render/types.ts';
import { fieldRename, renameField } from '../spec/edits/fields.ts';
import { hasField } from '../spec/edits/place.ts';
import { renameResource } from '../spec/edits/resources.ts';
import { findResource, resourceKey } from '../spec/build.ts';
import type { Spec } from '../spec/schema.ts';
import { changeProject, type ChangeRequest } from './change.ts';
import { openProject, type Project } from './open.ts';
import { planOf, type ProjectPlan } from './project-plan.ts';
import { editedSources } from './uses/code.ts';
import { exportNamed, fieldNamed } from './uses/declaration.ts';
import { leftovers } from './uses/leftovers.ts';
import { edited, importEdits, renaming, type Edit, type Name } from './uses/names.ts';
import { openCompiler, type Code } from './uses/service.ts';

/** What a plan needs beside the change itself. */
type Frame = Omit<ChangeRequest, 'next' | 'renamed' | 'extra' | 'revised'>;

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
 * @throws UserError as {@link changeProject} and the edits of the spec do
 */
export async function planFieldRenames(
  frame: Frame,
  words: readonly FieldWords[],
): Promise<ProjectPlan> {
  // What was never applied is in no file yet, and in no document.
  const applied = ({ spec }: Project['state']) =>
    words.flatMap(({ resource, from, to }) =>
      isField(spec, resource, from) ? [fieldRename(spec, resource, from, to)] : [],
    );
  const plan = await changeProject({
    ...frame,
    next: (spec) => words.reduce(renamedSpec, spec),
    revised: (project) => revisedFields(project, applied(project.state)),
    extra: (project) =>
      migrationFiles(
        project,
        applied(project.state).map((rename) =>
          fieldMigration({ ...rename, resource: resourceIn(project.state.spec, rename.key) }),
        ),
      ),
  });
  return withLeftovers(
    frame,
    plan,
    words.map(({ from }) => from.split('.').at(-1) ?? from),
  );
}

/** A spec with a field under its new name; the same when somebody has renamed it in the file. */
function renamedSpec(spec: Spec, { resource, from, to }: FieldWords): Spec {
  const target = [...from.split('.').slice(0, -1), to.split('.').at(-1)].join('.');
  const done = !isField(spec, resource, from) && isField(spec, resource, target);
  return done ? spec : renameField(spec, resource, from, to);
}

function isField(spec: Spec, resource: string, field: string): boolean {
  const key = findResource(resource, spec);
  const own = key === undefined ? undefined : spec.resources[key];
  return own !== undefined && hasField(own, field);
}

/** The plan that gives a resource another name; files go with the user's edits in them, documents by a migration. */
export async function planResourceRename(
  frame: Frame,
  from: string,
  to: string,
): Promise<ProjectPlan> {
  let names: [old: string, now: string] | undefined;
  const next = (spec: Spec): Spec => {
    const renamed = renameResource(spec, from, to);
    const old = resourceKey(from, spec);
    names = [old, Object.keys(renamed.resources)[Object.keys(spec.resources).indexOf(old)] ?? old];
    return renamed;
  };
  const project = await openProject(frame);
  next(project.spec);
  const [old, now] = names ?? [from, to];
  const plan = await changeProject({
    ...frame,
    next,
    renamed: new Map([[old, now]]),
    revised: (own) => revisedResource(own, next(own.spec), old, now),
    extra: (own) =>
      migrationFiles(own, collectionMigrations(own.state.spec, next(own.spec), old, now)),
  });
  const before = resourceIn(project.spec, old);
  const gone = old === now ? [before.plural] : [old, before.plural];
  return withLeftovers(frame, plan, [...new Set(gone)]);
}

function collectionMigrations(before: Spec, after: Spec, old: string, now: string): Migration[] {
  const from = before.resources[old]?.collection;
  const { collection: to } = resourceIn(after, now);
  return from === undefined || from === to ? [] : [collectionMigration(now, from, to)];
}

async function revisedFields(
  project: Project,
  renames: readonly { key: string; path: readonly string[]; name: string }[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const names = renames.map(({ key, path, name }) => {
    const resource = resourceIn(project.state.spec, key);
    const file = placeOf(project, `app/models/${identifiersOf(key, resource).singularFile}.ts`);
    return { name: { file, locate: fieldNamed(path) }, word: path.at(-1) ?? '', to: name };
  });
  return revised(project, names, new Map());
}

async function revisedResource(
  project: Project,
  after: Spec,
  old: string,
  now: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { spec } = project.state;
  const [before, wanted] = [resourceIn(spec, old), resourceIn(after, now)];
  const [from, to] = [identifiersOf(old, before), identifiersOf(now, wanted)];
  const place = (folder: string, name: string) => placeOf(project, `app/${folder}/${name}.ts`);
  const [model, service, routes] = [
    place('models', from.singularFile),
    place('services', from.pluralFile),
    place('routes', from.pluralFile),
  ];
  const rows = [
    [model, from.model, to.model],
    [model, from.type, to.type],
    [service, from.service, to.service],
    [routes, from.routes, to.routes],
  ] as const;
  const names = rows
    .filter(([, word, name]) => word !== name)
    .map(([file, word, name]) => ({ name: { file, locate: exportNamed(word) }, word, to: name }));
  const files = renamedFiles(spec, after, project.templates, new Map([[old, now]]));
  return revised(project, names, files);
}

interface Renaming {
  readonly name: Name;
  /** What is looked for, to leave files alone that cannot mean it. */
  readonly word: string;
  readonly to: string;
}

/** The files that the user edited, with names that are other ones from now on. */
async function revised(
  project: Project,
  renamings: readonly Renaming[],
  moved: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const words = [
    ...renamings.map(({ word }) => word),
    ...[...moved.keys()].map((path) => path.slice(path.lastIndexOf('/') + 1)),
  ];
  const all = await editedSources(project);
  const within = new Map([...all].filter(([, text]) => words.some((word) => text.includes(word))));
  // Nobody has written anything about it, so that all of it comes from the generator.
  if (within.size === 0) return new Map();
  const homes = renamings.map(({ name }) => name.file);
  const compiler = await openCompiler(project.root, within, [
    ...new Set([...within.keys(), ...homes, ...moved.keys()]),
  ]);
  const edits: Edit[] = [];
  for (const { name, to } of renamings) edits.push(...(renaming(compiler, within, name, to) ?? []));
  edits.push(...importEdits(compiler, within, moved));
  return encoded(edited(within, edits));
}

function encoded(code: Code): ReadonlyMap<string, Uint8Array> {
  return new Map([...code].map(([path, text]) => [path, Buffer.from(text, 'utf8')]));
}

/** Where the user has a file now. */
function placeOf({ state }: Project, path: string): string {
  return state.files[path]?.at ?? path;
}

/** New files behind those that lie in migrations/ already. */
async function migrationFiles(
  { root, templates }: Project,
  migrations: readonly Migration[],
): Promise<Tree> {
  const names = await readdir(path.join(root, 'migrations')).catch((): string[] => []);
  const taken = names.map((name) => Number.parseInt(name, 10));
  const last = Math.max(0, ...taken.filter((number) => !Number.isNaN(number)));
  const ops = migrations.map((migration, index) =>
    migrationOp(migration, last + 1 + index, templates),
  );
  const tree = await render(ops);
  const laidOut = [...tree].map(async ([name, file]) => {
    const text = await format(name, Buffer.from(file.content).toString('utf8'));
    return [name, { ...file, content: text }] as const;
  });
  return new Map(await Promise.all(laidOut));
}

/** Says where old names are left in lines of the user. */
async function withLeftovers(
  frame: Frame,
  plan: ProjectPlan,
  words: readonly string[],
): Promise<ProjectPlan> {
  const project = await openProject(frame);
  const notes: string[] = [];
  for (const word of words) {
    const found = await leftovers(project, plan, word);
    const places = found.map(({ path, line }) => `${path}:${line}`);
    const more = places.length > most ? ` and ${places.length - most} more` : '';
    if (places.length > 0)
      notes.push(`${word} is still written in ${places.slice(0, most).join(', ')}${more}`);
  }
  return planOf(plan.changes, plan.spec, [...plan.notes, ...notes], plan.marked);
}

/** As many places as somebody reads. */
const most = 20;

function resourceIn({ resources }: Spec, key: string): Spec['resources'][string] {
  const resource = Object.hasOwn(resources, key) ? resources[key] : undefined;
  if (resource === undefined) throw new TypeError(`${key} is no resource of the spec`);
  return resource;
}
