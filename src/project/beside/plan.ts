import type { Change } from '../../apply/change.ts';
import { writing } from '../../apply/reconcile/change-of.ts';
import type { Spec } from '../../spec/schema.ts';
import { changeProject, type ChangeRequest } from '../change.ts';
import { ProjectFiles } from '../files.ts';
import { Bases, templatesOf, type Project } from '../open.ts';
import type { ProjectPlan } from '../project-plan.ts';
import { freshState } from '../state.ts';
import { compilerNotes } from './compiler.ts';
import { withPackages } from './manifest.ts';
import { mountNotes } from './mounted.ts';
import { manifestIn, type Foreign } from './detect.ts';
import {
  missingPackages,
  olderPackages,
  specifiers,
  versionsOf,
  type Versions,
} from './packages.ts';

/** The plan of the first resource in an Express project that was not made by us. */
export interface BesidePlan extends ProjectPlan {
  /** Files that were not made by us and would change: nothing is written before somebody has agreed to it. */
  readonly foreign: readonly Change[];
}

/**
 * Plans the layout beside what is there, and `.flask-style/`, which makes every other command work from then on. Nothing of
 * the project is run, and nothing is written.
 *
 * @param packages whether package.json gets the packages that are missing
 * @throws UserError as {@link changeProject} does
 */
export async function planBeside(
  request: Omit<ChangeRequest, 'beside'>,
  foreign: Foreign,
  packages: boolean,
): Promise<BesidePlan> {
  const { root, templates, generator } = request;
  const files = new ProjectFiles(root);
  const spec = emptySpec(foreign);
  const own = templatesOf(root, templates, spec);
  const state = { ...freshState(spec, new Map(), generator), check: '' };
  const bases = new Bases(files, state, own, generator);
  const project: Project = { root, files, state, spec, templates: own, bases };
  const missing = missingPackages(foreign);
  const versions = versionsOf(templates, missing);
  const changes = packages ? await manifestChanges(files, versions) : [];
  const notes = [
    ...(missing.length > 0 && !packages ? [`install ${specifiers(versions)}`] : []),
    ...olderPackages(foreign, templates),
    ...compilerNotes(foreign),
    ...mountNotes(foreign),
  ];
  const plan = await changeProject({ ...request, beside: { project, changes, notes } });
  const known = plan.changes.filter(({ kind }) => kind === 'update' || kind === 'delete');
  return { ...plan, foreign: known };
}

function emptySpec({ beside, manifest }: Foreign): Spec {
  const { name } = manifestIn(manifest);
  return {
    version: 1,
    name: typeof name === 'string' && /^[a-z][a-z0-9-]{0,60}$/.test(name) ? name : 'api',
    packageManager: 'npm',
    database: 'none',
    pages: false,
    features: [],
    beside,
    resources: {},
  };
}

async function manifestChanges(files: ProjectFiles, versions: Versions): Promise<Change[]> {
  const before = await files.text('package.json');
  if (before === undefined || versions.length === 0) return [];
  const after = withPackages(before, versions);
  const bytes = await files.read('package.json');
  const change = writing({
    path: 'package.json',
    before: bytes,
    after: Buffer.from(after),
    mode: 0o644,
  });
  return change === undefined ? [] : [change];
}
