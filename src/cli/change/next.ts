import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../../apply/change.ts';
import { migrationsFolder } from '../../plan/migrations.ts';
import { lockFiles } from '../../project/lock-files.ts';
import type { Spec } from '../../spec/schema.ts';

/** The package manager of a project: by its lock file, else the one that its spec names. */
export function managerOf(root: string, named: string): string {
  return lockFiles.find(([file]) => existsSync(join(root, file)))?.[1] ?? named;
}

/**
 * The commands that a change of these files asks for, in the order to run them; none of them is run by us.
 * @param before what the project was last emitted from, if that is known
 */
export function nextCommands(
  changes: readonly Change[],
  manager: string,
  before: Spec | undefined,
  { beside, resources }: Spec,
): readonly string[] {
  // A project that was not made by us has no scripts of ours: what mounts the layout makes the collections.
  if (beside !== undefined) {
    const runner = beside.ending === 'ts' ? 'npx tsx' : 'node';
    const scripts = changes.filter(
      ({ path, kind }) => kind === 'create' && path.startsWith(`${migrationsFolder({ beside })}/`),
    );
    return [
      ...(dependenciesDiffer(changes) ? [`${manager} install`] : []),
      ...scripts.map(({ path }) => `${runner} ${path}`),
    ];
  }
  const migrates = changes.some(
    ({ path, kind }) => kind === 'create' && /^migrations\/.*\.ts$/.test(path),
  );
  // The resources may be other ones wherever their models lie.
  const collections =
    (before !== undefined && !isDeepStrictEqual(before.resources, resources)) ||
    changes.some(
      ({ path, kind }) =>
        kind !== 'keep' && (path.startsWith('app/models/') || path === 'app/storage.ts'),
    );
  return [
    ...(dependenciesDiffer(changes) ? [`${manager} install`] : []),
    ...(migrates ? [`${manager} run db:migrate`] : []),
    ...(collections ? [`${manager} run db:sync`] : []),
  ];
}

function dependenciesDiffer(changes: readonly Change[]): boolean {
  const manifest = changes.find(({ path, kind }) => path === 'package.json' && kind === 'update');
  return manifest !== undefined && dependencies(manifest.before) !== dependencies(manifest.after);
}

function dependencies(content: Uint8Array = new Uint8Array()): string {
  try {
    const blocks = JSON.parse(
      Buffer.from(content)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    ) as Record<string, unknown>;
    return JSON.stringify([
      blocks['dependencies'],
      blocks['devDependencies'],
      blocks['optionalDependencies'],
    ]);
  } catch {
    // Not JSON as it lies there: what is in it says nothing about packages.
    return '';
  }
}
