import { model, type Stored } from '../core/model.ts';

export const book = model({
  name: 'book',
  plural: 'books',
  path: '/books',
  collection: 'books',
  description: 'What is sold.',
  fields: {
    title: { type: 'string', required: true, search: true, maxLength: 200 },
    isbn: { type: 'string', unique: true, pattern: '^97[89][0-9]{10}$' },
    price: { type: 'decimal', required: true, min: '0' },
    stock: { type: 'integer', min: 0, default: 0 },
    published: { type: 'date', index: true },
    tags: { type: 'string', array: true, maxLength: 40 },
    author: { type: 'ref', required: true, onDelete: 'restrict', to: 'author' },
    category: { type: 'ref', onDelete: 'nullify', to: 'category' },
  },
});

export type Book = Stored<typeof book>;
