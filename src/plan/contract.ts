import { openapi } from '../../templates/project/app/core/openapi.ts';
import type { Spec } from '../spec/schema.ts';
import type { Feature } from './features.ts';
import { identifiersOf } from './identifiers.ts';

/** The version that `app/info.ts` gives a new API. */
const version = '1.0.0';

/**
 * The OpenAPI document of the project, made by the very code that the project makes it with. Models come in the order
 * of `app/models/index.ts`, so that `contract:check` of a fresh project finds no difference.
 */
export function contractOf(
  { name, description = '', resources }: Spec,
  features: readonly Feature[],
): unknown {
  const brought = features.flatMap((feature) => Object.entries(feature.resources ?? {}));
  const models = [...Object.entries(resources), ...brought]
    .map(([singular, resource]) => ({
      file: identifiersOf(singular, resource).singularFile,
      model: { name: singular, ...resource },
    }))
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .map(({ model }) => model);
  const described = features
    .flatMap((feature) => feature.described ?? [])
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .map(({ endpoints }) => endpoints);
  const info = { title: name, version, description };
  return openapi(models, info, described);
}
