import type { Described } from '../core/openapi-described.ts';

const header = (name: string, description: string) => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
});

/** /webhooks; listed in app/described.ts. */
export const describedWebhooks: Described = {
  tags: [{ name: 'webhooks', description: 'What other systems call to tell what happened there.' }],
  paths: ({ problemsFor }) => ({
    '/webhooks/{name}': {
      parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
      post: {
        tags: ['webhooks'],
        operationId: 'receiveWebhook',
        summary: 'Take in a signed delivery; one that is known already is not worked on again',
        parameters: [
          header('X-Hub-Signature-256', 'GitHub: `sha256=` and the HMAC of the body'),
          header('X-GitHub-Delivery', 'GitHub: the id of the delivery'),
          header('X-GitHub-Event', 'GitHub: what happened'),
          header('webhook-id', 'Standard Webhooks: the id of the message'),
          header('webhook-timestamp', 'Standard Webhooks: seconds since 1970, not 300 s off'),
          header('webhook-signature', 'Standard Webhooks: `v1,` and the HMAC of id, time and body'),
        ],
        requestBody: { required: true, content: { 'application/json': { schema: {} } } },
        responses: {
          202: { description: 'Taken in; the work is a run' },
          ...problemsFor(400, 401, 404, 413, 415),
        },
      },
    },
  }),
};
