import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { placeOfLayout } from '../plan/beside.ts';
import { referencesOf } from '../plan/order.ts';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/schema.ts';
import { routerCalls } from './router-calls.ts';

/** One route of a project. */
export interface RouteRow {
  readonly method: string;
  readonly path: string;
  /** `ops` for those that only the operators' key opens. */
  readonly access: 'public' | 'ops';
  readonly file: string;
  /** Counted from 1; the routes of the core have none. */
  readonly line?: number;
  /** The path is not a literal: only running the code would tell. */
  readonly unreadable?: true;
}

const folders = ['app/routes', 'app', 'app/ops'];
const core = 'app/core/api.ts';

/**
 * The routes of a project, sorted by path, from its spec and the text of its source: its code is never run.
 *
 * @param root the folder of the project
 * @throws UserError 1 for a spec that is not valid
 */
export async function routes(root: string): Promise<readonly RouteRow[]> {
  const spec = parseSpec(
    await readFile(path.join(root, 'flask-style.json'), 'utf8'),
    'flask-style.json',
  );
  // Beside an application that was not made by us, only the layout is ours to tell of.
  const own = spec.beside === undefined ? folders : [`${spec.beside.folder}/routes`];
  const files = await Promise.all(own.map((folder) => sourcesIn(root, folder)));
  const rows = await Promise.all(files.flat().map((file) => rowsOf(root, file)));
  return [...rows.flat(), ...coreRows(spec)].sort(
    (a, b) => compare(a.path, b.path) || compare(a.method, b.method),
  );
}

async function rowsOf(root: string, file: string): Promise<readonly RouteRow[]> {
  const source = await readFile(path.join(root, file), 'utf8');
  return routerCalls(source).map(({ method, path: at, line, handlers }): RouteRow => {
    const access = handlers.includes('opsOnly') ? 'ops' : 'public';
    return at === undefined
      ? { method, path: '?', access, file, line, unreadable: true }
      : { method, path: at, access, file, line };
  });
}

/** What the core adds to every resource; no file of `routes/` names these. */
function coreRows(spec: Spec): readonly RouteRow[] {
  const { resources } = spec;
  const file = placeOfLayout(core, spec);
  const row = (method: string, at: string): RouteRow => ({
    method,
    path: `/api${at}`,
    access: 'public',
    file,
  });
  const all = Object.values(resources);
  return [
    ...all.flatMap((resource) => [
      row('QUERY', resource.path),
      row('POST', `${resource.path}/search`),
      ...[...parentsOf(resource.fields)].map((parent) =>
        row('GET', `${resources[parent]?.path}/:id${resource.path}`),
      ),
    ]),
    row('GET', '/schemas/:name'),
  ];
}

function parentsOf(fields: Spec['resources'][string]['fields']): ReadonlySet<string> {
  return new Set(referencesOf(fields).map(({ field }) => field.to ?? ''));
}

async function sourcesIn(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
    .map(({ name }) => `${folder}/${name}`);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
