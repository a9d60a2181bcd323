import type { ApiInfo } from '../../templates/project/app/core/openapi.ts';
import type { Described } from '../../templates/project/app/core/openapi-described.ts';
import type { Model } from '../../templates/project/app/core/model.ts';
import { schemaName } from '../../templates/project/app/core/openapi-schemas.ts';
import { exit, UserError } from '../errors.ts';
import type { Spec } from '../spec/schema.ts';
import type { Feature } from './features.ts';
import { identifiersOf } from './identifiers.ts';

/** The version that `app/info.ts` gives a new API. */
const version = '1.0.0';

/** What `modelSchemas` adds to the name of a model. */
const kinds = ['Input', 'Patch', 'Query', 'Page', 'List'];

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

/**
 * The schemas of `thing` are called Thing, ThingInput and so on; those of `thingInput` begin with ThingInput.
 * @throws {UserError} when two schemas of the document would have one name
 */
export function refuseSharedSchemas({ models }: ContractInput): void {
  const names = new Map(models.map((model) => [schemaName(model), model.name]));
  for (const [schema, name] of names) {
    const other = kinds
      .map((kind) => names.get(`${schema}${kind}`))
      .find((one) => one !== undefined);
    if (other === undefined) continue;
    throw new UserError(
      exit.usage,
      `"${other}" would be the name of a schema of "${name}" in openapi.json`,
      `rename the resource ${other}`,
    );
  }
}

function inOrder<Row extends { readonly file: string }>(rows: readonly Row[]): readonly Row[] {
  return [...rows].sort((a, b) => (a.file < b.file ? -1 : 1));
}
