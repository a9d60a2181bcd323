import { applyEdits, modify } from 'jsonc-parser';
import type { Change } from '../../apply/change.ts';
import { writing } from '../../apply/reconcile/change-of.ts';
import { manifestOf } from '../../plan/manifest.ts';
import { loadTemplates } from '../../plan/templates.ts';
import type { Spec } from '../../spec/schema.ts';
import { changeProject, type ChangeRequest } from '../change.ts';
import { ProjectFiles } from '../files.ts';
import { Bases, templatesOf, type Project } from '../open.ts';
import type { ProjectPlan } from '../project-plan.ts';
import { freshState } from '../state.ts';
import { compilerNotes } from './compiler.ts';
import { mountNotes } from './mounted.ts';
import { manifestIn, packagesIn, type Foreign } from './detect.ts';

/** What the emitted files import, beside express, which is there. */
const needed = ['mongodb', 'zod'];

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
  const own = await templatesOf(root, templates, spec);
  const state = { ...freshState(spec, new Map(), generator), check: '' };
  const bases = new Bases(files, state, own, generator);
  const project: Project = { root, files, state, spec, templates: own, bases };
  const missing = missingPackages(foreign);
  const versions = await versionsOf(templates, missing);
  const changes = packages ? await manifestChanges(files, versions) : [];
  const notes = [
    ...(missing.length > 0 && !packages ? [`install ${specifiers(versions)}`] : []),
    ...compilerNotes(foreign),
    ...mountNotes(foreign),
  ];
  const plan = await changeProject({ ...request, beside: { project, changes, notes } });
  const known = plan.changes.filter(({ kind }) => kind === 'update' || kind === 'delete');
  return { ...plan, foreign: known };
}

/** The packages that the layout needs and the project does not name. */
export function missingPackages({ manifest }: Foreign): readonly string[] {
  const { dependencies } = manifestIn(manifest);
  const there = packagesIn(dependencies);
  return needed.filter((name) => !there.includes(name));
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

type Versions = readonly (readonly [name: string, version: string])[];

/** The versions that the templates are written for. */
async function versionsOf(folder: string, names: readonly string[]): Promise<Versions> {
  const project = loadTemplates(folder).get('project') ?? new Map();
  const { dependencies } = manifestOf({ name: 'api' }, [project]);
  const known = new Map(Object.entries((dependencies ?? {}) as Record<string, string>));
  return names.map((name) => [name, `^${known.get(name) ?? ''}`]);
}

function specifiers(versions: Versions): string {
  return versions.map(([name, version]) => `${name}@${version}`).join(' ');
}

async function manifestChanges(files: ProjectFiles, versions: Versions): Promise<Change[]> {
  const before = await files.text('package.json');
  if (before === undefined || versions.length === 0) return [];
  const tabs = before.includes('\n\t');
  const after = versions.reduce((text, [name, version]) => {
    const formattingOptions = {
      insertSpaces: !tabs,
      tabSize: 2,
      eol: before.includes('\r\n') ? '\r\n' : '\n',
    };
    return applyEdits(text, modify(text, ['dependencies', name], version, { formattingOptions }));
  }, before);
  const bytes = await files.read('package.json');
  const change = writing({
    path: 'package.json',
    before: bytes,
    after: Buffer.from(after),
    mode: 0o644,
  });
  return change === undefined ? [] : [change];
}
