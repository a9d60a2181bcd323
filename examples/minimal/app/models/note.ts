import { model, type Stored } from '../core/model.ts';

export const note = model({
  name: 'note',
  plural: 'notes',
  path: '/notes',
  collection: 'notes',
  fields: {
    text: { type: 'text', required: true },
  },
});

export type Note = Stored<typeof note>;
