import { model, type Stored } from '../core/model.ts';

export const person = model({
  name: 'person',
  plural: 'people',
  path: '/people',
  collection: 'people',
  description: 'An irregular plural.',
  requireIfMatch: true,
  fields: {
    name: { type: 'string', required: true },
    contact: {
      type: 'object',
      fields: {
        email: { type: 'email' },
        mentor: { type: 'ref', onDelete: 'nullify', to: 'person' },
      },
    },
  },
});

export type Person = Stored<typeof person>;
