import { exit, UserError } from '../errors.ts';
import { reasonIn, run, type Surroundings } from './run.ts';

export type PackageManager = 'npm' | 'pnpm';

export interface InstallOptions extends Surroundings {
  /** Gets every line the package manager prints. */
  readonly onProgress?: (line: string) => void;
}

// No scripts of packages, and none of the settings of a workspace around the project: those may name programs to run.
const args: Readonly<Record<PackageManager, readonly string[]>> = {
  npm: ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-workspaces'],
  pnpm: ['install', '--ignore-scripts', '--ignore-workspace', '--ignore-pnpmfile'],
};

/**
 * Installs the packages of a project, without running their scripts.
 *
 * @param root the folder of the project
 * @throws UserError 6 when it fails or there is no such package manager, 130 when interrupted; the project is complete then
 */
export async function install(
  root: string,
  manager: PackageManager,
  { onProgress, ...surroundings }: InstallOptions,
): Promise<void> {
  const ended = await run(manager, args[manager], root, surroundings, onProgress);
  if (ended.missing)
    throw new UserError(
      exit.post,
      `${manager} is not installed`,
      manager === 'npm' ? 'it comes with Node' : 'npm install --global pnpm, or --pm npm',
    );
  if (!ended.ok)
    throw new UserError(
      exit.post,
      `${manager} install failed: ${reasonIn(ended.output)}`,
      `run ${manager} install in the project`,
    );
}
