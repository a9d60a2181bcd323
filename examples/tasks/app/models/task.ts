import { model, type Stored } from '../core/model.ts';

export const task = model({
  name: 'task',
  plural: 'tasks',
  path: '/tasks',
  collection: 'tasks',
  description: 'One piece of work, small enough for one person.',
  fields: {
    title: { type: 'string', required: true, search: true, maxLength: 140 },
    state: {
      type: 'enum',
      required: true,
      index: true,
      values: ['open', 'doing', 'review', 'done'],
    },
    priority: { type: 'enum', default: 'normal', values: ['low', 'normal', 'high'] },
    project: { type: 'ref', required: true, onDelete: 'restrict', to: 'project' },
    assignee: { type: 'ref', onDelete: 'nullify', to: 'person' },
    due: { type: 'date', index: true },
    notes: { type: 'text', search: true, maxLength: 5000 },
    labels: { type: 'string', array: true, maxLength: 30, maxItems: 10 },
    checklist: {
      type: 'object',
      description: 'Steps, ticked off one by one',
      array: true,
      maxItems: 20,
      fields: {
        step: { type: 'string', required: true, maxLength: 140 },
        done: { type: 'boolean', required: true },
      },
    },
  },
});

export type Task = Stored<typeof task>;
