import { model, type Stored } from '../core/model.ts';

export const category = model({
  name: 'category',
  plural: 'categories',
  path: '/categories',
  collection: 'categories',
  description: 'Shelves; a shelf may stand within another.',
  fields: {
    name: { type: 'string', required: true, unique: true, maxLength: 80 },
    slug: { type: 'slug', required: true, unique: true },
    parent: { type: 'ref', onDelete: 'nullify', to: 'category' },
  },
});

export type Category = Stored<typeof category>;
