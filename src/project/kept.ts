import { sha256 } from '../apply/hash.ts';
import { identifiersOf } from '../plan/identifiers.ts';
import { resourcePath } from '../plan/index.ts';
import { textOf, type Templates } from '../plan/templates.ts';
import type { Spec } from '../spec/schema.ts';
import type { GeneratorName, State } from './state.ts';

/** Resources whose files need not be rendered, because they would be what they were. */
export interface Kept {
  /** Their keys in the spec. */
  readonly resources: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
}

/** Nothing is known to be as it was. */
export const nothingKept: Kept = { resources: new Set(), paths: new Set() };

/** SHA-256 over all templates, in hexadecimal digits: the same one means that the same spec gives the same files. */
export function templatesHash(templates: Templates): string {
  const rows = [...templates.values()].flatMap((set) =>
    [...set].map(([path, template]) => [
      template.name,
      path,
      sha256(template.holes ? textOf(template) : template.content),
    ]),
  );
  return sha256(JSON.stringify(rows));
}

/**
 * The resources that are as they were last applied. The files of a resource follow from it, the templates and the program
 * alone, so that the cost of a change does not grow with the resources that it leaves alone.
 *
 * @param running the program that makes the change, with the hash of its templates
 * @param wanted places on disk, and paths of the generator, that are asked for all the same
 */
export function keptOf(
  { generator, spec, files }: State,
  next: Spec,
  templates: Templates,
  running: GeneratorName,
  wanted: ReadonlySet<string>,
): Kept {
  const sameMaker = generator.version === running.version;
  if (!sameMaker || generator.templates !== running.templates) return nothingKept;
  const patterns = [...(templates.get('resource') ?? new Map()).keys()];
  const resources = new Set<string>();
  const paths = new Set<string>();
  for (const [key, resource] of Object.entries(next.resources)) {
    const before = Object.hasOwn(spec.resources, key) ? spec.resources[key] : undefined;
    if (JSON.stringify(before) !== JSON.stringify(resource)) continue;
    const names = identifiersOf(key, resource);
    const own = patterns.map((pattern) => resourcePath(pattern, names));
    const same = own.every((path) => Object.hasOwn(files, path));
    if (!same || own.some((path) => wanted.has(path) || wanted.has(files[path]?.at ?? path)))
      continue;
    resources.add(key);
    for (const path of own) paths.add(path);
  }
  return { resources, paths };
}
