import { join } from 'node:path';
import type { NodePlopAPI } from 'node-plop';
import { manifest, packageRoot } from '../package.ts';
import { resolveTarget } from '../spec/target.ts';
import { addGenerators } from './generators.ts';

/** What a plopfile may say about our generators. */
export interface RegisterOptions {
  /**
   * A folder of templates that take the place of ours, by path: `project/config.ts`,
   * `resource/app/services/{{pluralFile}}.ts.hbs`. Relative to plop's base folder, and by default
   * `.flask-style/templates` there.
   */
  readonly templates?: string;
}

/**
 * Adds our generator (`flask-style-api`: asks for a new project) and its step type
 * (`flask-style-api:write`: writes the project that the answers describe, all of it or nothing) to
 * a plopfile. Folders are relative to plop's base folder and stay inside it.
 */
export function register(plop: NodePlopAPI, options: RegisterOptions = {}): void {
  const base = plop.getDestBasePath();
  addGenerators(plop, {
    base,
    templates: join(packageRoot(), 'templates'),
    overrides: options.templates ?? '.flask-style/templates',
    generator: manifest(),
    known: { dir: undefined, resources: [], pages: undefined, pm: undefined },
    target: (dir) => resolveTarget(dir, base),
  });
}
