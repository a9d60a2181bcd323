import { join } from 'node:path';
import { manifest, packageRoot } from '../../package.ts';
import type { Tools } from '../../project/open.ts';
import { projectRoot, workingFolder } from '../folders.ts';
import type { Run } from '../run.ts';

/** The project around the working folder, and what it is changed with. */
export function toolsOf({ invocation }: Run): Tools {
  return {
    root: projectRoot(workingFolder(invocation.given.get('cwd'))),
    templates: join(packageRoot(), 'templates'),
    generator: manifest(),
  };
}

/** A command as it was typed, without its options. */
export function typed({ invocation: { command, words } }: Run): string {
  return [command, ...words].join(' ');
}
