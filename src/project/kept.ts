import { sha256 } from '../apply/hash.ts';
import { identifiersOf } from '../plan/identifiers.ts';
import { fixedPaths, nothingLeft, resourcePath, type Left } from '../plan/index.ts';
import { textOf, type Templates } from '../plan/templates.ts';
import type { Spec } from '../spec/schema.ts';
import type { GeneratorName, State } from './state.ts';

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
 * What is as it was last applied, and so need not be rendered: files that follow from the templates alone, and those of
 * resources that are the same. The files of a resource follow from it, the templates and the program alone, so that the
 * cost of a change does not grow with the resources that it leaves alone.
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
): Left {
  const sameMaker = generator.version === running.version;
  if (!sameMaker || generator.templates !== running.templates) return nothingLeft;
  const patterns = [...(templates.get('resource') ?? new Map()).keys()];
  const isAsked = (path: string) => wanted.has(path) || wanted.has(files[path]?.at ?? path);
  const resources = new Set<string>();
  const paths = new Set<string>();
  // The same template is another file in another language.
  if (JSON.stringify(spec.beside) === JSON.stringify(next.beside))
    for (const path of fixedPaths(next, templates))
      if (Object.hasOwn(files, path) && !isAsked(path)) paths.add(path);
  for (const [key, resource] of Object.entries(next.resources)) {
    const before = Object.hasOwn(spec.resources, key) ? spec.resources[key] : undefined;
    if (JSON.stringify(before) !== JSON.stringify(resource)) continue;
    const names = identifiersOf(key, resource);
    const own = patterns.map((pattern) => resourcePath(pattern, names));
    if (!own.every((path) => Object.hasOwn(files, path)) || own.some(isAsked)) continue;
    resources.add(key);
    for (const path of own) paths.add(path);
  }
  return { resources, paths };
}
