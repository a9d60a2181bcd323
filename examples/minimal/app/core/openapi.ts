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

/** What the description says about the API as a whole. */
export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
}

/** What one model adds to the document. */
interface ModelPart {
  readonly tag: JsonObject;
  readonly paths: JsonObject;
  readonly schemas: JsonObject;
  readonly parameters: JsonObject;
}

export const modelTag = ({ plural, description }: Model): JsonObject =>
  description === undefined ? { name: plural } : { name: plural, description };

/** @param children the models that refer to it */
export const modelPart = (model: Model, children: readonly Model[]): ModelPart => ({
  tag: modelTag(model),
  paths: resourcePaths(model, children),
  schemas: modelSchemas(model),
  parameters: modelParameters(model),
});

/** Of a model whose documents are only answered; what answers them names its paths. */
const answeredPart = (model: Model): ModelPart => ({
  tag: modelTag(model),
  paths: {},
  schemas: answeredSchemas(model),
  parameters: modelParameters(model),
});

const joined = (objects: readonly JsonObject[]): JsonObject =>
  Object.fromEntries(objects.flatMap((object) => Object.entries(object)));

/**
 * The OpenAPI document of these models. Pure: the same models give the same document.
 *
 * @param described what else answers
 */
export const openapi = (
  models: readonly Model[],
  info: ApiInfo,
  described: readonly Described[] = [],
) => {
  const { title, version, description } = info;
  const referring = referringModels(models);
  const answered = described.flatMap((feature) => feature.models ?? []);
  const parts = [
    ...models.map((model) => modelPart(model, referring.get(model.name) ?? [])),
    ...answered.map(answeredPart),
  ];
  const shared = partsOf([...models, ...answered]);
  return {
    openapi: '3.1.0',
    info: { title, version, ...(description && { description }) },
    servers: [{ url: '/' }],
    tags: [...parts.map((part) => part.tag), ...described.flatMap(({ tags = [] }) => tags)],
    paths: joined([
      ...parts.map((part) => part.paths),
      ...described.map(({ paths }) => paths(shared)),
    ]),
    components: {
      schemas: {
        ...joined(parts.map((part) => part.schemas)),
        ...sharedSchemas('#/components/schemas'),
        ...querySchemas(),
        ...answerSchemas,
      },
      parameters: { ...commonParameters, ...joined(parts.map((part) => part.parameters)) },
      headers: { ...commonHeaders },
      responses: { ...commonResponses },
    },
  } satisfies JsonObject;
};
