import { model, type Stored } from '../core/model.ts';

export const part = model({
  name: 'part',
  plural: 'parts',
  path: '/parts',
  collection: 'parts',
  description: 'What is kept in stock.',
  fields: {
    name: { type: 'string', required: true, search: true, maxLength: 120 },
    number: { type: 'string', required: true, unique: true, maxLength: 20 },
    stock: { type: 'integer', required: true, min: 0 },
    minimum: { type: 'integer', min: 0, default: 0 },
    price: { type: 'decimal', min: '0' },
    supplier: { type: 'ref', onDelete: 'nullify', to: 'supplier' },
    place: { type: 'ref', onDelete: 'restrict', to: 'place' },
  },
});

export type Part = Stored<typeof part>;
