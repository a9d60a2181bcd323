import { model, type Stored } from '../core/model.ts';

export const lesson = model({
  name: 'lesson',
  plural: 'lessons',
  path: '/lessons',
  collection: 'lessons',
  description: 'What the course teaches.',
  fields: {
    title: { type: 'string', required: true, unique: true, search: true, maxLength: 120 },
    chapter: { type: 'integer', required: true, min: 1 },
    topics: { type: 'string', array: true, maxLength: 60 },
    minutes: { type: 'integer', min: 1, max: 600 },
    published: { type: 'date' },
  },
});

export type Lesson = Stored<typeof lesson>;
