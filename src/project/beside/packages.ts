import { manifestOf } from '../../plan/manifest.ts';
import { loadTemplates } from '../../plan/templates.ts';
import type { ProjectFiles } from '../files.ts';
import { comparedVersions } from '../open.ts';
import { manifestIn, packagesIn, rangeIn, type Foreign } from './detect.ts';

/** What the emitted files import, beside express, which is there. */
const needed = ['mongodb', 'zod'];

/** Packages and the ranges of their versions. */
export type Versions = readonly (readonly [name: string, range: string])[];

/** The packages that the layout needs and the project does not name. */
export function missingPackages({ manifest }: Pick<Foreign, 'manifest'>): readonly string[] {
  const { dependencies } = manifestIn(manifest);
  const there = packagesIn(dependencies);
  return needed.filter((name) => !there.includes(name));
}

/** The versions that the templates are written for. */
export function versionsOf(folder: string, names: readonly string[]): Versions {
  const project = loadTemplates(folder).get('project') ?? new Map();
  const { dependencies } = manifestOf({ name: 'api' }, [project]);
  const known = new Map(Object.entries((dependencies ?? {}) as Record<string, string>));
  return names.map((name) => [name, `^${known.get(name) ?? ''}`]);
}

/** Packages as somebody types them behind `npm install`. */
export function specifiers(versions: Versions): string {
  return versions.map(([name, range]) => `${name}@${range}`).join(' ');
}

/** What package.json asks for in a major version older than the one that the layout is written for. */
export function olderPackages(
  { manifest }: Pick<Foreign, 'manifest'>,
  templates: string,
): readonly string[] {
  const { dependencies } = manifestIn(manifest);
  const there = packagesIn(dependencies);
  const known = versionsOf(
    templates,
    needed.filter((name) => there.includes(name)),
  );
  const older = known.filter(([name, range]) =>
    isBelow(rangeIn(dependencies, name), range.split('.')[0] ?? range),
  );
  return notesOn(dependencies, older);
}

/**
 * What package.json lacks for the layout, as a line to read: the file is not ours, and no later version of the templates
 * changes it.
 *
 * @param folder of the template sets
 */
export async function packageNotes(
  files: ProjectFiles,
  folder: string,
): Promise<readonly string[]> {
  const manifest = (await files.text('package.json')) ?? '';
  const { dependencies } = manifestIn(manifest);
  return notesOn(dependencies, versionsOf(folder, needed));
}

function notesOn(dependencies: unknown, versions: Versions): readonly string[] {
  const behind = versions.filter(([name, range]) => isBelow(rangeIn(dependencies, name), range));
  if (behind.length === 0) return [];
  const asked = behind.map(([name]) => `${name} ${rangeIn(dependencies, name) ?? 'not at all'}`);
  return [`package.json asks for ${asked.join(' and ')}: install ${specifiers(behind)}`];
}

/** A range without a number, such as `latest` or a path, is taken for new enough. */
function isBelow(range: string | undefined, wanted: string): boolean {
  if (range === undefined) return true;
  const [lowest, least] = [range, wanted].map((text) => /\d+(?:\.\d+)*/.exec(text)?.[0]);
  return lowest !== undefined && least !== undefined && comparedVersions(lowest, least) < 0;
}
