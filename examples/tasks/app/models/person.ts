import { model, type Stored } from '../core/model.ts';

export const person = model({
  name: 'person',
  plural: 'people',
  path: '/people',
  collection: 'people',
  description: 'Who does it.',
  fields: {
    name: { type: 'string', required: true, search: true, maxLength: 80 },
    email: { type: 'email', required: true, unique: true },
    team: { type: 'enum', values: ['design', 'platform', 'support'] },
  },
});

export type Person = Stored<typeof person>;
