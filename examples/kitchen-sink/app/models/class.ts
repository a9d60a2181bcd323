import { model, type Stored } from '../core/model.ts';

export const classModel = model({
  name: 'class',
  plural: 'classes',
  path: '/classes',
  collection: 'classes',
  description: 'A reserved word as a name.',
  fields: {
    name: { type: 'string', required: true },
    teacher: { type: 'ref', required: true, onDelete: 'restrict', to: 'person' },
    pupils: { type: 'ref', array: true, onDelete: 'nullify', to: 'person' },
  },
});

export type Class = Stored<typeof classModel>;
