import { model, type Stored } from '../core/model.ts';

export const project = model({
  name: 'project',
  plural: 'projects',
  path: '/projects',
  collection: 'projects',
  description: 'What the work is for.',
  fields: {
    name: { type: 'string', required: true, unique: true, search: true, maxLength: 80 },
    goal: { type: 'text', maxLength: 2000 },
    due: { type: 'date' },
    closed: { type: 'boolean', required: true },
  },
});

export type Project = Stored<typeof project>;
