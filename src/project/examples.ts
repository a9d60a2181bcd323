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
  /** Files that somebody wrote into the emitted project, by path. */
  readonly own: OwnFiles;
}

/** Files that are no emitted ones: they lie in a project as if its user had written them. */
export type OwnFiles = ReadonlyMap<string, Uint8Array>;

/** The examples in the order in which one would look at them. */
const order = ['minimal', 'bookshop', 'course', 'kitchen-sink', 'tasks', 'inventory'];

/** The examples of the tool: a spec each, and perhaps a folder of hand-written files beside it. */
export async function examples(packageRoot: string): Promise<readonly Example[]> {
  const folder = path.join(packageRoot, 'templates', 'examples');
  return Promise.all(
    order.map(async (name) => {
      const file = `${name}.json`;
      const spec = parseSpec(await readFile(path.join(folder, file), 'utf8'), file);
      const own = await filesUnder(path.join(folder, name));
      return { name, what: spec.description ?? '', spec, own };
    }),
  );
}

async function filesUnder(folder: string): Promise<OwnFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  return new Map(
    await Promise.all(
      files.map(async (file) => {
        const name = path.relative(folder, file).split(path.sep).join('/');
        return [name, await readFile(file)] as const;
      }),
    ),
  );
}
