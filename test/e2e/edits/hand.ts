import { swap, type Edit } from './texts.ts';

const model = 'app/models/book.ts';
const registry = 'app/routes/index.ts';
const spec = 'flask-style.json';
const title = "    title: { type: 'string', required: true, search: true, maxLength: 200 },\n";
const category = "    category: { type: 'ref', onDelete: 'nullify', to: 'category' },\n";

/** What a command adds, written by hand before. */
export const handEdits: readonly Edit[] = [
  {
    kind: 'hand: subtitle as generated, elsewhere',
    files: {
      [model]: swap([
        category,
        `${category}    subtitle: { type: 'string', maxLength: 200 },\n    mineField: { type: 'string' },\n`,
      ]),
    },
  },
  {
    kind: 'hand: subtitle as generated, there',
    files: {
      [model]: swap([
        title,
        `${title}    subtitle: { type: 'string', maxLength: 200 }, // mineRemark\n`,
      ]),
    },
  },
  {
    kind: 'hand: subtitle, other layout',
    files: {
      [model]: swap([
        title,
        `${title}    'subtitle': {\n      type: "string",\n      maxLength: 200\n    }, // mineRemark\n`,
      ]),
    },
  },
  {
    kind: 'hand: subtitle, other type',
    files: {
      [model]: swap([category, `${category}    subtitle: { type: 'text' }, // mineRemark\n`]),
    },
    disputes: ['add field'],
  },
  {
    kind: 'hand: subtitle in the spec too',
    files: {
      [spec]: swap([
        '        "isbn": {',
        '        "subtitle": { "type": "string", "maxLength": 200 }, // mineRemark\n        "isbn": {',
      ]),
    },
  },
  {
    kind: 'hand: review routes',
    files: {
      'app/routes/reviews.ts': () =>
        "import { Router } from 'express';\nimport { blueprint } from '../core/blueprint.ts';\n\nexport const reviewRoutes = blueprint('/reviews', () => Router()); // mineRoute\n",
      [registry]: swap(
        ['import { pages }', "import { reviewRoutes } from './reviews.ts';\nimport { pages }"],
        ['  orderRoutes,\n', '  orderRoutes,\n  reviewRoutes, // mineRemark\n'],
      ),
    },
    disputes: ['add resource'],
  },
];
