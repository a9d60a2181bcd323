// Endpoints beside those of resources, such as features of a project bring, in the OpenAPI description.
import type { JsonObject } from './field.ts';
import type { Model } from './model.ts';
import { answer, problemsFor } from './openapi-answers.ts';
import { commonParameters, shared } from './openapi-parameters.ts';
import { listOperation, readingPaths, type Named } from './openapi-paths.ts';
import { modelSchemas, ref, schemaName } from './openapi-schemas.ts';

/** What one feature answers. Data and pure functions: the process describes itself with them, the generator too. */
export interface Described {
  readonly tags?: readonly JsonObject[];
  /** Of documents that are answered, and sent by nobody. */
  readonly models?: readonly Model[];
  readonly paths: (parts: Parts) => JsonObject;
}

/** What descriptions are made of. Models are named: they may be those of another feature. */
export interface Parts {
  /** The paths that list, search and read documents. */
  readonly reading: (model: string) => JsonObject;
  /** An operation that lists documents below another one. */
  readonly list: (model: string, operation: Named) => JsonObject;
  /** An operation that answers 202 with the document that tells how it goes on. */
  readonly begin: (model: string, operation: Named, ...problems: readonly number[]) => JsonObject;
  /** The parameter of a path that is the id of a document. */
  readonly id: (name: string) => JsonObject;
  readonly answer: typeof answer;
  readonly problemsFor: typeof problemsFor;
  readonly shared: typeof shared;
}

/** @param models every model of the document */
export const partsOf = (models: readonly Model[]): Parts => {
  const modelOf = (name: string): Model => {
    const found = models.find((model) => model.name === name);
    if (found === undefined) throw new Error(`There is no model ${name}`);
    return found;
  };
  return {
    reading: (name) => readingPaths(modelOf(name)),
    list: (name, operation) => listOperation(modelOf(name), operation, 404),
    begin: (name, operation, ...problems) => ({
      ...operation,
      responses: {
        202: answer('Begun', ref(schemaName(modelOf(name))), 'Location', 'Retry-After'),
        ...problemsFor(...problems),
      },
    }),
    id: (name) => ({ ...commonParameters.id, name }),
    answer,
    problemsFor,
    shared,
  };
};

/** The schemas of documents that are only answered. */
export const answeredSchemas = (model: Model): JsonObject => {
  const name = schemaName(model);
  const sent = new Set([`${name}Input`, `${name}Patch`, `${name}List`]);
  return Object.fromEntries(Object.entries(modelSchemas(model)).filter(([key]) => !sent.has(key)));
};
