import { model, type Stored } from '../core/model.ts';

export const orderItem = model({
  name: 'orderItem',
  plural: 'orderItems',
  path: '/order-lines',
  collection: 'lines',
  description: 'Two words, a path and a collection of its own, an idempotency key.',
  requireIdempotencyKey: true,
  fields: {
    sku: { type: 'string', required: true },
    quantity: { type: 'integer', required: true, min: 1, default: 1 },
    specimen: { type: 'ref', required: true, onDelete: 'cascade', to: 'specimen' },
  },
});

export type OrderItem = Stored<typeof orderItem>;
