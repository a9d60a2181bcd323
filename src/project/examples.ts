import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/schema.ts';

/** A spec that comes with the tool. */
export interface Example {
  readonly name: string;
  /** One line about it: the description of its spec. */
  readonly what: string;
  readonly spec: Spec;
}

/** The examples of the tool, sorted by name. */
export async function examples(packageRoot: string): Promise<readonly Example[]> {
  const folder = path.join(packageRoot, 'templates', 'examples');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (file) => {
      const spec = parseSpec(await readFile(path.join(folder, file), 'utf8'), file);
      return { name: path.basename(file, '.json'), what: spec.description ?? '', spec };
    }),
  );
}
