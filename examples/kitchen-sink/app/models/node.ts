import { model, type Stored } from '../core/model.ts';

export const node = model({
  name: 'node',
  plural: 'nodes',
  path: '/nodes',
  collection: 'nodes',
  description: 'A tree: each points to its parent, and to others like it.',
  fields: {
    title: { type: 'string', required: true },
    parent: { type: 'ref', onDelete: 'cascade', to: 'node' },
    related: { type: 'ref', array: true, to: 'node' },
  },
});

export type Node = Stored<typeof node>;
