import { posix } from 'node:path';
import { specifierOf } from '../../merge/index.ts';
import { placeIn } from '../../plan/beside.ts';
import type { Beside } from '../../spec/schema.ts';
import type { Check } from '../doctor-check.ts';
import { ProjectFiles } from '../files.ts';
import { filesBelow } from '../strays.ts';
import type { Entry } from './entry.ts';
import { detectForeign, type Foreign } from './detect.ts';

/** Where the layout looks for a database when nobody says another one. */
export const usualDatabase = 'mongodb://127.0.0.1:27017/app';

const source = /\.[cm]?[jt]s$/;

/** The lines that mount the layout, and where they go. */
export function mountNotes({ beside, entry }: Foreign): readonly string[] {
  const from = posix.dirname(entry?.path ?? 'app.js');
  const path = importPath(specifierOf(placeIn('app/mount.ts', beside), from), beside);
  const app = entry?.app ?? 'app';
  // Some settings of TypeScript want brackets for what only the environment knows.
  const uri = beside.ending === 'ts' ? "process.env['MONGODB_URI']" : 'process.env.MONGODB_URI';
  const call = `mountApi(${app}, ${uri} ?? '${usualDatabase}');`;
  const where = placeOf(entry);
  return beside.modules === 'commonjs' && beside.ending !== 'ts'
    ? [`mount it ${where}: require('${path}').${call}`]
    : [`mount it ${where}: ${call}`, `and import it: import { mountApi } from '${path}';`];
}

function placeOf(entry: Entry | undefined): string {
  if (entry === undefined) return 'right below the line that makes the application';
  const { line, path, within } = entry;
  if (within === 'class')
    return `at the top of the constructor in ${path}, above every body parser`;
  return within === 'chain'
    ? `between express() and the body parser that follows it at once, above line ${line} of ${path}`
    : `right below line ${line} of ${path}, above every body parser`;
}

/** Whether some file of the application calls what mounts the layout; read from the text, nothing is run. */
export async function mountCheck(root: string, beside: Beside): Promise<Check> {
  const files = new ProjectFiles(root);
  for (const path of await filesBelow(root)) {
    if (!source.test(path) || path.startsWith(`${beside.folder}/`)) continue;
    const content = await files.look(path);
    if (content !== undefined && Buffer.from(content).includes('mountApi('))
      return { ok: true, what: `${path} mounts the API` };
  }
  const foreign = await detectForeign(files);
  const what = 'nothing mounts the API';
  return foreign === undefined
    ? { ok: false, what, do: 'package.json does not name express' }
    : { ok: false, what, do: mountNotes({ ...foreign, beside }).join('; ') };
}

function importPath(specifier: string, { ending, imports }: Beside): string {
  const path = specifier.slice(0, -ending.length - 1);
  return imports === 'none' ? path : `${path}.${imports}`;
}
