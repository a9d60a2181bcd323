import type { ResourceSpec } from '../spec/schema.ts';

/** The resource that the feature `webhooks` brings: who is told of changes. */
export const webhookSubscription: ResourceSpec = {
  plural: 'webhookSubscriptions',
  path: '/webhooks',
  collection: 'webhook_subscriptions',
  description: 'Who is told of changes: signed messages, as Standard Webhooks and CloudEvents',
  fields: {
    url: { type: 'url', required: true, description: 'Where messages are sent to' },
    events: {
      type: 'string',
      array: true,
      maxLength: 200,
      maxItems: 100,
      pattern: '^([*]|[A-Za-z][A-Za-z0-9]*[.]([*]|created|updated|deleted))$',
      default: ['*'],
      description: 'Which: * for all, or like product.created or product.*',
    },
    secret: {
      type: 'string',
      required: true,
      private: true,
      minLength: 32,
      maxLength: 128,
      description: 'What messages are signed with: text, or whsec_ and bytes in base64',
    },
    enabled: { type: 'boolean', default: true },
    description: { type: 'string', maxLength: 200 },
    reason: {
      type: 'string',
      readonly: true,
      description: 'Why the server has turned it off',
    },
  },
};
