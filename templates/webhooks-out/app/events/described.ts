import type { Described } from '../core/openapi-described.ts';

const tags = ['webhookSubscriptions'];

/** The deliveries of /api/webhooks; listed in app/described.ts. */
export const describedDeliveries: Described = {
  paths: ({ list, begin, id }) => ({
    '/api/webhooks/{id}/deliveries': {
      parameters: [id('id')],
      get: list('run', {
        tags,
        operationId: 'listDeliveries',
        summary: 'List what a subscriber was sent, or is to be sent',
      }),
    },
    '/api/webhooks/{id}/deliveries/{delivery}/replay': {
      parameters: [id('id'), id('delivery')],
      post: begin(
        'run',
        { tags, operationId: 'replayDelivery', summary: 'Send a delivery again' },
        400,
        404,
        409,
      ),
    },
  }),
};
