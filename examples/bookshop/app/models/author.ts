import { model, type Stored } from '../core/model.ts';

export const author = model({
  name: 'author',
  plural: 'authors',
  path: '/authors',
  collection: 'authors',
  description: 'Who writes the books.',
  fields: {
    name: { type: 'string', required: true, search: true, maxLength: 120 },
    born: { type: 'date' },
    website: { type: 'url' },
  },
});

export type Author = Stored<typeof author>;
