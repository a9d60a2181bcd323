import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundleTool, packageRoot } from './package.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of the tool that tests run. */
    tool: string;
  }
}

/** Bundles the tool once for all tests, inside this package, where it finds its templates and packages. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Not in node_modules, which several checkouts may share: the bundle would take the templates of another one.
  const cache = join(packageRoot, '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'tool-'));
  project.provide('tool', await bundleTool(folder));
  project.onTestsRerun(async () => void (await bundleTool(folder)));
  return () => rm(folder, { recursive: true });
}
