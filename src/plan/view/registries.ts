import type { View } from '../../render/types.ts';
import { identifier } from '../../render/writers/identifier.ts';
import { ts } from '../../render/writers/typescript.ts';
import type { Identifiers } from '../identifiers.ts';

/** What a registry imports: a name, and the file beside it without ending. */
interface Row {
  readonly name: string;
  readonly file: string;
}

/** View of `app/models/index.ts`. */
export function modelsView(resources: readonly Identifiers[]): View {
  const rows = sortedByFile(
    resources.map((names) => ({ name: names.model, file: names.singularFile })),
  );
  return { imports: rows.map(importRow), models: rows.map(nameRow) };
}

/** View of `app/routes/index.ts`; sites answer outside `/api`. */
export function routesView(resources: readonly Identifiers[], sites: readonly Row[]): View {
  const rows = sortedByFile(
    resources.map((names) => ({ name: names.routes, file: names.pluralFile })),
  );
  return {
    imports: sortedByFile([...rows, ...sites]).map(importRow),
    blueprints: rows.map(nameRow),
    sites: sites.map(nameRow),
  };
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
