import { join } from 'node:path';
import { expect } from 'vitest';
import type { Project } from '../project.ts';
import { node, packageRoot } from '../tool.ts';
import { linkPackages } from './index.ts';

/** Fails when TypeScript finds anything wrong with a project. */
export async function expectCompiles(project: Project): Promise<void> {
  linkPackages(project);
  const tsc = join(packageRoot, 'node_modules/typescript/bin/tsc');
  const compiled = await node([tsc, '--noEmit', '-p', project.root], {
    cwd: project.root,
    timeout: 120_000,
  });
  expect([compiled.code, compiled.out]).toEqual([0, '']);
}
