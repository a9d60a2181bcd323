import { exit, UserError } from '../errors.ts';
import type { Fragment } from '../render/fragment.ts';
import type { FileOp, Owner, Plan, Template, View } from '../render/types.ts';
import { json, manifestJson } from '../render/writers/json.ts';
import { lines } from '../render/writers/lines.ts';
import type { Beside, ResourceSpec, Spec } from '../spec/schema.ts';
import { besideViews, formOf } from './beside.ts';
import { contractOf, contractPath, type Former } from './contract.ts';
import { featuresOf, type Feature } from './features.ts';
import { identifiersOf } from './identifiers.ts';
import type { Identifiers } from './identifiers.ts';
import { manifestOf } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { environmentFile, placeholders, secretsOf, type RandomBytes } from './secrets.ts';
import { mergePolicyOf, modeOf } from './policy.ts';
import { specDocument } from './spec-file.ts';
import { textOf } from './templates.ts';
import type { SetName, Templates, TemplateSet } from './templates.ts';
import { managerView, workflowView } from './view/manager.ts';
import { infoView } from './view/project.ts';
import { readmeView } from './view/readme.ts';
import {
  modelsView,
  navigationView,
  registryView,
  routesView,
  storageView,
} from './view/registries.ts';
import { resourceView } from './view/resource.ts';

export type { Plan } from '../render/types.ts';
export type { RandomBytes } from './secrets.ts';

/** Files to which each set adds lines. */
const listed = ['.gitignore', '.prettierignore', '.dockerignore', '.env.example'];
const readme = 'README.md';

/** What is known to be as it was, so that it need not be made again. */
export interface Left {
  /** Keys of resources whose own files are left out. */
  readonly resources: ReadonlySet<string>;
  /** Paths of all files that are left out, those of these resources among them. */
  readonly paths: ReadonlySet<string>;
}

/** Everything is made. */
export const nothingLeft: Left = { resources: new Set(), paths: new Set() };

export interface PlanOptions {
  readonly left?: Left | undefined;
  /** Makes the secrets of `.env`; without it there is no such file. */
  readonly random?: RandomBytes | undefined;
  /** Spares work that was done before; the plan is the same without it. */
  readonly former?: Former | undefined;
}

/**
 * Which files a spec means. Pure: the same spec and templates give the same plan.
 * @throws {UserError} when two things in the emitted code would have one name
 * @throws {TypeError} when the templates do not fit together
 */
export function plan(
  spec: Spec,
  templates: Templates,
  { left = nothingLeft, random, former }: PlanOptions = {},
): Plan {
  const { beside } = spec;
  if (beside !== undefined) return besidePlan({ ...spec, beside }, templates, left);
  const features = featuresOf(spec);
  const sets = setsOf(spec, features, templates);
  const [, ...overlays] = sets;
  const resources = resourcesOf(spec, features, templates);
  const names = resources.map((resource) => resource.names);
  const manifest = manifestOf(spec, sets);
  const secrets = secretsOf(spec);
  const example = placeholders(secrets);
  const environment = random && environmentFile(secrets, random);
  return sortedByPath([
    ...projectOps(sets, viewsOf(spec, names, manifest, features, sectionsOf(overlays)), left),
    ...features.flatMap((feature) => itemOps(feature, spec, templates)),
    file('package.json', manifestJson(manifest)),
    file('flask-style.json', json(specDocument(spec))),
    file(contractPath, contractOf(spec, features, former)),
    ...listed.flatMap((path) => listOp(path, sets, path === '.env.example' ? example : '')),
    ...(environment === undefined ? [] : [file('.env', lines([environment]))]),
    ...ownOps(resources, templates, left),
  ]);
}

/** The files in a project that was not made by us: the core, the resources, and what mounts them. */
function besidePlan(
  spec: Spec & { readonly beside: Beside },
  templates: Templates,
  left: Left,
): Plan {
  const resources = resourcesOf(spec, [], templates);
  const views = besideViews(resources.map(({ names }) => names));
  const shared = setsOf(spec, [], templates).flatMap((set) => [...set]);
  const wanted = shared.filter(([path]) => !left.paths.has(path));
  const form = formOf(spec.beside);
  const formed = [
    ...wanted.map(([path, template]) =>
      op(path, template, viewOf(template, views.get(template.name)), 'project'),
    ),
    ...ownOps(resources, templates, left),
  ].map((own) => ({ ...own, form }));
  return sortedByPath([...formed, file('flask-style.json', json(specDocument(spec)))]);
}

/** The files that follow from the templates alone, whatever else the spec says. */
export function fixedPaths(spec: Spec, templates: Templates): readonly string[] {
  return setsOf(spec, featuresOf(spec), templates)
    .flatMap((set) => [...set])
    .filter(([path, { holes }]) => !holes && !isJoined(path))
    .map(([path]) => path);
}

/** What every project has, and then the overlays of features. */
function setsOf(
  { beside }: Spec,
  features: readonly Feature[],
  templates: Templates,
): readonly [TemplateSet, ...TemplateSet[]] {
  const overlays = beside === undefined ? features.map(({ set }) => set) : (['beside'] as const);
  return [setOf(templates, 'project'), ...overlays.map((set) => setOf(templates, set))];
}

/** Whether a file is put together from those of all sets. */
function isJoined(path: string): boolean {
  return path === 'package.json' || path === readme || listed.includes(path);
}

interface Named {
  readonly singular: string;
  readonly resource: ResourceSpec;
  readonly names: Identifiers;
  readonly owner: Owner;
  /** Its files go before those that every resource has. */
  readonly special: TemplateSet;
}

/** The resources of the spec, and those that features bring. */
function resourcesOf(
  { resources }: Spec,
  features: readonly Feature[],
  templates: Templates,
): readonly Named[] {
  const named = (singular: string, resource: ResourceSpec) => ({
    singular,
    resource,
    names: identifiersOf(singular, resource),
  });
  const all = [
    ...Object.entries(resources).map(([singular, resource]) => ({
      ...named(singular, resource),
      owner: `resource:${singular}` as const,
      special: new Map(),
    })),
    ...features.flatMap(({ set, resources: brought = {} }) =>
      Object.entries(brought).map(([singular, resource]) => ({
        ...named(singular, resource),
        owner: 'project' as const,
        special: setOf(templates, set),
      })),
    ),
  ];
  refuseSharedNames(all.map(({ names }) => names));
  return all;
}

function ownOps(resources: readonly Named[], templates: Templates, left: Left) {
  return resources
    .filter(({ singular }) => !left.resources.has(singular))
    .flatMap((resource) => resourceOps(resource, setOf(templates, 'resource')));
}

function resourceOps({ singular, resource, names, owner, special }: Named, set: TemplateSet) {
  const view = resourceView(singular, resource, names);
  return [...set]
    .map(([path, template]) => [resourcePath(path, names), template] as const)
    .filter(([path]) => !special.has(path))
    .map(([path, template]) => op(path, template, view, owner));
}

/** What each overlay says of itself in the README. */
function sectionsOf(overlays: readonly TemplateSet[]): readonly string[] {
  return overlays.flatMap((set) => set.get(readme) ?? []).map(textOf);
}

function itemOps({ items }: Feature, spec: Spec, templates: Templates): FileOp[] {
  if (items === undefined) return [];
  return items
    .of(spec)
    .flatMap(({ file: name, view }) =>
      [...setOf(templates, items.set)].map(([path, template]) =>
        op(path.replace('{{file}}', name), template, view, `${items.set}:${name}`),
      ),
    );
}

function viewsOf(
  spec: Spec,
  names: readonly Identifiers[],
  manifest: Manifest,
  features: readonly Feature[],
  sections: readonly string[],
): ReadonlyMap<string, View> {
  const manager = managerView(spec.packageManager);
  return new Map<string, View>([
    ['app/described.ts', registryView(features, 'described')],
    ['app/info.ts', infoView(spec)],
    ['app/models/index.ts', modelsView(names)],
    ['app/navigation.ts', navigationView(spec, features)],
    ['app/routes/index.ts', routesView(names, features)],
    ['app/settings.ts', registryView(features, 'settings')],
    ['app/storage.ts', storageView(features)],
    ['app/workers.ts', registryView(features, 'workers')],
    ['app/jobs.ts', registryView(features, 'jobs')],
    ['Dockerfile', manager],
    ['.github/workflows/ci.yml', workflowView(spec, secretsOf(spec))],
    [readme, readmeView(spec, manifest.scripts, sections)],
    ...features.flatMap(({ views }) => [...(views?.(spec) ?? [])]),
  ]);
}

function* projectOps(
  [project, ...overlays]: readonly [TemplateSet, ...TemplateSet[]],
  views: ReadonlyMap<string, View>,
  left: Left,
): Generator<FileOp> {
  const own = overlays.flatMap((set) => [...set].filter(([path]) => !isJoined(path)));
  const shared = [...project].filter(([path]) => path === readme || !isJoined(path));
  for (const [path, template] of [...shared, ...own])
    if (!left.paths.has(path))
      yield op(path, template, viewOf(template, views.get(path)), 'project');
}

function viewOf(template: Template, view: View | undefined): View {
  if (!template.holes) return {};
  if (view === undefined) throw new TypeError(`${template.name} has holes and no view`);
  return view;
}

function listOp(path: string, sets: readonly TemplateSet[], more: string): FileOp[] {
  const own = sets.flatMap((set) => set.get(path) ?? []).map(textOf);
  const texts = [...own, more].filter((text) => text !== '');
  return texts.length === 0 ? [] : [file(path, lines(texts))];
}

function file(path: string, content: Fragment): FileOp {
  return op(path, content, {}, 'project');
}

function op(path: string, template: Template | Fragment, view: View, owner: Owner): FileOp {
  return { path, template, view, merge: mergePolicyOf(path), mode: modeOf(path), owner };
}

/** The path of a file of `templates/resource` for one resource. */
export function resourcePath(path: string, names: Identifiers): string {
  return path
    .replace('{{singularFile}}', names.singularFile)
    .replace('{{pluralFile}}', names.pluralFile);
}

function setOf(templates: Templates, name: SetName): TemplateSet {
  return templates.get(name) ?? new Map();
}

function sortedByPath(ops: readonly FileOp[]): Plan {
  const sorted = [...ops].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const [index, { path }] of sorted.entries()) {
    if (sorted[index + 1]?.path === path) throw new TypeError(`two templates give ${path}`);
  }
  return sorted;
}

/** A suffix that avoids a taken name may hit upon another resource: `class` and `classModel`. */
function refuseSharedNames(resources: readonly Identifiers[]): void {
  const models = resources.map(({ model }) => model);
  for (const [index, { model, service, routes }] of resources.entries()) {
    const clash = models.indexOf(model) !== index || new Set([model, service, routes]).size < 3;
    if (clash) {
      throw new UserError(
        exit.usage,
        `two things in the emitted code would be called "${model}"`,
        'rename the resource',
      );
    }
  }
}
