import type { View } from '../../render/types.ts';
import { identifier } from '../../render/writers/identifier.ts';
import { ts } from '../../render/writers/typescript.ts';
import type { Spec } from '../../spec/schema.ts';
import type { Feature } from '../features.ts';
import type { Identifiers } from '../identifiers.ts';

/** What a registry imports: a name, and the file beside it without ending. */
export interface Row {
  readonly name: string;
  readonly file: string;
}

/** A line of the navigation. */
export interface Link {
  readonly path: string;
  readonly title: string;
}

/** View of `app/models/index.ts`. */
export function modelsView(resources: readonly Identifiers[]): View {
  const rows = sortedByFile(
    resources.map((names) => ({ name: names.model, file: names.singularFile })),
  );
  return { imports: rows.map(importRow), models: rows.map(nameRow) };
}

/** View of `app/routes/index.ts`; sites answer outside `/api`. */
export function routesView(resources: readonly Identifiers[], features: readonly Feature[]): View {
  const sites = rowsOf(features, 'sites');
  const blueprints = sortedByFile([
    ...resources.map((names) => ({ name: names.routes, file: names.pluralFile })),
    ...rowsOf(features, 'blueprints'),
  ]);
  return {
    imports: sortedByFile([...blueprints, ...sites]).map(importRow),
    blueprints: blueprints.map(nameRow),
    sites: sites.map(nameRow),
  };
}

/** View of the registry of one kind of rows: `app/workers.ts`, `app/settings.ts`, `app/jobs.ts`, `app/described.ts`. */
export function registryView(
  features: readonly Feature[],
  kind: 'workers' | 'settings' | 'jobs' | 'described',
): View {
  return rowsView(rowsOf(features, kind), kind);
}

/** View of `app/storage.ts`, which has two lists. */
export function storageView(features: readonly Feature[]): View {
  const [collections, witnesses] = [rowsOf(features, 'collections'), rowsOf(features, 'witnesses')];
  return {
    imports: sortedByFile([...collections, ...witnesses]).map(importRow),
    collections: sortedByFile(collections).map(nameRow),
    witnesses: sortedByFile(witnesses).map(nameRow),
  };
}

/** View of a registry that imports these rows and lists them under a name. */
export function rowsView(rows: readonly Row[], list: string): View {
  const sorted = sortedByFile(rows);
  return { imports: sorted.map(importRow), [list]: sorted.map(nameRow) };
}

/** View of `app/navigation.ts`: the start, what features lead to, the description of the API. */
export function navigationView(spec: Spec, features: readonly Feature[]): View {
  const links: readonly Link[] = [
    { path: '/', title: 'Home' },
    ...features.flatMap((feature) => feature.links?.(spec) ?? []),
    { path: '/openapi.json', title: 'OpenAPI' },
  ];
  return { links: links.map(({ path, title }) => ({ link: ts({ path, title }) })) };
}

function rowsOf(
  features: readonly Feature[],
  kind:
    | 'sites'
    | 'blueprints'
    | 'workers'
    | 'settings'
    | 'collections'
    | 'witnesses'
    | 'jobs'
    | 'described',
): readonly Row[] {
  return features.flatMap((feature) => feature[kind] ?? []);
}

function importRow({ name, file }: Row): View {
  return { name: identifier(name), from: ts(`./${file}.ts`) };
}

function nameRow({ name }: Row): View {
  return { name: identifier(name) };
}

/** Sorted, so that two branches that each add a resource seldom touch the same line. */
function sortedByFile(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => (a.file < b.file ? -1 : 1));
}
