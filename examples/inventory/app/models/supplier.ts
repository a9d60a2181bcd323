import { model, type Stored } from '../core/model.ts';

export const supplier = model({
  name: 'supplier',
  plural: 'suppliers',
  path: '/suppliers',
  collection: 'suppliers',
  description: 'Who delivers.',
  fields: {
    name: { type: 'string', required: true, unique: true, search: true, maxLength: 120 },
    email: { type: 'email' },
    website: { type: 'url' },
    leadDays: { type: 'integer', min: 0, max: 365 },
  },
});

export type Supplier = Stored<typeof supplier>;
