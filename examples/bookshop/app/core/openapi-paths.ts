// The paths of the OpenAPI description: what can be asked of one resource, and every status it answers with.
import type { JsonObject, JsonValue } from './field.ts';
import type { Model } from './model.ts';
import {
  answer,
  documentLinks,
  headers,
  nextPage,
  notModified,
  problemsFor,
  written,
} from './openapi-answers.ts';
import { demanded, listParameters, shaping, shared } from './openapi-parameters.ts';
import { ref, schemaName } from './openapi-schemas.ts';

const jsonBody = (schema: JsonValue, types = ['application/json']): JsonObject => ({
  required: true,
  content: Object.fromEntries(types.map((type) => [type, { schema }])),
});

const pageOf = (name: string): JsonObject =>
  answer('A page of documents', ref(`${name}Page`), 'ETag', 'Link', 'X-Total-Count');

const listResponses = (
  name: string,
  operationId: string,
  ...more: readonly number[]
): JsonObject => ({
  200: { ...pageOf(name), links: nextPage(operationId) },
  304: notModified,
  ...problemsFor(400, 414, ...more),
});

/** What an operation says of itself, beside its parameters of a list and its answers. */
export type Named = JsonObject & {
  readonly operationId: string;
  readonly parameters?: JsonObject[];
};

/** An operation that lists documents. */
export const listOperation = (
  model: Model,
  { parameters = [], ...operation }: Named,
  ...problems: readonly number[]
): JsonObject => ({
  ...operation,
  parameters: [...parameters, ...listParameters(model), ...shared('ifNoneMatch')],
  responses: listResponses(schemaName(model), operation.operationId, ...problems),
});

/** The collection itself: list, create. */
const collectionPath = (model: Model, name: string) =>
  ({
    get: listOperation(model, {
      tags: [model.plural],
      operationId: `list${name}`,
      summary: `List ${model.plural}`,
    }),
    post: {
      tags: [model.plural],
      operationId: `create${name}`,
      summary: `Create one ${model.name}, or several`,
      parameters: [
        ...(model.requireIdempotencyKey ? [demanded('idempotencyKey')] : shared('idempotencyKey')),
        ...shared('prefer'),
      ],
      requestBody: jsonBody({
        oneOf: [
          ref(`${name}Input`),
          { type: 'array', items: ref(`${name}Input`), minItems: 1, maxItems: 100 },
        ],
      }),
      responses: {
        201: {
          ...answer(
            'Created',
            { oneOf: [ref(name), ref(`${name}List`)] },
            ...written,
            'Location',
            'Idempotency-Replayed',
          ),
          links: documentLinks(name, '/_id'),
        },
        ...problemsFor(400, 409, 413, 415, 422),
      },
    },
  }) satisfies JsonObject;

const searchPath = (model: Model, name: string): JsonObject => ({
  post: {
    tags: [model.plural],
    operationId: `search${name}`,
    summary: `List ${model.plural} by parameters in the body`,
    description:
      'The members are the query parameters of the list, operators included. `QUERY` on the collection does the same.',
    requestBody: jsonBody(ref(`${name}Query`)),
    responses: {
      200: answer('A page of documents', ref(`${name}Page`), 'ETag', 'X-Total-Count'),
      ...problemsFor(400, 413, 415),
    },
  },
});

/** One document: read, replace, patch, remove. */
const itemPath = (model: Model, name: string) => {
  const common = { tags: [model.plural] };
  const stored = (description: string, ...more: readonly string[]) =>
    answer(description, ref(name), ...written, ...more);
  const minimal = {
    description: 'Done; the client preferred no body',
    headers: headers(...written),
  };
  // PUT without If-Match is still right with If-None-Match: *, so only 428 can say that it is missing.
  const missing = model.requireIfMatch ? [428] : [];
  const guard = model.requireIfMatch ? [demanded('ifMatch')] : shared('ifMatch');
  const writeProblems = problemsFor(400, 404, 409, 412, 413, 415, ...missing);
  return {
    parameters: shared('id'),
    get: {
      ...common,
      operationId: `read${name}`,
      summary: `Read one ${model.name}`,
      parameters: [...shaping(model), ...shared('ifNoneMatch')],
      responses: {
        200: answer('The document', ref(name), 'ETag', 'Last-Modified'),
        304: notModified,
        ...problemsFor(400, 404, 414),
      },
    },
    put: {
      ...common,
      operationId: `replace${name}`,
      summary: `Replace one ${model.name}; with If-None-Match: * create it here`,
      description:
        '`_id`, `_rev`, `createdAt` and `updatedAt` may be repeated as they were read; `_rev` then counts as If-Match.',
      parameters: shared('ifMatch', 'onlyNew', 'prefer'),
      requestBody: jsonBody(ref(`${name}Input`)),
      responses: {
        200: stored('The document'),
        201: stored('Created', 'Location'),
        204: minimal,
        ...writeProblems,
      },
    },
    patch: {
      ...common,
      operationId: `patch${name}`,
      summary: `Change one ${model.name} (JSON Merge Patch)`,
      parameters: [...guard, ...shared('prefer')],
      requestBody: jsonBody(ref(`${name}Patch`), [
        'application/merge-patch+json',
        'application/json',
      ]),
      responses: { 200: stored('The document'), 204: minimal, ...writeProblems },
    },
    delete: {
      ...common,
      operationId: `remove${name}`,
      summary: `Delete one ${model.name}`,
      parameters: guard,
      responses: {
        204: { description: 'Deleted' },
        ...problemsFor(400, 404, 409, 412, ...missing),
      },
    },
  } satisfies JsonObject;
};

/** Lists of those that refer to one of these. */
const childPaths = (model: Model, children: readonly Model[]): [string, JsonObject][] =>
  children.map((child): [string, JsonObject] => {
    const operationId = `list${schemaName(child)}Of${schemaName(model)}`;
    const summary = `List the ${child.plural} of one ${model.name}`;
    const operation = listOperation(child, { tags: [child.plural], operationId, summary }, 404);
    const path = `/api${model.path}/{id}${child.path}`;
    return [path, { parameters: shared('id'), get: operation }];
  });

/** The paths of documents that requests only read. */
export const readingPaths = (model: Model): JsonObject => {
  const name = schemaName(model);
  const { get: list } = collectionPath(model, name);
  const { get: read, parameters } = itemPath(model, name);
  return {
    [`/api${model.path}`]: { get: list },
    [`/api${model.path}/search`]: searchPath(model, name),
    [`/api${model.path}/{id}`]: { parameters, get: read },
  };
};

/** All paths of one resource; `children` are the models that refer to it. */
export const resourcePaths = (model: Model, children: readonly Model[]): JsonObject => {
  const name = schemaName(model);
  return {
    [`/api${model.path}`]: collectionPath(model, name),
    [`/api${model.path}/search`]: searchPath(model, name),
    [`/api${model.path}/{id}`]: itemPath(model, name),
    ...Object.fromEntries(childPaths(model, children)),
  };
};
