import { model, type Stored } from '../core/model.ts';

export const specimenModel = model({
  name: 'specimen',
  plural: 'specimen',
  path: '/specimen',
  collection: 'specimen',
  description: 'Every type, and every modifier on a type that takes it.',
  fields: {
    name: { type: 'string', required: true, search: true, minLength: 2, maxLength: 60 },
    code: { type: 'string', unique: true, pattern: '^[A-Z]{3}-[0-9]{4}$' },
    body: { type: 'text', search: true },
    count: { type: 'integer', index: true, min: 0, max: 1000, default: 0 },
    ratio: { type: 'number', min: -1, max: 1 },
    price: { type: 'decimal', min: '0', max: '9999.99' },
    active: { type: 'boolean', default: true },
    born: { type: 'date', min: '1900-01-01' },
    seen: { type: 'datetime', index: true },
    email: { type: 'email', unique: true },
    homepage: { type: 'url' },
    slug: { type: 'slug' },
    token: { type: 'uuid' },
    kind: { type: 'enum', default: 'plant', values: ['mineral', 'plant', 'animal'] },
    tags: { type: 'string', array: true, maxLength: 30, maxItems: 5 },
    scores: { type: 'integer', array: true, min: 0, max: 10 },
    moods: { type: 'enum', array: true, maxItems: 1, values: ['calm', 'wild'] },
    size: {
      type: 'object',
      fields: {
        width: { type: 'number', required: true, min: 0 },
        height: { type: 'number', required: true, min: 0 },
        unit: { type: 'enum', values: ['mm', 'cm', 'm'] },
      },
    },
    finds: {
      type: 'object',
      array: true,
      fields: {
        place: { type: 'string', required: true },
        at: { type: 'point' },
        on: { type: 'date' },
      },
    },
    extra: { type: 'json' },
    location: { type: 'point' },
    remark: { type: 'string', private: true },
    origin: { type: 'string', readonly: true, default: 'field trip' },
    password: { type: 'password' },
    description: {
      type: 'text',
      description: 'Free text with "quotes", `code`, <b>markup\u003c/b> and a * star',
    },
  },
});

export type Specimen = Stored<typeof specimenModel>;
