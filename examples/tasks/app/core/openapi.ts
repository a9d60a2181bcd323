// The OpenAPI 3.1 description of the whole API, derived from the models.
import type { JsonObject } from './field.ts';
import { referringModels, type Model } from './model.ts';
import { answerSchemas, commonHeaders, commonResponses } from './openapi-answers.ts';
import { answeredSchemas, partsOf, type Described } from './openapi-described.ts';
import { sharedSchemas } from './openapi-fields.ts';
import { commonParameters, modelParameters } from './openapi-parameters.ts';
import { resourcePaths } from './openapi-paths.ts';
import { querySchemas } from './openapi-query.ts';
import { modelSchemas } from './openapi-schemas.ts';

export { modelSchema } from './openapi-schemas.ts';

/** What the description says about the API as a whole. */
export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
}

const tag = (model: Model): JsonObject =>
  model.description === undefined
    ? { name: model.plural }
    : { name: model.plural, description: model.description };

/**
 * The OpenAPI document of these models. Pure: the same models give the same document.
 *
 * @param described what else answers
 */
export const openapi = (
  models: readonly Model[],
  info: ApiInfo,
  described: readonly Described[] = [],
): JsonObject => {
  const { title, version, description } = info;
  const referring = referringModels(models);
  const answered = described.flatMap((feature) => feature.models ?? []);
  const all = [...models, ...answered];
  const parts = partsOf(all);
  const ofEach = (some: readonly Model[], part: (model: Model) => JsonObject): JsonObject =>
    Object.fromEntries(some.flatMap((model) => Object.entries(part(model))));
  return {
    openapi: '3.1.0',
    info: { title, version, ...(description && { description }) },
    servers: [{ url: '/' }],
    tags: [...all.map(tag), ...described.flatMap(({ tags = [] }) => tags)],
    paths: {
      ...ofEach(models, (model) => resourcePaths(model, referring.get(model.name) ?? [])),
      ...Object.fromEntries(described.flatMap(({ paths }) => Object.entries(paths(parts)))),
    },
    components: {
      schemas: {
        ...ofEach(models, modelSchemas),
        ...ofEach(answered, answeredSchemas),
        ...sharedSchemas('#/components/schemas'),
        ...querySchemas(),
        ...answerSchemas,
      },
      parameters: { ...commonParameters, ...ofEach(all, modelParameters) },
      headers: { ...commonHeaders },
      responses: { ...commonResponses },
    },
  };
};
