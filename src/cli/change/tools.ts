import { join } from 'node:path';
import { manifest, packageRoot } from '../../package.ts';
import type { Tools } from '../../project/open.ts';
import { projectRoot, workingFolder } from '../folders.ts';
import { randomOf } from '../random.ts';
import type { Run } from '../run.ts';

/**
 * The project around the working folder, and what it is changed with.
 * @param marks files and folders that tell a project as well as its spec does
 */
export function toolsOf(run: Run, marks: readonly string[] = []): Tools {
  return toolsAt(projectRoot(workingFolder(run.invocation.given.get('cwd')), marks), run);
}

/** What the project in a folder is changed with. */
export function toolsAt(root: string, run: Run): Tools {
  return {
    root,
    templates: join(packageRoot(), 'templates'),
    generator: manifest(),
    random: randomOf(run),
  };
}

/** A command as it was typed, without its options. */
export function typed({ invocation: { command, words } }: Run): string {
  return [command, ...words].join(' ');
}
