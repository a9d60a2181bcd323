import type { Form, View } from '../render/types.ts';
import type { Beside, Spec } from '../spec/schema.ts';
import type { Identifiers } from './identifiers.ts';
import type { SetName, Templates } from './templates.ts';
import { modelsView, routesView } from './view/registries.ts';

const models = 'app/models/index.ts';
/** What describes the API for pages that only our own projects have. */
const unused = ['', '-answers', '-described', '-parameters', '-paths'].map(
  (part) => `app/core/openapi${part}.ts`,
);

/**
 * The templates for a project that was not made by us, under the paths that they have there. Its own entry, configuration
 * and tests stay what they are: only the core, the layers of resources and what mounts them are left.
 */
export function besideTemplates(templates: Templates, beside: Beside): Templates {
  const sets: Partial<Record<SetName, (path: string) => boolean>> = {
    project: (path) => (path.startsWith('app/core/') && !unused.includes(path)) || path === models,
    migrations: () => true,
    resource: (path) => path.startsWith('app/'),
    beside: () => true,
  };
  return new Map(
    [...templates].map(([name, set]) => {
      const kept = [...set].filter(([path]) => sets[name]?.(path) ?? false);
      return [name, new Map(kept.map(([path, template]) => [placeIn(path, beside), template]))];
    }),
  );
}

/** The path of a file of the layout: `app/models/book.ts` → `src/app/models/book.js`; any other stays. */
export function placeIn(path: string, { folder, ending }: Beside): string {
  if (!path.startsWith('app/')) return path;
  return `${folder}${path.slice('app'.length, -'ts'.length)}${ending}`;
}

/** Where a project has what every project of ours has at this path. */
export function placeOfLayout(path: string, { beside }: Pick<Spec, 'beside'>): string {
  return beside === undefined ? path : placeIn(path, beside);
}

/** What becomes of the source of every file. */
export function formOf({ ending, modules, imports }: Beside): Form {
  return {
    to: ending === 'ts' ? 'typescript' : modules,
    imports: imports === 'none' ? '' : `.${imports}`,
  };
}

/** What fills the holes, by the names of templates. */
export function besideViews(resources: readonly Identifiers[]): ReadonlyMap<string, View> {
  return new Map([
    [`project/${models}.hbs`, modelsView(resources)],
    ['beside/app/routes/index.ts.hbs', routesView(resources, [])],
  ]);
}
