import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Template } from '../render/types.ts';
import { utf8Text } from '../utf8.ts';

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
  'k8s',
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
 * Reads all templates, one after the other: many small files are read so in a fraction of the time that handing each to
 * another thread takes.
 * @param folder the `templates/` of this package
 * @param overrides folder of a project that replaces templates by path; it need not exist
 */
export function loadTemplates(folder: string, overrides?: string): Templates {
  // Most projects have none of their own: then nothing is looked for, file by file.
  const own = overrides !== undefined && existsSync(overrides) ? overrides : undefined;
  return new Map(sets.map((set) => [set, readSet(path.join(folder, set), set, own)] as const));
}

/** The text of a template as it stands in its file. */
export function textOf(template: Template): string {
  return template.holes ? template.source : utf8Text(template.content);
}

function readSet(folder: string, set: SetName, overrides: string | undefined): TemplateSet {
  const templates = filesUnder(folder).map((file) => {
    const name = `${set}/${file}`;
    const override = overrides === undefined ? undefined : readOverride(overrides, name);
    const content = override ?? readFileSync(path.join(folder, file));
    return [emittedPath(file), templateOf(name, content, override !== undefined)] as const;
  });
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
function filesUnder(folder: string): string[] {
  const list = () => readdirSync(folder, { recursive: true, withFileTypes: true });
  return (unlessAbsent(list) ?? [])
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((file) => file.split(path.sep).join('/'))
    .sort();
}

function readOverride(overrides: string, name: string): Buffer | undefined {
  return unlessAbsent(() => readFileSync(path.join(overrides, name)));
}

/** A file may also lie where a folder is looked for. */
const absences: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR']);

function unlessAbsent<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (absences.has((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  }
}
