/** A project emitted into a temporary folder by the command line, with the packages of this repository. */
import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const repository = join(import.meta.dirname, '../../..');
export const kitchen = join(import.meta.dirname, '../fixtures/kitchen.json');

const run = promisify(execFile);
const tsx = join(repository, 'node_modules/tsx/dist/cli.mjs');

export interface Emitted {
  /** The project's folder. */
  readonly path: string;
  /** Removes the temporary folder it was emitted into: the very one that mkdtemp made, never a computed path. */
  remove(): Promise<void>;
}

/** Emits a project from a spec file into a temporary folder. Leaves nothing behind when that fails. */
export async function emit(spec: string = kitchen, ...flags: string[]): Promise<Emitted> {
  const parent = await realpath(await mkdtemp(join(tmpdir(), 'emitted-')));
  const remove = () => rm(parent, { recursive: true, force: true });
  const cli = join(repository, 'src/cli/index.ts');
  const args = ['project', '--from', spec, '--no-install', '--no-git', '--yes', ...flags];
  try {
    await run(process.execPath, [tsx, cli, ...args], { cwd: parent });
    const path = join(parent, 'project');
    await symlink(join(repository, 'node_modules'), join(path, 'node_modules'));
    return { path, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
