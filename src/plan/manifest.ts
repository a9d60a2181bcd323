import type { Spec } from '../spec/schema.ts';
import { textOf } from './templates.ts';
import type { TemplateSet } from './templates.ts';

interface JsonObject {
  [key: string]: unknown;
}

/** The package.json of a project. */
export interface Manifest extends JsonObject {
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
}

/** Blocks that npm keeps sorted. */
const sorted = new Set(['dependencies', 'devDependencies']);

/**
 * The package.json of every chosen set, joined key by key, with the name of the project.
 * @throws {TypeError} when two sets give one key different values
 */
export function manifestOf(
  spec: Pick<Spec, 'name' | 'description'>,
  sets: readonly TemplateSet[],
): Manifest {
  const parts = sets.flatMap((set) => set.get('package.json') ?? []).map(textOf);
  const joined = parts
    .map((text) => JSON.parse(text) as JsonObject)
    .reduce<JsonObject>((whole, part) => join(whole, part, ''), {});
  const { name: _name, description: _description, scripts = {}, ...rest } = joined;
  const own = {
    name: spec.name,
    ...(spec.description === undefined ? {} : { description: spec.description }),
  };
  return { ...own, ...rest, scripts: scripts as Manifest['scripts'] };
}

function join(whole: JsonObject, part: JsonObject, path: string): JsonObject {
  const joined: JsonObject = { ...whole };
  for (const [key, value] of Object.entries(part)) {
    const present = joined[key];
    const where = path === '' ? key : `${path}.${key}`;
    if (present === undefined) joined[key] = value;
    else if (isObject(present) && isObject(value)) joined[key] = join(present, value, where);
    else if (JSON.stringify(present) !== JSON.stringify(value)) {
      throw new TypeError(`templates disagree on package.json ${where}`);
    }
    const block = joined[key];
    if (path === '' && sorted.has(key) && isObject(block)) joined[key] = byKey(block);
  }
  return joined;
}

function byKey(block: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(block).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
