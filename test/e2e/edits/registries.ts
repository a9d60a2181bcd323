import {
  add,
  crlf,
  doubleNoSemi,
  editsOf,
  swap,
  tabs,
  then,
  type Edit,
  type Rows,
} from './texts.ts';

const registry = 'app/routes/index.ts';
const mineRoutes = () =>
  "import { Router } from 'express';\nimport { blueprint } from '../core/blueprint.ts';\n\nexport const mineRoutes = blueprint('/mine', () => Router());\n";
const imported = swap([
  'import { pages }',
  "import { mineRoutes } from './mine.ts';\nimport { pages }",
]);
const registries: Rows = [
  ['entry last', then(imported, swap(['  orderRoutes,\n', '  orderRoutes,\n  mineRoutes,\n']))],
  ['entry first', then(imported, swap(['  authorRoutes,\n', '  mineRoutes,\n  authorRoutes,\n']))],
  [
    'entry in the middle with remark',
    then(
      imported,
      swap(['  customerRoutes,\n', '  customerRoutes,\n  mineRoutes, // mineRemark\n']),
    ),
  ],
  [
    'import at the end, entry last',
    then(
      swap([
        "from './pages.ts';\n",
        "from './pages.ts';\n\nimport { mineRoutes } from './mine.ts';\n",
      ]),
      swap(['  orderRoutes,\n', '  orderRoutes,\n  // mineRemark\n  mineRoutes,\n']),
    ),
  ],
  [
    'one line',
    then(
      imported,
      swap([
        '[\n  // one a line\n  authorRoutes,\n  bookRoutes,\n  categoryRoutes,\n  customerRoutes,\n  orderRoutes,\n]',
        '[authorRoutes, bookRoutes, categoryRoutes, customerRoutes, orderRoutes, mineRoutes]',
      ]),
    ),
  ],
  [
    'conditional',
    then(
      imported,
      swap([
        '  orderRoutes,\n',
        "  orderRoutes,\n  ...(process.argv.includes('mine') ? [mineRoutes] : []),\n",
      ]),
    ),
  ],
  [
    'reordered',
    swap(
      ['  authorRoutes,\n', ''],
      ['  orderRoutes,\n', '  orderRoutes,\n  authorRoutes, // mineRemark\n'],
    ),
  ],
  [
    'entry removed',
    swap(['  customerRoutes,\n', ''], ["import { customerRoutes } from './customers.ts';\n", '']),
  ],
  ['remarks', swap(['  orderRoutes,\n', '  // mineRemark\n  orderRoutes, // mineOther\n'])],
  ['export below', add('\nexport const mineCount = blueprints.length;\n')],
  [
    'CRLF and entry',
    then(imported, swap(['  orderRoutes,\n', '  orderRoutes,\n  mineRoutes,\n']), crlf),
  ],
  [
    'double quotes and entry',
    then(imported, swap(['  orderRoutes,\n', '  orderRoutes,\n  mineRoutes,\n']), doubleNoSemi),
  ],
  [
    'tabs and entry',
    then(imported, swap(['  orderRoutes,\n', '  orderRoutes,\n  mineRoutes,\n']), tabs),
  ],
  [
    'wrapped',
    then(
      imported,
      swap(
        [
          'export const blueprints: readonly Blueprint[] = [',
          'const mineAll: readonly Blueprint[] = [',
        ],
        ['\n];\n', '\n  mineRoutes,\n];\n\nexport const blueprints = mineAll.filter(Boolean);\n'],
      ),
    ),
  ],
];

const modelRegistry = 'app/models/index.ts';
const mineModel = () =>
  "import { model } from '../core/model.ts';\n\nexport const mine = model({\n  name: 'mine',\n  plural: 'mines',\n  path: '/mines',\n  collection: 'mines',\n  fields: {\n    name: { type: 'string' },\n  },\n});\n";
const importedModel = swap([
  'import { order }',
  "import { mine } from './mine.ts';\nimport { order }",
]);
const modelRegistries: Rows = [
  ['entry last', swap(['  order,\n', '  order,\n  mine,\n'])],
  ['entry first', swap(['  author,\n', '  mine,\n  author,\n'])],
  ['entry with remark', swap(['  order,\n', '  // mineRemark\n  mine,\n  order,\n'])],
];

/** Entries of the user's own where every resource has one. */
export const registryEdits: readonly Edit[] = [
  ...editsOf('registry', registry, registries, { 'app/routes/mine.ts': mineRoutes }),
  ...editsOf(
    'models',
    modelRegistry,
    modelRegistries.map(([kind, change]) => [kind, then(importedModel, change)] as const),
    { 'app/models/mine.ts': mineModel },
  ),
];
