import { model, type Stored } from '../core/model.ts';

export const order = model({
  name: 'order',
  plural: 'orders',
  path: '/orders',
  collection: 'orders',
  description: 'What somebody bought, with the prices of that day.',
  requireIdempotencyKey: true,
  fields: {
    customer: { type: 'ref', required: true, onDelete: 'restrict', to: 'customer' },
    status: {
      type: 'enum',
      index: true,
      default: 'open',
      values: ['open', 'paid', 'shipped', 'cancelled'],
    },
    items: {
      type: 'object',
      required: true,
      array: true,
      fields: {
        book: { type: 'ref', required: true, onDelete: 'restrict', to: 'book' },
        quantity: { type: 'integer', required: true, min: 1, max: 100 },
        price: { type: 'decimal', required: true, min: '0' },
      },
    },
  },
});

export type Order = Stored<typeof order>;
