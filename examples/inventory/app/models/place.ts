import { model, type Stored } from '../core/model.ts';

export const place = model({
  name: 'place',
  plural: 'places',
  path: '/places',
  collection: 'places',
  description: 'Where parts lie.',
  fields: {
    code: { type: 'string', required: true, unique: true, pattern: '^[A-Z]-[0-9]{2}$' },
    description: { type: 'string', maxLength: 200 },
    position: { type: 'point' },
  },
});

export type Place = Stored<typeof place>;
