import { model, type Stored } from '../core/model.ts';

export const customer = model({
  name: 'customer',
  plural: 'customers',
  path: '/customers',
  collection: 'customers',
  description: 'Who buys.',
  fields: {
    name: { type: 'string', required: true, maxLength: 120 },
    email: { type: 'email', required: true, unique: true },
    address: {
      type: 'object',
      fields: {
        street: { type: 'string' },
        city: { type: 'string', required: true },
        postalCode: { type: 'string', maxLength: 12 },
      },
    },
  },
});

export type Customer = Stored<typeof customer>;
