import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundle } from '../../bundle.ts';

export const packageRoot = resolve(import.meta.dirname, '../..');

/** Bundles the tool from `src` as it is now, in the way that `npm run build` does. Returns its path. */
export async function bundleTool(folder: string): Promise<string> {
  await bundle(folder, { cli: 'src/cli/index.ts' });
  return join(folder, 'cli.js');
}

/**
 * The tool as it would be installed: a package of its own in a folder, with templates that may be changed.
 *
 * @param folder one that is there
 * @param version left out: the one that it has
 */
export async function packageTool(
  folder: string,
  version?: string,
): Promise<{ readonly cli: string; readonly templates: string }> {
  const own = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
  };
  const manifest = { name: own.name, version: version ?? own.version, type: 'module' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const templates = join(folder, 'templates');
  cpSync(join(packageRoot, 'templates'), templates, { recursive: true });
  symlinkSync(join(packageRoot, 'node_modules'), join(folder, 'node_modules'));
  return { cli: await bundleTool(join(folder, 'dist')), templates };
}
