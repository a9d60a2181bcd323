import type { ApiInfo } from '../../templates/project/app/core/openapi.ts';
import type { Described } from '../../templates/project/app/core/openapi-described.ts';
import type { Model } from '../../templates/project/app/core/model.ts';
import type { Spec } from '../spec/schema.ts';
import type { Feature } from './features.ts';
import { identifiersOf } from './identifiers.ts';

/** The version that `app/info.ts` gives a new API. */
const version = '1.0.0';

/** What the OpenAPI document of a project is made of. */
export interface ContractInput {
  /** In the order of `app/models/index.ts`, so that `contract:check` of a fresh project finds no difference. */
  readonly models: readonly Model[];
  /** Those of `models` that features bring. */
  readonly brought: readonly Model[];
  readonly info: ApiInfo;
  readonly described: readonly Described[];
}

export function contractInputOf(
  { name, description = '', resources }: Spec,
  features: readonly Feature[],
): ContractInput {
  const own = modelsOf(resources);
  const brought = features.flatMap((feature) => modelsOf(feature.resources ?? {}));
  return {
    models: inOrder([...own, ...brought]).map(({ model }) => model),
    brought: inOrder(brought).map(({ model }) => model),
    info: { title: name, version, description },
    described: inOrder(features.flatMap((feature) => feature.described ?? [])).map(
      ({ endpoints }) => endpoints,
    ),
  };
}

function modelsOf(resources: Spec['resources']) {
  return Object.entries(resources).map(([singular, resource]) => ({
    file: identifiersOf(singular, resource).singularFile,
    model: { name: singular, ...resource },
  }));
}

function inOrder<Row extends { readonly file: string }>(rows: readonly Row[]): readonly Row[] {
  return [...rows].sort((a, b) => (a.file < b.file ? -1 : 1));
}
