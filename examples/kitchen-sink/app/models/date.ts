import { model, type Stored } from '../core/model.ts';

export const date = model({
  name: 'date',
  plural: 'dates',
  path: '/dates',
  collection: 'dates',
  description: 'A name that is a type of the language.',
  fields: {
    with: { type: 'string' },
    on: { type: 'datetime', required: true },
  },
});

export type DateDocument = Stored<typeof date>;
