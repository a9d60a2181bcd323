import { model, type Stored } from '../core/model.ts';

export const newsModel = model({
  name: 'news',
  plural: 'news',
  path: '/news',
  collection: 'news',
  description: 'One word for one and for many, with a text index.',
  search: 'text',
  fields: {
    title: { type: 'string', required: true, search: true },
    body: { type: 'text', search: true },
    author: { type: 'ref', onDelete: 'cascade', to: 'person' },
  },
});

export type News = Stored<typeof newsModel>;
