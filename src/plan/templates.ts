import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Template } from '../render/types.ts';

const sets = [
  'project',
  'pages',
  'page',
  'forms',
  'embedded',
  'external',
  'jobs',
  'automations',
  'automation',
  'webhooks-in',
  'webhook-in',
  'webhooks-out',
  'dashboard',
  'outbound',
  'signature',
  'beside',
  'resource',
  'migrations',
] as const;

/** A folder of `templates/`: the files of every project, of an overlay, of one resource, or of a rename. */
export type SetName = (typeof sets)[number];

/** Templates by the path that they are emitted to. */
export type TemplateSet = ReadonlyMap<string, Template>;

export type Templates = ReadonlyMap<SetName, TemplateSet>;

/**
 * Reads all templates.
 * @param folder the `templates/` of this package
 * @param overrides folder of a project that replaces templates by path; it need not exist
 */
export async function loadTemplates(folder: string, overrides?: string): Promise<Templates> {
  const own = await Promise.all(
    sets.map(async (set) => [set, await readSet(path.join(folder, set), set, overrides)] as const),
  );
  return new Map(own);
}

/** The text of a template as it stands in its file. */
export function textOf(template: Template): string {
  return template.holes ? template.source : Buffer.from(template.content).toString('utf8');
}

async function readSet(
  folder: string,
  set: SetName,
  overrides: string | undefined,
): Promise<TemplateSet> {
  const files = await filesUnder(folder);
  const templates = await Promise.all(
    files.map(async (file) => {
      const name = `${set}/${file}`;
      const override =
        overrides === undefined ? undefined : await readIfPresent(path.join(overrides, name));
      const content = override ?? (await readFile(path.join(folder, file)));
      return [emittedPath(file), templateOf(name, content, override !== undefined)] as const;
    }),
  );
  return new Map(templates);
}

function templateOf(name: string, content: Buffer, overridden: boolean): Template {
  return name.endsWith('.hbs')
    ? { name, holes: true, source: content.toString('utf8'), overridden }
    : { name, holes: false, content };
}

/** npm leaves `.gitignore` and `.npmrc` out of packages, and would obey them: here they have no dot. */
function emittedPath(file: string): string {
  return file.replace(/\.hbs$/, '').replace(/^(gitignore|npmrc|prettierignore)$/, '.$1');
}

/** Paths of all files below a folder, with slashes, sorted; none when there is no folder. */
async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(absent);
  return (entries ?? [])
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((file) => file.split(path.sep).join('/'))
    .sort();
}

function readIfPresent(file: string): Promise<Buffer | undefined> {
  return readFile(file).catch(absent);
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
