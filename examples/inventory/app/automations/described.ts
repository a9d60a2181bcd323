import type { Described } from '../core/openapi-described.ts';

const tags = ['automations'];
const text = { type: 'string' };

const shown = {
  type: 'object',
  properties: { name: text, description: text, every: text, runs: text },
  required: ['name', 'runs'],
};

/** What an automation is told: an object, its keys harmless like those of all JSON. */
const input = { $ref: '#/components/schemas/json', type: 'object' };

/** /api/automations; listed in app/described.ts. */
export const describedAutomations: Described = {
  tags: [{ name: 'automations', description: 'Work that is started here, and watched as a run.' }],
  paths: ({ begin, answer, problemsFor, shared }) => ({
    '/api/automations': {
      get: {
        tags,
        operationId: 'listAutomations',
        summary: 'List the automations',
        responses: {
          200: answer('All of them', {
            type: 'object',
            properties: { data: { type: 'array', items: shown } },
            required: ['data'],
          }),
          ...problemsFor(404),
        },
      },
    },
    '/api/automations/{name}/runs': {
      parameters: [{ name: 'name', in: 'path', required: true, schema: text }],
      post: begin(
        'run',
        {
          tags,
          operationId: 'startAutomation',
          summary: 'Start an automation; the body is its input',
          parameters: shared('idempotencyKey'),
          requestBody: { content: { 'application/json': { schema: input } } },
        },
        400,
        404,
        409,
        413,
        415,
        422,
      ),
    },
  }),
};
