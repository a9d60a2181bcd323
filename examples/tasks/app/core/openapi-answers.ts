// The answers of the OpenAPI description: headers, problems, and the links from one answer to the next request.
import type { JsonObject, JsonSchema } from './field.ts';
import { catalogue } from './problem-codes.ts';

const header = (description: string, schema: JsonSchema): JsonObject => ({ description, schema });
const text: JsonSchema = { type: 'string' };
const count: JsonSchema = { type: 'integer', minimum: 0 };

/** Every response header that the core sets. */
export const commonHeaders: { readonly [name: string]: JsonObject } = {
  ETag: header('The revision of the document, or a hash of the body', {
    type: 'string',
    pattern: '^(W/)?"[^"]*"$',
  }),
  'Last-Modified': header('When the document was last changed', text),
  Location: header('Where the new document is', text),
  Link: header('first, prev, next and last page (RFC 8288)', text),
  'X-Total-Count': header('How many documents match, when it was counted exactly', count),
  'Preference-Applied': header('The preference that was honoured', {
    type: 'string',
    enum: ['return=minimal', 'return=representation'],
  }),
  'Idempotency-Replayed': header('The answer is that of an earlier request', {
    type: 'string',
    enum: ['true'],
  }),
  'Retry-After': header('Seconds to wait before the next try', count),
  'Accept-Patch': header('The formats of a patch', text),
  'Accept-Post': header('The formats of a body', text),
};

/** Refers to headers by their names; an answer may lack any of them. */
export const headers = (...names: readonly string[]): JsonObject =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

export const written = ['ETag', 'Last-Modified', 'Preference-Applied'];

/** An answer with a JSON body. */
export const answer = (
  description: string,
  schema: JsonObject,
  ...names: readonly string[]
): JsonObject => ({
  description,
  headers: headers(...names),
  content: { 'application/json': { schema } },
});

const problemSchema: JsonSchema = {
  type: 'object',
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: text,
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: text,
    instance: { type: 'string', format: 'uri-reference' },
    code: { type: 'string', enum: Object.keys(catalogue) },
    error: { type: 'string', description: 'The same as detail' },
    requestId: text,
    errors: {
      description: 'Each says by pointer, parameter or header where the mistake is',
      type: 'array',
      minItems: 1,
      maxItems: 20,
      items: {
        type: 'object',
        properties: {
          pointer: { type: 'string', description: 'A JSON Pointer into the body: `#/tags/1`' },
          parameter: text,
          header: text,
          code: text,
          detail: text,
        },
        required: ['code', 'detail'],
      },
    },
    truncated: { type: 'boolean', description: 'There are more errors than listed' },
    stack: { type: 'string', description: 'In debug mode only' },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'error'],
};

const pageMeta: JsonSchema = {
  type: 'object',
  properties: {
    limit: { type: 'integer', minimum: 0, maximum: 100 },
    page: { type: 'integer', minimum: 1 },
    pages: { type: 'integer', minimum: 0 },
    total: { type: 'integer', minimum: 0 },
    totalCapped: { type: 'boolean', description: 'There are more than total says' },
    next: { type: ['string', 'null'], description: 'The cursor of the next page' },
  },
  required: ['limit', 'next'],
};

/** The schemas that all answers share. Small letters first: those of models have a capital, whatever they are called. */
export const answerSchemas = { pageMeta, problem: problemSchema };

const problemAnswer = (description: string, ...names: readonly string[]): JsonObject => ({
  description,
  headers: headers(...names),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } },
});

/** The responses that all operations share. */
export const commonResponses: { readonly [name: string]: JsonObject } = {
  NotModified: { description: 'The copy is current', headers: headers('ETag', 'Last-Modified') },
  Problem: problemAnswer('A problem document (RFC 9457)'),
  Stale: problemAnswer('The document has another revision than the client says', 'ETag'),
  Format: problemAnswer(
    'The body is in no format that is read here',
    'Accept-Patch',
    'Accept-Post',
  ),
  Later: problemAnswer('Not now: try again', 'Retry-After'),
};

const response = (name: string): JsonObject => ({ $ref: `#/components/responses/${name}` });

export const notModified = response('NotModified');

const special: { readonly [status: number]: string } = {
  400: 'Format',
  409: 'Later',
  412: 'Stale',
  415: 'Format',
  429: 'Later',
  503: 'Later',
};

/** The statuses answered with a problem document, and those that any request may get. */
export const problemsFor = (...statuses: readonly number[]): JsonObject =>
  Object.fromEntries(
    [...statuses, 406, 429, 500, 503].map((status) => [
      status,
      response(special[status] ?? 'Problem'),
    ]),
  );

/** What can be asked next about the document whose id is at `pointer` of the answer. */
export const documentLinks = (name: string, pointer: string): JsonObject =>
  Object.fromEntries(
    ['read', 'replace', 'patch', 'remove'].map((verb) => {
      const guard: JsonObject =
        verb === 'read' ? {} : { 'header.If-Match': '$response.header.ETag' };
      const id = `$response.body#${pointer}`;
      return [verb, { operationId: `${verb}${name}`, parameters: { 'path.id': id, ...guard } }];
    }),
  );

/** From a page to the next one. */
export const nextPage = (operationId: string): JsonObject => ({
  next: {
    operationId,
    parameters: { 'query.cursor': '$response.body#/meta/next' },
    description: 'Under the same filter and order',
  },
});
