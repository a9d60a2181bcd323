import { model, type Stored } from '../core/model.ts';

export const movement = model({
  name: 'movement',
  plural: 'movements',
  path: '/movements',
  collection: 'movements',
  description: 'Parts that came in or went out.',
  fields: {
    part: { type: 'ref', required: true, onDelete: 'restrict', to: 'part' },
    kind: { type: 'enum', required: true, values: ['in', 'out', 'count'] },
    quantity: { type: 'integer', required: true, min: 1 },
    at: { type: 'datetime', required: true, index: true },
    note: { type: 'string', maxLength: 200 },
  },
});

export type Movement = Stored<typeof movement>;
